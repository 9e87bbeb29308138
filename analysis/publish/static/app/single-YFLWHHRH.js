import{a as r}from"./chunk-FKYGYSFM.js";import"./chunk-XUPMVXYC.js";r(null);
