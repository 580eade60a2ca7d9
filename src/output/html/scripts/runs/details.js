// One run in full: its results, where they come from, and its settings.

/** @import { Entry, Pair, Row, Run } from "../data/types.js" */
/** @import { Made } from "../page/keyed.js" */

import { configs, data } from "../data/data.js";
import { seedText } from "../data/labels.js";
import { percent, points } from "../data/numbers.js";
import { el } from "../page/elements.js";
import { runLinks } from "./links.js";
import { isLive } from "../page/live.js";
import { setText } from "../page/keyed.js";

/**
 * A line to open; what is inside is made when it is opened.
 *
 * @returns {Made<Run>}
 */
export function runDetails() {
  const id = el("code", {});
  const words = el("span", {});
  const inside = el("div", {});
  /** @type {Run | null} */
  let run = null;
  let shown = "";
  const fillIn = () => {
    if (!run || !element.open) return;
    const made = contents(run);
    const text = made.map((part) => part.textContent).join("\n");
    if (text === shown) return; // a selection in it stays
    shown = text;
    inside.replaceChildren(...(isLive ? [runLinks(run)] : []), ...made);
  };
  const element = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, id, " ", words), inside);
  const update = (/** @type {Run} */ now) => {
    run = now;
    const { last } = run;
    const test = last?.test != null ? `, test ${percent(last.test)}, gap ${points(last.gap)}` : "";
    setText(id, run.id);
    setText(words, `${configs[run.config].label}${seedText(run)}: ${run.state}${test}${tagText(run)}`);
    fillIn();
  };
  return { element, update };
}

/** @param {Run} run */
function tagText(run) {
  const tags = run.notes?.find(([name]) => name === "tags");
  return tags ? ` ${tags[1]}` : "";
}

/** @param {Run} run */
function contents(run) {
  const settings = [...run.settings, ...data.shared.settings].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return [
    el("div", {},
      pairsTable("Results", results(run, data.shared.experiments[run.experiments])),
      pairsTable("Provenance", data.shared.provenance[run.provenance])),
    pairsTable("Settings", settings),
  ];
}

/**
 * @param {string} caption
 * @param {Pair[]} pairs
 */
export function pairsTable(caption, pairs) {
  const lines = pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
  return el("table", { class: "pairs" }, el("caption", {}, caption), el("tbody", {}, ...lines));
}

/**
 * @param {Entry} run
 * @param {string} experiments that asked for it
 * @returns {Pair[]}
 */
export function results(run, experiments) {
  const attempts = run.attempt === 1 ? "1 attempt" : run.attempt + " attempts";
  return [
    ["state", run.state + (run.reason ? ": " + run.reason : "")],
    ["epochs", `${run.last ? run.last.epoch : 0} of ${run.total_epochs}`],
    ...rowPairs("last", run.last), ...rowPairs("best", run.best),
    .../** @type {Pair[]} */ (run.model ? [["model", run.model]] : []),
    ["trained for", `${run.train_seconds} s, ${attempts}`],
    ["started", run.started], ["updated", run.updated],
    ["experiments", experiments],
    ...(run.notes ?? []),
    ["result SHA-256", run.result_sha256 || "-"],
  ];
}

/**
 * @param {string} name
 * @param {Row | null} row
 * @returns {Pair[]}
 */
function rowPairs(name, row) {
  if (!row) return [];
  const val = row.val == null ? "" : `, validation ${percent(row.val)}`;
  const test = row.test == null ? "" : `, test ${percent(row.test)}, gap ${points(row.gap)}`;
  return [[name, `epoch ${row.epoch}: train ${percent(row.train)}${val}${test}`]];
}
