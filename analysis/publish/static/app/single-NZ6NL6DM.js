import{a as t}from"./chunk-6SDC2UN6.js";import"./chunk-YVSA2ZOB.js";await t();(await import("./page-ODMS2JHA.js")).start(null);
