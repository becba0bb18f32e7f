// The pipeline as a map: zoom, pan, search, and a node at a time with its story.
import { select } from "d3-selection";
import { line, curveBasis } from "d3-shape";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import { announce, element, level, number, shortened, svg } from "./element.js";
import { box, layout } from "./layout.js";
import { Reach } from "./reach.js";
import { story } from "./story.js";

const crowded = 60, longestName = 22;

/** Sources, steps and programs have a shape each; an output has a double frame. */
function outline(node) {
  const { width: w, height: h } = box;
  if (node.kind === "source") return `M10,0 H${w} V${h} H10 Q0,${h} 0,${h / 2} Q0,0 10,0 Z`;
  if (node.kind === "command") return `M12,0 H${w - 12} L${w},${h / 2} L${w - 12},${h} H12 L0,${h / 2} Z`;
  return `M6,0 H${w - 6} Q${w},0 ${w},6 V${h - 6} Q${w},${h} ${w - 6},${h} H6 Q0,${h} 0,${h - 6} V6 Q0,0 6,0 Z`;
}

function damageText(node) {
  if (!node.perturbed) return "";
  return node.unbounded ? "∞" : node.damage === null ? (node.broken ? "crash" : "–") : number(node.damage);
}

const ownerText = (node) => node.owner || (node.kind === "sql" ? "step" : node.kind);
const damageAndFlags = (node) => [(node.silent ? "◐" : "") + (node.broken ? "✕" : ""), damageText(node)].filter(Boolean).join(" ");

/** What is written in the box, as it is written, and then what its shape and its signs mean. */
function spoken(node) {
  const parts = [[node.name, ownerText(node), damageAndFlags(node)].filter(Boolean).join(" "), node.output ? "output" : node.kind === "sql" ? "step" : node.kind];
  parts.push(node.perturbed ? `damage ${damageText(node)}` : "not put under fault");
  if (node.silent) parts.push("with silent failures");
  if (node.broken) parts.push("with crashes");
  return parts.join(", ");
}

class PipelineMap {
  constructor(view, data) {
    this.data = data;
    this.nodes = data.nodes;
    this.reach = new Reach(data.nodes.length, data.edges);
    this.selected = null;
    this.scope = "all";
    const worst = data.nodes.map((node, i) => [node.unbounded ? Infinity : node.damage ?? (node.broken ? 1 : -1), i]).sort((a, b) => b[0] - a[0]);
    this.worst = worst.length ? worst[0][1] : 0;

    this.canvas = svg("svg", { class: "map", role: "application", "aria-label": "Pipeline map. Arrow keys go from node to node along the data, Enter tells a node's story, plus and minus zoom." });
    this.layer = svg("g");
    this.canvas.append(this.arrowheads(), this.layer);
    this.panel = element("aside", { class: "story", id: "story", "aria-live": "polite", tabindex: "-1" });
    this.stage = element("div", { class: "stage" }, this.canvas);
    view.append(this.controls(), element("div", { class: "map-and-story" }, this.stage, this.panel), this.legend());
    this.zoom = zoom().scaleExtent([0.02, 3]).on("zoom", (event) => this.layer.setAttribute("transform", event.transform));
    // Without a modifier the wheel belongs to the page.
    this.zoom.filter((event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : !event.button));
    select(this.canvas).call(this.zoom);
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.draw();
    this.first();
    this.panel.replaceChildren(...story(data, this.reach, null, (i) => this.choose(i, true)));
    for (const link of document.querySelectorAll("a.node"))
      link.addEventListener("click", () => {
        const i = this.nodes.findIndex((node) => node.name === link.dataset.node);
        if (i >= 0) this.choose(i, true);
      });
  }

  arrowheads() {
    return svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" }, svg("path", { class: "head", d: "M0,0 L8,4 L0,8 Z" })));
  }

  controls() {
    // A sign needs a name; a word is one.
    const button = (text, label, act) => element("button", { type: "button", "aria-label": /\w/.test(text) ? null : label, title: label, onclick: act }, text);
    this.search = element("input", { type: "search", id: "map-search", list: "map-names", placeholder: "Find a node", "aria-label": "Find a node", autocomplete: "off" });
    const find = () => {
      const wanted = this.search.value.trim().toLowerCase();
      if (!wanted) return;
      let i = this.nodes.findIndex((node) => node.name.toLowerCase() === wanted);
      if (i < 0) i = this.nodes.findIndex((node) => node.name.toLowerCase().includes(wanted));
      if (i >= 0) this.choose(i, true); else announce(`no node is called ${wanted}`);
    };
    this.search.addEventListener("change", find);
    const scope = element("select", { "aria-label": "Which nodes are shown", id: "map-scope" }, element("option", { value: "all" }, "all nodes"), element("option", { value: "reach" }, "above and below the chosen one"));
    scope.addEventListener("change", () => { this.scope = scope.value; this.draw(); this.first(); });
    return element("div", { class: "controls" },
      button("+", "Zoom in", () => this.by(1.4)), button("−", "Zoom out", () => this.by(1 / 1.4)), button("Fit", "Show all of it", () => this.fit()),
      this.search, element("datalist", { id: "map-names" }, ...this.nodes.map((node) => element("option", { value: node.name }))), scope);
  }

  legend() {
    const sample = (kind, output) => {
      const g = svg("g", { class: "node", transform: "scale(0.2)" }, svg("path", { class: "frame", d: outline({ kind }) }));
      if (output) g.append(svg("path", { class: "inner", d: outline({ kind }), transform: "translate(8,8) scale(0.905,0.65)" }));
      return svg("svg", { width: 36, height: 12, viewBox: "-1 -1 36 12", "aria-hidden": "true" }, g);
    };
    return element("p", { class: "legend" }, sample("source"), " source ", sample("sql"), " step ", sample("command"), " program ", sample("sql", true), " output ",
      ...[0, 3, 4, 5, 6].map((l) => element("span", { class: `level l${l}` }, ["≤ 1", "", "", "> 1", "> 2", "> 5", "> 10"][l])), " damage ", element("span", { class: "flag" }, "◐"), " fails silently ", element("span", { class: "flag" }, "✕"), " crashes. A thicker line carries a larger change. Ctrl and the wheel zoom.");
  }

  visible() {
    if (this.scope === "all" || this.selected === null) return this.nodes.map((_, i) => i);
    const kept = new Set([this.selected, ...this.reach.above(this.selected), ...this.reach.below(this.selected)]);
    return this.nodes.map((_, i) => i).filter((i) => kept.has(i));
  }

  draw() {
    const shown = this.visible();
    const set = new Set(shown);
    const edges = this.data.edges.filter((edge) => set.has(edge.from) && set.has(edge.to));
    this.place = layout(shown, edges);
    this.groups = new Map();
    const way = line().x((p) => p.x).y((p) => p.y).curve(curveBasis);
    const most = Math.max(1e-9, ...edges.map((edge) => edge.change ?? 0));
    this.lines = edges.map((edge, i) => {
      const share = edge.change ? Math.sqrt(edge.change / most) : 0;
      const path = svg("path", { class: edge.change ? "edge hurt" : "edge", d: way(this.place.points[i]), "stroke-width": 1.2 + 3.5 * share, "marker-end": "url(#arrow)" });
      if (edge.worst) path.append(svg("title", {}, `${edge.worst}: change ${number(edge.change)}`));
      return { edge, path };
    });
    const drawn = shown.map((i) => {
      const node = this.nodes[i];
      const at = this.place.at.get(i);
      const bad = node.perturbed ? level(node.damage, node.unbounded) : 0;
      const group = svg("g", { class: `node l${bad}${node.perturbed ? "" : " untried"}`, transform: `translate(${at.x - box.width / 2},${at.y - box.height / 2})`, tabindex: "-1", role: "button", "aria-label": spoken(node), "data-index": i },
        svg("path", { class: "frame", d: outline(node) }));
      if (Array.from(node.name).length > longestName) group.append(svg("title", {}, shortened(node.name, 300)));
      if (node.output) group.append(svg("path", { class: "inner", d: outline(node), transform: `translate(3.4,3) scale(0.96,0.87)` }));
      group.append(svg("text", { class: "name", x: 14, y: 19 }, shortened(node.name, longestName)), svg("text", { class: "owner", x: 14, y: 35 }, shortened(ownerText(node), 16)));
      if (damageAndFlags(node)) group.append(svg("text", { class: "damage", x: box.width - 14, y: 35, "text-anchor": "end" }, damageAndFlags(node)));
      group.addEventListener("click", () => this.choose(i, false));
      group.addEventListener("focus", () => this.rove(i));
      this.groups.set(i, group);
      return group;
    });
    this.layer.replaceChildren(...this.lines.map((one) => one.path), ...drawn);
    this.rove(this.selected !== null && set.has(this.selected) ? this.selected : set.has(this.worst) ? this.worst : shown[0]);
    this.mark();
  }

  /** One node at a time can be reached with Tab; the arrows go on from there. */
  rove(i) {
    for (const group of this.groups.values()) group.setAttribute("tabindex", "-1");
    this.groups.get(i)?.setAttribute("tabindex", "0");
  }

  choose(i, go) {
    this.selected = i;
    if (this.scope === "reach" || !this.groups.has(i)) { this.draw(); this.first(); }
    this.rove(i);
    this.mark();
    this.panel.replaceChildren(...story(this.data, this.reach, i, (j) => this.choose(j, true)));
    this.panel.scrollTop = 0;
    if (go) { this.reveal(i); this.groups.get(i)?.focus({ preventScroll: true }); }
  }

  mark() {
    const i = this.selected;
    const above = i === null ? new Set() : this.reach.above(i), below = i === null ? new Set() : this.reach.below(i);
    for (const [j, group] of this.groups) {
      group.classList.toggle("chosen", j === i);
      group.setAttribute("aria-pressed", String(j === i));
      group.classList.toggle("aside", i !== null && j !== i && !above.has(j) && !below.has(j));
    }
    for (const { edge, path } of this.lines) {
      const on = i !== null && ((above.has(edge.from) && (above.has(edge.to) || edge.to === i)) || ((below.has(edge.from) || edge.from === i) && below.has(edge.to)));
      path.classList.toggle("aside", i !== null && !on);
    }
  }

  key(event) {
    const group = event.target.closest?.("g.node");
    if (event.key === "+" || event.key === "=") this.by(1.4);
    else if (event.key === "-") this.by(1 / 1.4);
    else if (event.key === "0") this.fit();
    else if (!group) return;
    else {
      const i = Number(group.dataset.index);
      if (event.key === "Enter" || event.key === " ") { this.choose(i, false); announce(`story of ${this.nodes[i].name}`); }
      else {
        const next = this.neighbour(i, event.key);
        if (next === undefined) return;
        this.reveal(next);
        this.groups.get(next).focus({ preventScroll: true });
      }
    }
    event.preventDefault();
  }

  neighbour(i, key) {
    const here = this.place.at.get(i);
    const near = (list) => list.filter((j) => this.groups.has(j)).sort((a, b) => Math.abs(this.place.at.get(a).y - here.y) - Math.abs(this.place.at.get(b).y - here.y))[0];
    if (key === "ArrowRight") return near(this.reach.readers[i]);
    if (key === "ArrowLeft") return near(this.reach.inputs[i]);
    if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
    const sign = key === "ArrowUp" ? -1 : 1;
    let best, least = Infinity;
    for (const [j, at] of this.place.at) {
      const dy = (at.y - here.y) * sign;
      const far = dy + 3 * Math.abs(at.x - here.x);
      if (j !== i && dy > 0 && far < least) { least = far; best = j; }
    }
    return best;
  }

  size() { return { width: this.canvas.clientWidth || 900, height: this.canvas.clientHeight || 480 }; }
  by(factor) { select(this.canvas).call(this.zoom.scaleBy, factor); }
  fit() {
    const { width, height } = this.size();
    const scale = Math.min(width / this.place.width, height / this.place.height, 1.15);
    select(this.canvas).call(this.zoom.transform, zoomIdentity.translate((width - this.place.width * scale) / 2, (height - this.place.height * scale) / 2).scale(scale));
  }
  centre(i, now) {
    const { width, height } = this.size();
    const at = this.place.at.get(i);
    select(this.canvas).call(this.zoom.transform, zoomIdentity.translate(width / 2 - at.x * now, height / 2 - at.y * now).scale(now));
  }
  /** Moves only where it is needed, so that a map which is seen whole stays as it is. */
  reveal(i) {
    const { width, height } = this.size();
    const { x, y, k } = zoomTransform(this.canvas);
    const at = this.place.at.get(i);
    const [left, top] = [x + at.x * k, y + at.y * k];
    const [w, h] = [box.width * k / 2, box.height * k / 2];
    if (k < 0.45 || left < w || top < h || left > width - w || top > height - h) this.centre(i, Math.max(0.75, k));
  }
  /** All of a small graph; of a large one what matters most, at a size that can be read. */
  first() {
    const tall = Math.max(360, Math.min(640, this.place.height + 24));
    this.canvas.setAttribute("height", Math.round(tall));
    if (this.place.at.size <= crowded) { this.fit(); return; }
    this.centre(this.selected !== null && this.place.at.has(this.selected) ? this.selected : this.worst, 0.75);
  }
}

export function enliven(data) {
  const view = document.getElementById("map-view");
  if (view && data.nodes.length) new PipelineMap(view, data);
}
