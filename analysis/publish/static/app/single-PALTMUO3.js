import{a as r}from"./chunk-WIGBSZEP.js";import"./chunk-XUPMVXYC.js";r(null);
