// Elements made of text and attributes only: nothing from data is ever parsed as HTML.

/** h("p", {class: "say"}, "text", child): an element; functions become listeners, false attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Do it when nothing else is to be done. */
export const idle = globalThis.requestIdleCallback ?? setTimeout;

/** Set text only where it differs, so that screen readers and layout are left alone. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Offer `content` as a file of the reader's. */
export function download(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Make buttons a toolbar: one Tab reaches it, arrow keys walk through it. */
export function toolbar(box) {
  const buttons = [...box.querySelectorAll("button")];
  const stop = (at) => buttons.forEach((button, i) => (button.tabIndex = i === at ? 0 : -1));
  box.setAttribute("role", "toolbar");
  box.addEventListener("focusin", ({ target }) => stop(buttons.indexOf(target)));
  box.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
  stop(0);
  return box;
}
