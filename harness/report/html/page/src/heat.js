// Node × metric, and each metric by its segments on request.
import { element, level, number } from "./element.js";
import { foldable, sortable } from "./tables.js";

const most = 200;

function cell(found, variance) {
  if (!found) return element("td", { class: "num" }, element("span", { class: "level l0" }, "·"));
  const [, value, mark, fault] = found;
  const words = [value === null ? (mark === "u" ? "∞" : "") : number(value), mark === "l" ? "lost" : mark === "n" ? "new" : ""].filter(Boolean).join(" ");
  const bad = Math.max(level(value === null ? null : value * (variance ? 10 : 1), mark === "u"), mark === " " ? 0 : 3);
  return element("td", { class: "num" }, element("span", { class: `level l${bad}`, title: fault || null }, words || "·"));
}

/** The worst of a row over the series of each column. */
function worst(cells, belongs) {
  let found = null;
  for (const one of cells) {
    if (!belongs(one[0])) continue;
    if (!found) { found = one.slice(); continue; }
    const mark = found[2] === "u" || one[2] === "u" ? "u" : one[2] !== " " ? one[2] : found[2];
    if ((one[1] ?? -1) > (found[1] ?? -1)) found = one.slice();
    found[2] = mark;
  }
  return found;
}

export function enliven({ heat }) {
  const view = document.getElementById("heat-view");
  if (!view || heat.rows.length === 0) return;
  const segmented = heat.metrics.map((_, metric) => heat.series.flatMap(([of, segment], i) => (of === metric && segment ? [[i, segment]] : [])));
  const holder = element("div");

  function show(metric) {
    const columns = metric === "all"
      ? heat.metrics.map((name, m) => [name, (series) => heat.series[series][0] === m])
      : segmented[metric].map(([i, segment]) => [segment, (series) => series === i]);
    const rows = heat.rows.filter((row) => columns.some(([, belongs]) => worst(row.cells, belongs))).slice(0, most);
    const title = (heat.variance ? "Share of the variance of " : "Damage to ") + (metric === "all" ? "each number, its worst segment" : heat.metrics[metric] + " by segment");
    const table = element("table", { class: "heat", id: "heat-rows" }, element("caption", {}, title),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Node"), ...columns.map(([name]) => element("th", { scope: "col", class: "num" }, name)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, element("th", { scope: "row" }, element("code", {}, row.node)), ...columns.map(([, belongs]) => cell(worst(row.cells, belongs), heat.variance))))));
    holder.replaceChildren(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table));
    sortable(table);
    foldable(table);
  }

  const choice = element("select", { id: "heat-metric" }, element("option", { value: "all" }, "all metrics, worst segment"),
    ...heat.metrics.flatMap((name, m) => (segmented[m].length ? [element("option", { value: m }, `${name}, by segment`)] : [])));
  choice.addEventListener("change", () => show(choice.value === "all" ? "all" : Number(choice.value)));
  view.replaceChildren(element("p", { class: "controls" }, element("label", { for: "heat-metric" }, "Show "), choice), holder);
  show("all");
}
