import{a as t}from"./chunk-AIPKRSOO.js";import"./chunk-XUPMVXYC.js";t(async(...a)=>(await import("./python-IYFG4ZQ7.js")).attach(...a));
