import{a as r}from"./chunk-KWQFKISM.js";import"./chunk-XUPMVXYC.js";r(null);
