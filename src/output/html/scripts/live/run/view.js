// The page of one run: everything that its folder says.

/** @import { RunPage } from "../types.js" */

import { percent, points } from "../../data/numbers.js";
import { findingLine } from "../../findings/section.js";
import { el } from "../../page/elements.js";
import { on } from "../../page/events.js";
import { setText } from "../../page/keyed.js";
import { figure } from "../../plots/figure.js";
import { drawCalibration } from "../../predictions/calibration.js";
import { drawConfusion } from "../../predictions/confusion.js";
import { mistakesTable } from "../../predictions/pictures.js";
import { sayInstead } from "../../settings/instead.js";
import { linkTo, part } from "../views.js";
import { currentRun } from "./current.js";
import { notesEditor } from "./notes.js";
import { commandList, fileList, settingPairs } from "./parts.js";
import { runPlots } from "./plots.js";

export function runView() {
  const summary = el("p", { class: "answer" });
  const links = el("p", { class: "controls" });
  const findings = el("ul", { class: "findings" });
  const problems = el("ul", { class: "notes" });
  const facts = el("div", { class: "facts" });
  const log = el("pre", { class: "log", tabindex: "0", "aria-label": "Log" });
  const pictures = el("div", { class: "grid" });
  const commands = el("div", {});
  const files = el("div", {});
  part("run", el("div", { id: "run" }, summary, links, problems, findings, notesEditor(),
    el("h2", {}, "Curves and layers"), el("div", { class: "grid" }, ...runPlots()),
    el("div", { class: "grid judged" }, confusionFigure(), calibrationFigure()), pictures,
    el("h2", {}, "What to do with it"), el("div", { class: "facts" }, commands, files),
    el("h2", {}, "Settings and provenance"), facts, el("h2", {}, "End of the log"), log));
  on("run", () => {
    const run = currentRun();
    if (!run) return;
    setText(summary, words());
    const names = run.experiments.split(", ").filter(Boolean);
    fill(links, names, () => names.map((name) => linkTo({ experiment: name }, `All runs of ${name}`)));
    fill(problems, run.problems, () => run.problems.map((text) => el("li", {}, text)));
    fill(findings, run.findings, () => run.findings.map(findingLine));
    fill(facts, [run.id, run.state, run.updated, run.settings], () => settingPairs(run));
    fill(commands, run.commands, () => [commandList(run)]);
    fill(files, [run.id, run.files], () => [fileList(run)]);
    fill(pictures, [run.id, run.pictures, pictureVersion(run)], runPictures);
    setText(log, run.log || "The log is empty.");
  });
}

/** @type {WeakMap<HTMLElement, string>} */
const filled = new WeakMap();

/**
 * Fills an element anew if it is to show something else: what a reader looks at, or has selected, stays.
 *
 * @param {HTMLElement} element
 * @param {unknown} content all that it shows
 * @param {() => (Node | string)[]} make
 */
function fill(element, content, make) {
  const now = JSON.stringify(content);
  if (filled.get(element) === now) return;
  filled.set(element, now);
  element.replaceChildren(...make());
}

/**
 * When the pictures were made, roughly: while a run is trained, only its start writes any.
 *
 * @param {RunPage} run
 */
const pictureVersion = ({ state, attempt, updated }) => (state === "running" ? String(attempt) : updated);

/** Where the run stands, in a sentence. */
function words() {
  const run = currentRun();
  if (!run) return "";
  const { last, state, reason, total_epochs: total } = run;
  const epoch = `epoch ${last?.epoch ?? 0} of ${total}`;
  const val = last?.val == null ? "" : `, validation ${percent(last.val)}`;
  const test = last?.test == null ? "" : `, test ${percent(last.test)}, gap ${points(last.gap)}`;
  const figures = last ? `: train ${percent(last.train)}${val}${test}` : "";
  return `${state}${reason ? ` (${reason})` : ""}, ${epoch}${figures}.`;
}

function confusionFigure() {
  return figure({
    id: "run-confusion", title: "Confusion", events: ["run"], isTall: true,
    isShown: () => Boolean(currentRun()?.confusion),
    draw: () => {
      const confusion = currentRun()?.confusion;
      return confusion ? drawConfusion(confusion) : sayInstead("This run has no confusion.");
    },
  }).element;
}

function calibrationFigure() {
  return figure({
    id: "run-calibration", title: "Calibration", events: ["run"], isTall: true,
    isShown: () => Boolean(currentRun()?.evaluation),
    draw: () => {
      const run = currentRun();
      return run?.evaluation ? drawCalibration(run.evaluation, run) : sayInstead("This run has no calibration.");
    },
  }).element;
}

/** @type {Record<string, string>} */
const titles = {
  "mistakes.png": "Most confident mistakes", "first_layer.png": "First layer", "augmented.png": "Augmented examples",
};

function runPictures() {
  const run = currentRun();
  if (!run) return [];
  const mistakes = run.evaluation?.mistakes ?? [];
  const address = (/** @type {string} */ name) => `/api/run/${run.id}/file/${name}?${pictureVersion(run)}`;
  return run.pictures.map((name) => el("figure", { class: "pictures", "aria-label": titles[name] ?? name },
    el("h3", {}, titles[name] ?? name),
    el("img", { src: address(name), alt: `${titles[name] ?? name} of ${run.id}` }),
    name === "mistakes.png" && mistakes.length ? mistakesTable(mistakes) : null));
}
