const svgNamespace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  // append() makes text nodes of strings.
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const element = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(svgNamespace, name), attributes, children);

/** Tells those who listen instead of look. */
export function announce(text) {
  document.getElementById("announce").textContent = text;
}

export const shortened = (text, most) => {
  const letters = Array.from(text);
  return letters.length <= most ? text : letters.slice(0, most - 1).join("") + "…";
};

/** Three digits that matter, as the rest of the page writes numbers. */
export function number(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return value.toExponential(1);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "−");
}

/** How bad a damage is, 0 to 6. The same steps as in frame.cpp. */
export function level(damage, unbounded = false) {
  if (unbounded) return 6;
  return [0.1, 0.5, 1, 2, 5, 10].filter((step) => (damage ?? 0) > step).length;
}
