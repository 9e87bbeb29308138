import{a as t}from"./chunk-DJZV6M6H.js";import"./chunk-XUPMVXYC.js";t(async(...a)=>(await import("./python-EAT6SQNI.js")).attach(...a));
