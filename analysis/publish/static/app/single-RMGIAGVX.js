import{a as r}from"./chunk-WSN47CGV.js";import"./chunk-7HMKLKD6.js";r(null);
