// The living page is drawn unseen over its first look, at the width that it will have, and takes its place at once.

const DRAWN = 4000; // ms after which the living page is shown, whatever it still draws
const STILL = 2; // frames without a change of any height, after which it may be shown

/** Where a part is drawn, unseen over its first look. */
export function arriving(place) {
  const host = document.createElement("div");
  host.className = "wb-arriving";
  place.append(host);
  return host;
}

/** Put living parts in the place of their first looks, once all are drawn. */
export async function takeOver(hosts) {
  await drawn(hosts);
  for (const host of hosts) {
    host.parentElement.querySelector(".wb-first")?.remove();
    host.className = "wb-living";
  }
  document.documentElement.classList.remove("wb-not-yet");
}

/** How many texts of a part say something. */
const said = (part) => [...(part?.querySelectorAll(".wb-prose") ?? [])].filter((text) => text.textContent).length;

/** Wait until every part has its content and nothing has moved for two frames. */
function drawn(hosts) {
  const missing = (host) =>
    said(host) < said(host.parentElement.querySelector(".wb-first")) ||
    [...host.querySelectorAll(".jupyter-widgets")].some((part) => !part.childElementCount && !part.textContent) ||
    [...host.querySelectorAll(".wb-figure")].some((figure) => figure.offsetWidth && !figure.querySelector("svg")) ||
    [...host.querySelectorAll(".wb-lever")].some((lever) => !lever.querySelector(".wb-unit"));
  const end = performance.now() + DRAWN;
  let [before, still] = ["", 0];
  return new Promise((resolve) => {
    const look = () => {
      const now = hosts.map((host) => (missing(host) ? "?" : host.offsetHeight)).join(" ");
      still = now === before && !now.includes("?") ? still + 1 : 0;
      before = now;
      if (still < STILL && performance.now() < end) requestAnimationFrame(look);
      else resolve();
    };
    look();
  });
}
