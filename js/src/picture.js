// A figure as a picture to keep: the drawing with its title, its sentence and its source.

import { COLON } from "./messages.js";
import { provenance } from "./tables.js";

const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const SVG = "http://www.w3.org/2000/svg";
const PAD = 20;

function wrapped(text, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  // Latin words stay whole; between Han characters a line may break anywhere
  for (const piece of text.match(/[\x21-\x7e\u2212]{1,60}\s*|./gu) ?? []) {
    const longer = lines.at(-1) + piece;
    if (lines.at(-1) && pen.measureText(longer).width > width) lines.push(piece);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The figure as an SVG document. */
export function pictureSvg(figure) {
  if (!figure.view) figure.draw();
  const chart = figure.chart.querySelector("svg").cloneNode(true);
  const paint = figure.engine.palettes[figure.engine.scheme] ?? figure.engine.palettes.light;
  const width = Number(chart.getAttribute("width")) + 2 * PAD;
  const svg = document.createElementNS(SVG, "svg");
  let y = PAD;
  const write = (text, size, weight, ink) => {
    for (const line of wrapped(text, `${weight} ${size}px ${FONT}`, width - 2 * PAD)) {
      const node = document.createElementNS(SVG, "text");
      y += size * 1.4;
      const look = { x: PAD, y: y - size * 0.3, "font-size": size, "font-weight": weight, fill: ink, "font-family": FONT };
      for (const [name, value] of Object.entries(look)) node.setAttribute(name, value);
      node.textContent = line;
      svg.append(node);
    }
  };
  write(figure.title.textContent, 18, 600, paint.ink);
  write(figure.say.textContent, 14, 400, paint.muted);
  if (figure.badge) write(figure.badge.textContent, 12, 600, paint.missing);
  y += 8;
  chart.setAttribute("x", PAD);
  chart.setAttribute("overflow", "visible");
  chart.setAttribute("y", y);
  svg.append(chart);
  y += Number(chart.getAttribute("height"));
  y += 4; // descenders of the axis' title reach below the drawing
  if (!figure.pins.hidden) write(figure.pins.textContent, 12, 400, paint.ink);
  write(figure.source.textContent, 12, 400, paint.muted);
  const about = provenance(figure.engine, figure.payload).slice(1).map((pair) => pair.join(COLON[figure.engine.lang]));
  write(`${document.title} · ${about.join(" · ")}`, 12, 400, paint.muted);
  const height = Math.ceil(y + PAD);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: paint.card ?? paint.ground })) ground.setAttribute(name, value);
  svg.prepend(ground);
  return new XMLSerializer().serializeToString(svg);
}

/** The same at twice the size, as PNG. */
export async function picturePng(figure, zoom = 2) {
  const url = URL.createObjectURL(new Blob([pictureSvg(figure)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * zoom;
    canvas.height = image.naturalHeight * zoom;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}
