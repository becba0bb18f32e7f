// What the page does beyond being read. Every part finds its own place, and does nothing without one.
// Text from documents only ever becomes text nodes and attributes: nothing here parses HTML.
import { enliven as enlivenCommands } from "./commands.js";
import { enliven as enlivenCopying } from "./copying.js";
import { enliven as enlivenDoses } from "./doses.js";
import { enliven as enlivenHeat } from "./heat.js";
import { enliven as enlivenMap } from "./map.js";
import { enliven as enlivenTables } from "./tables.js";
import { enliven as enlivenWhiskers } from "./whiskers.js";

const data = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("live");
for (const enliven of [enlivenCommands, enlivenCopying, enlivenWhiskers, enlivenHeat, enlivenDoses,
                       enlivenTables])
  enliven(data);

// A large map takes its time to be laid out: what can be read is there before.
const draw = () => {
  enlivenMap(data);
  document.documentElement.dataset.ready = "true";
};
if (data.nodes.length <= 100) draw();
else requestAnimationFrame(() => setTimeout(draw));
