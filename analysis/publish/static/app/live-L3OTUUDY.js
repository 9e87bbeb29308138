import{a as t}from"./chunk-KWQFKISM.js";import"./chunk-XUPMVXYC.js";t(async(...a)=>(await import("./python-E2DU5W64.js")).attach(...a));
