// A node's story: its own trouble, what reaches it, whom it reaches, who watches it.
import { located } from "./commands.js";
import { copyButton } from "./copying.js";
import { element, number } from "./element.js";

const most = 8;

function list(items) {
  const more = items.length - most;
  return element("ul", {}, ...items.slice(0, most).map((item) => element("li", {}, ...item)), more > 0 ? element("li", {}, `and ${more} more`) : null);
}

export function story(data, reach, i, go) {
  if (i === null) return [element("h3", {}, "Choose a node"), element("p", {}, "Click it, find it by name, or go from node to node with the arrow keys.")];
  const node = data.nodes[i];
  const link = (j) => element("button", { type: "button", class: "link", onclick: () => go(j) }, element("code", {}, data.nodes[j].name));
  const kind = node.kind === "sql" ? "step" : node.kind === "command" ? "program" : node.kind;
  const parts = [element("h3", {}, element("code", {}, node.name)),
    element("p", { class: "kind" }, [kind + (node.output ? ", output" : ""), node.owner ? `owner ${node.owner}` : "no owner"].join(" · "))];
  if (node.description) parts.push(element("p", {}, node.description));

  parts.push(element("h4", {}, "Its own trouble"));
  if (!node.perturbed) parts.push(element("p", {}, "It was never put under fault."));
  else {
    const damage = node.unbounded ? "∞" : number(node.damage);
    parts.push(element("p", {}, element("strong", {}, `Damage ${damage}`), node.interval ? ` ${node.interval}` : "", node.outcomes ? ` · ${node.outcomes}` : ""));
    if (node.does) parts.push(element("p", {}, node.does + "."));
    parts.push(list(node.faults.map((fault) => {
      const said = [element("code", {}, fault.id), ` (${fault.plugin}): ${fault.outcomes || "no trial"}`];
      if (fault.does) said.push(element("br"), fault.does);
      if (fault.replay) { const command = located(fault.replay); said.push(element("br"), element("code", { class: "command" }, command), " ", copyButton(command, "command")); }
      return said;
    })));
  }

  const arriving = data.travel.flatMap((way) => way.node === i ? [] : way.stations.filter(([at]) => at === i).map(([, change, what, hurt]) => ({ way, change, what, hurt })));
  arriving.sort((a, b) => (b.change ?? 0) - (a.change ?? 0));
  parts.push(element("h4", {}, "What reaches it"));
  const sources = reach.inputs[i];
  if (arriving.length) parts.push(list(arriving.map(({ way, what, hurt }) => [element("code", {}, way.fault), " from ", link(way.node), what ? `: ${what}` : "", hurt ? `, damage ${number(hurt)}` : ""])));
  else parts.push(element("p", {}, sources.length ? "No fault changed its rows, or none was followed." : "It reads from no other node."));
  if (sources.length) parts.push(element("p", {}, "It reads ", ...sources.slice(0, most).flatMap((j, k) => [k ? ", " : "", link(j)]), sources.length > most ? ` and ${sources.length - most} more` : "", "."));

  parts.push(element("h4", {}, "Whom it reaches"));
  const readers = reach.readers[i];
  parts.push(element("p", {}, readers.length ? `${node.blast[0]} nodes and ${node.blast[1]} outputs below it${node.teams ? `, of ${node.teams}` : ""}.` : "Nothing reads it."));
  if (node.points) parts.push(element("p", {}, `It alone can break ${node.points}.`));
  if (readers.length) parts.push(element("p", {}, "Read by ", ...readers.slice(0, most).flatMap((j, k) => [k ? ", " : "", link(j)]), readers.length > most ? ` and ${readers.length - most} more` : "", "."));

  parts.push(element("h4", {}, "Who watches it"));
  parts.push(node.checks.length ? list(node.checks.map((check) => [element("code", {}, check.id), `: ${check.said}`])) : element("p", {}, "No check."));
  if (node.guards.length) parts.push(element("h4", {}, "Guards to add"), list(node.guards.map((guard) => [guard.text, " ", copyButton(guard.check, "check")])));
  return parts;
}
