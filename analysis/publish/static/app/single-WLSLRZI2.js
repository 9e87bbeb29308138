import{a as r}from"./chunk-AIPKRSOO.js";import"./chunk-XUPMVXYC.js";r(null);
