/** Where a page that is served with no kernel says how Python is reached: {attach()} or {absent}. */
export const PYTHON = Symbol.for("investment-workbook-python");
