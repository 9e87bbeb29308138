import{a as r}from"./chunk-TIJB5YYV.js";import"./chunk-XUPMVXYC.js";r(null);
