import{a as t}from"./chunk-TIJB5YYV.js";import"./chunk-XUPMVXYC.js";t(async(...a)=>(await import("./python-HIBMDA5M.js")).attach(...a));
