// The page's contents: titles as the pictures say them now, the part in sight marked, a menu where it's narrow.
import { say } from "./dom.js";

const SIGHT = 0.35; // of the window's height: what has begun above this line is being read

/** Bring the contents to life; without this they are plain links. */
export function rail() {
  showCurrent(document.querySelector(".wb-nav"));
  const nav = document.getElementById("wb-contents");
  if (!nav) return;
  const entries = [...nav.querySelectorAll("a[href^='#']")]
    .map((link) => ({ link, place: document.getElementById(link.hash.slice(1)) }))
    .filter(({ place }) => place);
  for (const entry of entries) follow(entry);
  let chosen = null; // stays marked while its beginning is in sight, though the next has begun too
  nav.addEventListener("click", (event) => {
    const entry = entries.find(({ link }) => link === event.target.closest("a"));
    if (!entry) return;
    event.preventDefault(); // the address holds the scenario, which a fragment would take the place of
    if (open(nav)) nav.hidePopover();
    chosen = entry;
    go(entry.place);
  });
  markInSight(nav, entries, () => chosen);
}

/** Where the briefings' names don't all fit in their line, this page's is in sight. */
function showCurrent(line) {
  const here = line?.querySelector("[aria-current]");
  if (here) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
}

const open = (nav) => nav.matches(":popover-open");

/** A title is the model's finding: it changes with the scenario and the language. */
function follow({ link, place }) {
  const heading = place.querySelector(".wb-living :is(h2, h3)");
  if (!heading) return;
  const write = () => say(link, heading.textContent);
  new MutationObserver(write).observe(heading, { childList: true, characterData: true, subtree: true });
  write();
}

/** Show a place, and let keyboard and screen reader go on from there. */
function go(place) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function markInSight(nav, entries, chosen) {
  let frame = null;
  const mark = () => {
    frame = null;
    const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const begun = entries.filter(({ place }) => place.getBoundingClientRect().top < innerHeight * SIGHT);
    const kept = begun.includes(chosen()) && chosen().place.getBoundingClientRect().top >= -2;
    const now = kept ? chosen() : end && scrollY > 0 ? entries.at(-1) : begun.at(-1);
    for (const entry of entries) {
      if (entry === now) entry.link.setAttribute("aria-current", "true");
      else entry.link.removeAttribute("aria-current");
    }
    if (now) keepInSight(nav, now.link);
  };
  const ask = () => (frame ??= requestAnimationFrame(mark));
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", () => {
    if (open(nav) && getComputedStyle(nav).position === "sticky") nav.hidePopover();
    ask();
  });
  mark();
}

/** A long list follows the reader; only the list scrolls. */
function keepInSight(nav, link) {
  if (nav.scrollHeight <= nav.clientHeight) return;
  const box = nav.getBoundingClientRect();
  const line = link.getBoundingClientRect();
  if (line.top < box.top + 8) nav.scrollTop -= box.top + 8 - line.top;
  else if (line.bottom > box.bottom - 8) nav.scrollTop += line.bottom - box.bottom + 8;
}
