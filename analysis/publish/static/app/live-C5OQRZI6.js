import{a as t}from"./chunk-WSN47CGV.js";import"./chunk-7HMKLKD6.js";t(async(...a)=>(await import("./python-HUXC3HYZ.js")).attach(...a));
