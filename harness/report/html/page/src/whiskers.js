// The ranking as dots with whiskers on one axis of damage, a row each, beside the numbers they show.
import { max } from "d3-array";
import { scaleSymlog } from "d3-scale";
import { svg, number } from "./element.js";

const width = 220, height = 22, margin = 8;
const candidates = [0, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5, 1e6];

const parsed = (text) => (text === "" || text === undefined ? null : text === "inf" ? Infinity : Number(text));

export function enliven() {
  const spans = Array.from(document.querySelectorAll("span.whisker"));
  if (spans.length === 0) return;
  const rows = spans.map((span) => ({ span, damage: parsed(span.dataset.damage), low: parsed(span.dataset.low), high: parsed(span.dataset.high) }));
  const finite = (value) => (Number.isFinite(value) ? value : 0);
  const most = Math.max(2, max(rows, (row) => Math.max(finite(row.damage), Math.min(finite(row.high), 3 * Math.max(1, finite(row.damage))))));
  // Straight up to about 1, so that around the tolerance nothing is squeezed; logarithmic beyond.
  const x = scaleSymlog().constant(1).domain([0, most]).range([margin, width - margin]).clamp(true);
  let ticks = candidates.filter((tick) => tick <= most);
  while (ticks.length > 6) ticks = ticks.filter((tick, i) => tick === 1 || tick === 0 || i % 2 === ticks.length % 2);

  for (const row of rows) {
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", class: "whiskers" },
      ...ticks.map((tick) => svg("line", { class: tick === 1 ? "tolerance" : "grid", x1: x(tick), x2: x(tick), y1: 0, y2: height })));
    const over = row.damage > 1 ? " over" : "";
    if (row.low !== null && row.high !== null && row.high > row.low)
      picture.append(svg("line", { class: "interval" + over, x1: x(Math.max(0, row.low)), x2: x(row.high), y1: height / 2, y2: height / 2 }),
        ...[row.low, row.high].map((end) => svg("line", { class: "interval" + over, x1: x(Math.max(0, end)), x2: x(Math.max(0, end)), y1: height / 2 - 4, y2: height / 2 + 4 })));
    if (row.damage === Infinity)
      picture.append(svg("path", { class: "dot over", d: `M${width - margin - 9},4 l9,7 l-9,7 z` }));
    else if (row.damage !== null)
      // Beyond the tolerance a filled dot, within it a ring: told apart without colour.
      picture.append(svg("circle", { class: "dot" + over, cx: x(row.damage), cy: height / 2, r: 4.5 }));
    row.span.append(picture);
  }
  const heading = document.querySelector("#ranked thead th:nth-child(4)");
  heading.append(svg("svg", { width, height: 14, viewBox: `0 0 ${width} 14`, "aria-hidden": "true", class: "whiskers axis" },
    ...ticks.map((tick) => svg("text", { x: x(tick), y: 11, "text-anchor": "middle" }, number(tick)))));
}
