// The living page is made unseen over its first look, at the width that it will have, and takes its place at once.

const MADE = 4000; // ms after which the living page is shown, whatever it still lacks

/** Where a part is drawn, unseen over its first look. */
export function arriving(place) {
  const host = document.createElement("div");
  host.className = "wb-arriving";
  place.append(host);
  return host;
}

/** Put living parts in the place of their first looks, once all are made. */
export async function takeOver(hosts) {
  await made(hosts);
  for (const host of hosts) {
    const first = host.parentElement.querySelector(".wb-first");
    for (const picture of first?.querySelectorAll(".wb-figure") ?? []) leave(picture, host);
    first?.remove();
    host.className = "wb-living";
  }
  document.documentElement.classList.remove("wb-not-yet");
  document.dispatchEvent(new Event("workbook.shown"));
}

/** Where the living picture is still to be drawn, its first look stays until it is. */
function leave(picture, host) {
  host.querySelector(`[data-key="${picture.dataset.key}"] .wb-first-chart`)?.append(...picture.querySelector(".wb-chart").childNodes);
}

/** How many texts of a part say something. */
const said = (part) => [...(part?.querySelectorAll(".wb-prose") ?? [])].filter((text) => text.textContent).length;

/** A picture that its first look can't stand for, in sight and not drawn. */
const undrawn = (figure) => {
  const { top, bottom, width } = figure.getBoundingClientRect();
  return width && top < innerHeight && bottom > 0 && !figure.querySelector("svg, .wb-first-chart");
};

/** Wait until every part has its content. */
function made(hosts) {
  const missing = (host) =>
    said(host) < said(host.parentElement.querySelector(".wb-first")) ||
    [...host.querySelectorAll(".jupyter-widgets")].some((part) => !part.childElementCount && !part.textContent) ||
    [...host.querySelectorAll(".wb-figure")].some(undrawn) ||
    [...host.querySelectorAll(".wb-lever")].some((lever) => !lever.querySelector(".wb-unit"));
  const end = performance.now() + MADE;
  return new Promise((resolve) => {
    const look = () => {
      if (hosts.some(missing) && performance.now() < end) setTimeout(look, 4);
      else resolve();
    };
    look();
  });
}
