import { announce, element } from "./element.js";

const folded = 25;

/** What a cell sorts by: its number if its column has numbers, else its words. */
function key(cell) {
  const whisker = cell.querySelector("[data-damage]");
  const text = (whisker ? whisker.dataset.damage : cell.textContent).trim();
  if (text === "inf" || text === "∞") return Infinity;
  const value = parseFloat(text.replaceAll(",", "").replace("−", "-"));
  return Number.isNaN(value) ? text : value;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === "number") return 1;
  if (typeof b === "number") return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sortable(table) {
  const headings = Array.from(table.tHead.rows[0].cells);
  headings.forEach((heading, column) => {
    const button = element("button", { type: "button", class: "sort" }, ...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") !== "descending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = Array.from(table.tBodies[0].rows, (row) => [key(row.cells[column]), row]);
      rows.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
      table.tBodies[0].append(...rows.map(([, row]) => row));
      announce(`sorted by ${heading.textContent}, ${down ? "largest" : "smallest"} first`);
    });
  });
}

/** Long tables begin short. Print has all of them. */
export function foldable(table) {
  const rows = table.tBodies[0].rows.length;
  if (rows <= folded + 5) return;
  table.classList.add("folded");
  const button = element("button", { type: "button", class: "more", "aria-expanded": "false" }, `Show all ${rows} rows`);
  button.addEventListener("click", () => {
    const open = table.classList.toggle("folded") === false;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? `Show the first ${folded}` : `Show all ${rows} rows`;
  });
  table.closest(".scroll").after(button);
}

export function enliven() {
  for (const table of document.querySelectorAll("table.sortable")) {
    sortable(table);
    foldable(table);
  }
}
