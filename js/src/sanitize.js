// What cleans a widget's description that is HTML: it is loaded where a notebook may show one.
let clean = null;

export async function cleaner() {
  clean ??= (await import("sanitize-html")).default;
}

export default (html, options) => (clean ? clean(html, options) : "");
