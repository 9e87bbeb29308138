import{a as r}from"./chunk-XF5FT3JC.js";import"./chunk-WL2GZLNF.js";import"./chunk-ECIIOE2H.js";import"./chunk-YVSA2ZOB.js";r(null);
