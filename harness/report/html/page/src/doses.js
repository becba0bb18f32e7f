// Small multiples: damage as the dose grows, with the tolerance, the blind zone and the first check.
import { max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { element, number, svg } from "./element.js";

const width = 300, height = 170, left = 34, right = 12, top = 12, bottom = 30;
const shown = 12;

function chart(dose, index) {
  const points = dose.curve.map(([severity, damage, low, high, noticed, text]) => ({ severity, damage, low, high, noticed, text })).filter((p) => p.damage !== null);
  const most = Math.max(1.25, max(points, (p) => Math.max(p.damage, Math.min(p.high ?? p.damage, 1.6 * Math.max(1, p.damage)))) ?? 0);
  const x = scaleLinear().domain([0, 1]).range([left, width - right]);
  const y = scaleLinear().domain([0, most]).nice(4).range([height - bottom, top]).clamp(true);
  const band = area().x((p) => x(p.severity)).y0((p) => y(p.low ?? p.damage)).y1((p) => y(p.high ?? p.damage));
  const way = line().x((p) => x(p.severity)).y((p) => y(p.damage));
  const hatch = `hatch-${index}`;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${dose.fault}: ${dose.sentence || "damage by severity"}` },
    svg("defs", {}, svg("pattern", { id: hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { class: "hatch", x1: 0, x2: 0, y1: 0, y2: 6 }))));
  if (dose.harmful !== null) {
    const end = dose.noticed === null ? 1 : dose.noticed;
    if (end > dose.harmful) picture.append(svg("rect", { class: "blind", fill: `url(#${hatch})`, x: x(dose.harmful), width: x(end) - x(dose.harmful), y: top, height: height - bottom - top }, svg("title", {}, "blind zone: harmful, and no check fires")));
  }
  for (const tick of y.ticks(4)) picture.append(svg("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }), svg("text", { x: left - 5, y: y(tick) + 3.5, "text-anchor": "end" }, number(tick)));
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) picture.append(svg("text", { x: x(tick), y: height - bottom + 14, "text-anchor": "middle" }, String(tick)));
  picture.append(svg("text", { class: "title", x: (left + width - right) / 2, y: height - 3, "text-anchor": "middle" }, "severity"));
  picture.append(svg("line", { class: "tolerance", x1: left, x2: width - right, y1: y(1), y2: y(1) }));
  if (points.length > 1) picture.append(svg("path", { class: "band", d: band(points) }), svg("path", { class: "way", d: way(points) }));
  for (const p of points) picture.append(svg("circle", { class: p.damage > 1 ? "dot over" : "dot", cx: x(p.severity), cy: y(p.damage), r: 3 },
    svg("title", {}, `${p.text || "severity " + number(p.severity)}: damage ${number(p.damage)}, noticed in ${number((p.noticed ?? 0) * 100)} % of trials`)));
  if (dose.noticed !== null) picture.append(svg("path", { class: "noticed", d: `M${x(dose.noticed)},${top} V${height - bottom}` }), svg("text", { class: "title", x: x(dose.noticed) + (dose.noticed > 0.7 ? -4 : 4), y: top + 9, "text-anchor": dose.noticed > 0.7 ? "end" : "start" }, "a check fires"));
  return element("figure", { class: "dose" }, element("figcaption", {}, element("strong", {}, dose.fault), ` on ${dose.node}`, element("br"), dose.metric), picture, dose.sentence ? element("p", {}, dose.sentence) : null);
}

export function enliven({ doses }) {
  const view = document.getElementById("dose-view");
  if (!view) return;
  // Those with a blind zone first, the widest first; a switch has no curve.
  const blind = (dose) => (dose.harmful === null ? -1 : (dose.noticed ?? 1) - dose.harmful);
  const curves = doses.filter((dose) => dose.curve.length > 1 && !dose.binary).sort((a, b) => blind(b) - blind(a));
  const draw = (list, from) => list.map((dose, i) => chart(dose, from + i));
  view.append(...draw(curves.slice(0, shown), 0));
  if (curves.length > shown) {
    const button = element("button", { type: "button", class: "more" }, `Show all ${curves.length} curves`);
    button.addEventListener("click", () => { button.remove(); view.append(...draw(curves.slice(shown), shown)); });
    view.after(button);
  }
}
