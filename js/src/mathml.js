// A formula as MathML, copied element by element from an allow-list.

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const ELEMENTS = new Set(
  "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle mpadded mphantom".split(" "),
);
const ATTRIBUTES = new Set(
  "display mathvariant stretchy fence separator lspace rspace width height depth columnalign rowspacing columnspacing displaystyle scriptlevel accent accentunder linethickness minsize maxsize movablelimits form".split(" "),
);

export function formulaElement(markup) {
  const tree = new DOMParser().parseFromString(markup, "application/xml").documentElement;
  if (tree.localName !== "math") throw new Error("a formula must be MathML");
  return copy(tree);
}

function copy(node) {
  if (node.nodeType === 3) return document.createTextNode(node.data);
  if (node.nodeType !== 1 || !ELEMENTS.has(node.localName)) return document.createTextNode("");
  const element = document.createElementNS(NAMESPACE, node.localName);
  for (const { name, value } of [...node.attributes]) if (ATTRIBUTES.has(name)) element.setAttribute(name, value);
  element.append(...[...node.childNodes].map(copy));
  return element;
}
