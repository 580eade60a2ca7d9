// The table of configs: sorted by a click on a heading, filtered by words, with a checkbox in each
// row for drawing its curves. Rows are created as needed.

const DRAWN_AT_FIRST = 10;
const ROWS_AT_ONCE = 200;
const selection = new Set(configs.slice(0, DRAWN_AT_FIRST).map((_, index) => index));
let order = configs.map((_, index) => index); // as the comparison ranks them
let filtered = order; // of these, what the filter leaves
let sortedBy = null; // { column, descends }
let rowsShown = ROWS_AT_ONCE;

const searched = configs.map((config) =>
  [config.label, ...config.cells.map(([shown]) => shown)].join("\n").toLowerCase());

// A config's colour: its index among the selected ones, kept while it stays selected.
const slots = new Map();
function giveSlots() {
  for (const index of slots.keys()) if (!selection.has(index)) slots.delete(index);
  const taken = new Set(slots.values());
  let free = 0;
  for (const index of order) {
    if (!selection.has(index) || slots.has(index)) continue;
    while (taken.has(free)) free += 1;
    slots.set(index, free);
    taken.add(free);
  }
}
const colorOf = (index) => palette()[(slots.get(index) ?? 0) % palette().length];

function select(indexes, isOn) {
  for (const index of indexes) {
    if (isOn) selection.add(index);
    else selection.delete(index);
  }
  giveSlots();
  tell("selection");
}
function selectOnly(indexes) {
  selection.clear();
  select(indexes, true);
}

// A word is searched in a row; `gap<10` or `dropout=0.2` compares the number in a column.
function matcher(word) {
  const comparison = word.match(/^([^<>=]+)(<=|>=|<|>|=)(-?[\d.]+)$/);
  if (!comparison) return (index) => searched[index].includes(word);
  const [, name, operator, text] = comparison;
  const wanted = name.replace(/_/g, " ");
  let column = columns.findIndex((c) => c.header.toLowerCase() === wanted);
  if (column < 0) column = columns.findIndex((c) => c.header.toLowerCase().startsWith(wanted));
  if (column < 0) return (index) => searched[index].includes(word);
  return (index) => compares(numberShown(index, column), operator, Number(text));
}
// The number as the table shows it: percent and points, not fractions.
function numberShown(index, column) {
  const [shown] = configs[index].cells[column];
  const number = parseFloat(shown);
  return Number.isNaN(number) ? null : number;
}
function compares(a, operator, b) {
  if (a == null) return false;
  switch (operator) {
    case "<": return a < b;
    case ">": return a > b;
    case "<=": return a <= b;
    case ">=": return a >= b;
    default: return a === b;
  }
}

function filter(text) {
  const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map(matcher);
  filtered = order.filter((index) => tests.every((test) => test(index)));
  rowsShown = ROWS_AT_ONCE;
  tell("filter");
}

function sortBy(column) {
  const isAgain = sortedBy && sortedBy.column === column;
  sortedBy = { column, descends: isAgain ? !sortedBy.descends : false };
  const key = (index) => configs[index].cells[column];
  order = [...order].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const isAbsent = ([shown, number]) => number == null && (shown === "-" || shown === "NaN");
    if (isAbsent(x) || isAbsent(y)) return isAbsent(x) - isAbsent(y); // last, whatever the direction
    const upward = x[1] != null && y[1] != null ? x[1] - y[1] : orderOfValues(x[0], y[0]);
    return sortedBy.descends ? -upward : upward;
  });
  filter(searchBox.value);
  announce(`sorted by ${columns[column].header}, ${sortedBy.descends ? "descending" : "ascending"}`);
}

const searchBox = el("input", {
  type: "search", id: "filter", placeholder: "words, or gap<10 dropout=0.2", "aria-describedby": "filter-count",
  oninput: () => filter(searchBox.value),
});
const filterCount = el("span", { id: "filter-count", class: "muted", role: "status" });
const body = el("tbody", {});
const more = el("button", { type: "button", onclick: () => showMore() });

function heading(column, index) {
  const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
  const button = el("button", { type: "button", onclick: () => sortBy(index) },
    ...(column.is_number ? [arrow, column.header] : [column.header, arrow]));
  return el("th", { scope: "col", class: column.is_number ? "number" : "", "data-name": column.header }, button);
}
const headings = columns.map(heading);

function row(index) {
  const config = configs[index];
  const box = el("input", {
    type: "checkbox", checked: selection.has(index), "data-config": index,
    "aria-label": "Draw the curves of " + config.label,
    onchange: () => select([index], box.checked),
  });
  const cells = config.cells.map(([shown], column) =>
    el("td", { class: columns[column].is_number ? "number" : "" }, shown));
  const swatch = el("span", { class: "swatch", "data-swatch": index, "aria-hidden": "true" });
  return el("tr", {}, el("th", { scope: "row" }, box, swatch), ...cells);
}

function drawRows() {
  body.replaceChildren(...filtered.slice(0, rowsShown).map(row));
  headings.forEach((th, index) => {
    const isSorted = sortedBy && sortedBy.column === index;
    if (isSorted) th.setAttribute("aria-sort", sortedBy.descends ? "descending" : "ascending");
    else th.removeAttribute("aria-sort");
    th.querySelector(".arrow").textContent = isSorted ? (sortedBy.descends ? "▼" : "▲") : "↕";
  });
  filterCount.textContent = `${filtered.length} of ${configs.length} configs`;
  drawMore();
  drawSwatches();
}
function showMore() {
  body.append(...filtered.slice(rowsShown, rowsShown + ROWS_AT_ONCE).map(row));
  rowsShown += ROWS_AT_ONCE;
  drawMore();
  drawSwatches();
}
function drawMore() {
  const left = filtered.length - rowsShown;
  more.hidden = left <= 0;
  more.textContent = `Show ${Math.min(left, ROWS_AT_ONCE)} more rows`;
}
function drawSwatches() {
  for (const swatch of body.querySelectorAll("[data-swatch]")) {
    const index = Number(swatch.dataset.swatch);
    swatch.style.background = selection.has(index) ? colorOf(index) : "transparent";
    swatch.style.borderColor = selection.has(index) ? "transparent" : cssColor("line");
  }
  for (const box of body.querySelectorAll("[data-config]")) {
    box.checked = selection.has(Number(box.dataset.config));
  }
}

function tableSection() {
  const button = (text, indexes) =>
    el("button", { type: "button", onclick: () => selectOnly(indexes()) }, text);
  const controls = el("div", { class: "controls" },
    el("label", { for: "filter" }, "Filter"), searchBox, filterCount,
    button(`Draw first ${Math.min(DRAWN_AT_FIRST, configs.length)}`, () => filtered.slice(0, DRAWN_AT_FIRST)),
    button("Draw all shown", () => filtered), button("Draw none", () => []));
  const table = el("table", { id: "configs-table" },
    el("caption", {}, `One row a config: ${data.legend}. A click or Enter on a heading sorts; a box draws the config's curves.`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "draw"), ...headings)), body);
  const scroller = el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" }, table);
  section("configs", "Configs", controls, scroller, el("p", { class: "controls" }, more));
  giveSlots();
  on("filter", drawRows);
  on("selection", drawSwatches);
  on("theme", drawSwatches);
  drawRows();
}
