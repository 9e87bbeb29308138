import{a as t}from"./chunk-FKYGYSFM.js";import"./chunk-XUPMVXYC.js";t(async(...a)=>(await import("./python-EAT6SQNI.js")).attach(...a));
