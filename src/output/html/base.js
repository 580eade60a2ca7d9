// The data of the page, and shared helpers: elements, events, numbers as text.

const data = JSON.parse(document.getElementById("data").textContent);
const { configs, runs, varied, columns } = data;

// An element with attributes and children; a text child is text, never HTML.
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

// plotly reads labels as a kind of HTML: this escapes them. Long ones are cut.
function label(text, most) {
  const whole = String(text);
  const cut = whole.length > (most || 60) ? whole.slice(0, (most || 60) - 1) + "…" : whole;
  return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// Parts of the page tell each other what changed: "selection", "filter", "theme".
const listeners = {};
function on(event, listener) {
  (listeners[event] ||= []).push(listener);
}
function tell(event) {
  for (const listener of listeners[event] || []) listener();
}

// For screen readers: what just changed.
function announce(text) {
  document.getElementById("status").textContent = text;
}

function fixed(value, digits) {
  if (value == null) return "-";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}
const percent = (value) => (value == null ? "-" : fixed(value, 1) + " %");
const points = (value) => (value == null ? "-" : fixed(value, 1) + " points");
function loss(value) {
  if (value == null) return "-";
  const size = Math.abs(value);
  return size === 0 || (size >= 0.001 && size < 1000) ? fixed(value, 3) : value.toExponential(1);
}

function mean(values) {
  const present = values.filter((value) => value != null);
  return present.length ? present.reduce((a, b) => a + b, 0) / present.length : null;
}
// Sample standard deviation; none of a single value.
function deviation(values) {
  const present = values.filter((value) => value != null);
  if (present.length < 2) return null;
  const middle = mean(present);
  const squares = present.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (present.length - 1));
}

// The figures that plots can show for a finished run, by their keys.
const figureTexts = {
  "%": percent, points, loss, epochs: (value) => fixed(value, 0), seconds: (value) => fixed(value, 1),
};
const figures = Object.fromEntries(data.figures.map(({ key, name, unit }) => [
  key,
  { name, unit: ["%", "points"].includes(unit) ? unit : "", of: (run) => run.figures[key], text: figureTexts[unit] },
]));
const finished = runs.filter((run) => run.state === "finished" && run.last);
// Those that any run has: a sealed test set has no gap.
const present = Object.keys(figures).filter((key) => finished.some((run) => figures[key].of(run) != null));
const axisTitle = (figure) => figure.name + (figure.unit ? " in " + figure.unit : "");

// The values of a setting, numbers in their order and before texts.
function valuesOf(setting) {
  const values = [...new Set(configs.map((config) => config.values[setting]))];
  return values.sort(orderOfValues);
}
function orderOfValues(a, b) {
  if (a == null || b == null) return (a == null) - (b == null);
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return a < b ? -1 : Number(a > b);
}
const valueText = (value) => (value == null ? "not set" : value);
// Positions of at most this many labels, evenly spaced: plotly takes minutes to lay out thousands.
function labelled(count, most) {
  const every = Math.ceil(count / most);
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % every === 0);
}
// For an axis, which has no room for 17 digits.
function tickText(value) {
  const text = valueText(value);
  return text.length > 8 && !Number.isNaN(Number(text)) ? String(Number(Number(text).toPrecision(3))) : text;
}

// A note if figures are measured on different examples.
const incomparableNote = () =>
  data.incomparable ? el("p", { class: "incomparable" }, `Note: ${data.incomparable}, so no config is better than another here.`) : null;

// A section of the page with its place in the navigation.
function section(id, title, ...children) {
  const heading = el("h2", { id: id + "-h" }, title);
  const body = el("section", { id, "aria-labelledby": id + "-h" }, heading, ...children);
  document.getElementById("main").append(body);
  document.getElementById("nav").append(el("a", { href: "#" + id }, title));
  return body;
}

function choice(text, options, chosen, changed) {
  const select = el("select", { onchange: () => changed(select.value) });
  for (const [value, name] of options) {
    select.append(el("option", { value, selected: value === chosen }, name));
  }
  return el("label", {}, text + " ", select);
}

function check(text, isOn, changed) {
  const box = el("input", { type: "checkbox", checked: isOn, onchange: () => changed(box.checked) });
  return el("label", {}, box, " " + text);
}
