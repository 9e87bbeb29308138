import{a as r}from"./chunk-FPNOMTSG.js";import"./chunk-WL2GZLNF.js";import"./chunk-ECIIOE2H.js";import"./chunk-YVSA2ZOB.js";r(null);
