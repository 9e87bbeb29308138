// The code with which another site shows a picture, or the whole page, in a frame of its own.
import { say } from "./dom.js";

/** Whether other sites may frame the page, as its server, or the static edition, says. */
export const framable = () => "embed" in document.body.dataset;

/** Sets the frame as high as what is in it says, within bounds; other frames' messages are nothing to it. */
const LISTENER = `<script>(f => addEventListener("message", ({ source, data }) => { if (source === f.contentWindow && data?.type === "workbook.height") f.height = Math.min(Math.max(data.height | 0, 120), 4000); }))(document.currentScript.previousElementSibling)</script>`;

const NAMES = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
const quoted = (text) => text.replace(/[&<>"]/g, (sign) => `&${NAMES[sign]};`);

/** A frame of a picture, as high as it is; or of the page, which scrolls, so that its outcomes stay in sight. */
export function embedCode(engine, title, picture = null) {
  const about = picture ? { figure: picture.key } : {};
  const address = engine.address({ lang: engine.lang, ...about });
  const begin = `<iframe src="${quoted(address)}" title="${quoted(title)}" loading="lazy" width="100%"`;
  return picture ? `${begin} height="${picture.height}" style="border:0"></iframe>${LISTENER}` : `${begin} style="border:0;height:90vh"></iframe>`;
}

/** The page's own code, where its menu offers it. */
export function embedded(engine) {
  const button = document.querySelector("[data-embed-page]");
  const code = button.nextElementSibling;
  button.addEventListener("click", () => {
    code.hidden = !code.hidden;
    button.setAttribute("aria-expanded", String(!code.hidden));
    write();
    if (!code.hidden) navigator.clipboard?.writeText(code.textContent).then(() => say(button, engine.label("board.embed_copied")), () => {});
  });

  function write() {
    say(button, engine.label("board.embed_page"));
    if (!code.hidden) say(code, embedCode(engine, document.title));
  }

  return { update: () => say(code, code.hidden ? "" : embedCode(engine, document.title)), restyle: write };
}
