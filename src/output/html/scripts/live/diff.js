// Two runs side by side: the settings in which they differ, their figures, and their curves.

/** @import { Diff, DiffPair, RunCurves } from "./types.js" */
/** @import { ToText } from "../data/numbers.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { fixed, loss, percent, points } from "../data/numbers.js";
import { palette } from "../look/colors.js";
import { chosenText } from "../page/address.js";
import { el } from "../page/elements.js";
import { on, tell } from "../page/events.js";
import { figure } from "../plots/figure.js";
import { hover } from "../plots/layout.js";
import { sayInstead } from "../settings/instead.js";
import { linkTo, part } from "./views.js";

/** @type {Diff | null} */
let diff = null;
/** @type {Record<string, RunCurves>} */
let curves = {};

const ids = () => [chosenText("a"), chosenText("b")];

/**
 * @param {Diff} difference
 * @param {Record<string, RunCurves>} both
 */
export function setDiff(difference, both) {
  diff = difference;
  curves = both;
  tell("diff");
}

export function diffView() {
  const runs = el("p", { class: "controls" });
  const settings = el("div", { class: "scroller" });
  const figures = el("div", { class: "scroller" });
  part("diff", el("div", { id: "diff" }, runs, el("h2", {}, "Settings that differ"), settings,
    el("h2", {}, "Figures"), figures, el("h2", {}, "Curves"),
    el("div", { class: "grid" }, ...["accuracy", "loss"].map(curvesFigure))));
  on("diff", () => {
    if (!diff) return;
    const [a, b] = ids();
    runs.replaceChildren(linkTo({ run: a }, `Run ${a}`), linkTo({ run: b }, `Run ${b}`),
      linkTo({ a: b, b: a }, "The other way round"));
    const said = (/** @type {unknown} */ value) => (value == null ? "not set" : String(value));
    const lines = diff.settings.map((one) => [one.key, said(one.a), said(one.b)]);
    settings.replaceChildren(lines.length
      ? table("Settings that differ", ["setting", a, b], lines)
      : el("p", { class: "muted" }, "They have the same settings."));
    figures.replaceChildren(table("Figures of the last and the best epoch",
      ["figure", `${a} last`, `${b} last`, "change", `${a} best`, `${b} best`, "change"],
      diff.results.map(({ name, last, best }) => [name.replace(/_/g, " "), ...figureCells(name, last),
        ...figureCells(name, best)])));
  });
}

/**
 * @param {string} name of a figure, whose accuracies are fractions
 * @param {DiffPair} [pair]
 */
function figureCells(name, pair) {
  if (!pair) return ["-", "-", "-"];
  const { a, b, difference } = pair;
  const isFraction = name.endsWith("accuracy") || name.endsWith("gap");
  const [value, more] = isFraction ? [name.endsWith("gap") ? points : percent, points] : [plain, plain];
  const [first, second, between] = isFraction ? [a, b, difference].map(times100) : [a, b, difference];
  return [value(first), value(second), change(between, more)];
}

/** @type {ToText} */
const plain = (value) => (Number.isInteger(value) ? fixed(value, 0) : loss(value));

/**
 * With its sign: what the second run has more.
 *
 * @param {number | null} value
 * @param {ToText} text
 */
function change(value, text) {
  const shown = text(value);
  return value != null && value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
}

/** @param {number | null} value */
const times100 = (value) => (value == null ? null : 100 * value);

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {string[][]} lines
 */
function table(caption, head, lines) {
  const cells = (/** @type {string[]} */ [first, ...others]) => el("tr", {}, el("th", { scope: "row" }, first),
    ...others.map((text) => el("td", { class: "number" }, text)));
  const names = head.map((name, at) => el("th", { scope: "col", class: at ? "number" : "" }, name));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...names)),
    el("tbody", {}, ...lines.map(cells)));
}

/** @param {string} kind */
function curvesFigure(kind) {
  return figure({
    id: `diff-${kind}`, title: kind === "accuracy" ? "Accuracy" : "Loss", events: ["diff"], draw: () => drawBoth(kind),
    caption: "The first run is blue, the second orange. Dotted: train; dashed: validation; solid: test.",
  }).element;
}

/**
 * @param {string} kind
 * @returns {Drawing}
 */
function drawBoth(kind) {
  const text = kind === "accuracy" ? percent : loss;
  const traces = ids().flatMap((id, place) => /** @type {const} */ (["train", "val", "test"]).flatMap((split) => {
    const own = curves[id];
    const values = own?.[/** @type {"train_loss"} */ (`${split}_${kind}`)];
    if (!own || !values) return [];
    return [{
      x: own.epochs, y: values, mode: "lines",
      line: { color: palette()[place], width: 2, dash: { train: "dot", val: "dash", test: "solid" }[split] },
      ...hover(values.map((value, at) => `<b>${id}</b><br>${split} ${text(value)} at epoch ${own.epochs[at]}`)),
    }];
  }));
  if (!traces.length) return sayInstead("Neither run has such a curve yet.");
  return {
    traces, shows: `${kind} ${ids().join(" ")}`, text: `${kind} by epoch of the runs ${ids().join(" and ")}.`,
    layout: {
      xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
      yaxis: { title: { text: kind === "accuracy" ? "accuracy in %" : "mean cross-entropy" } },
    },
  };
}
