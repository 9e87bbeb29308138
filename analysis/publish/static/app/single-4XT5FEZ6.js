import{a as r}from"./chunk-DJZV6M6H.js";import"./chunk-XUPMVXYC.js";r(null);
