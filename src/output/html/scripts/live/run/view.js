// The page of one run: everything that its folder says.

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
  const side = el("div", { class: "facts" });
  part("run", el("div", { id: "run" }, summary, links, problems, findings, notesEditor(),
    el("h2", {}, "Curves and layers"), el("div", { class: "grid" }, ...runPlots()),
    el("div", { class: "grid judged" }, confusionFigure(), calibrationFigure()), pictures,
    el("h2", {}, "What to do with it"), side, el("h2", {}, "Settings and provenance"), facts,
    el("h2", {}, "End of the log"), log));
  let shown = "";
  on("run", () => {
    const run = currentRun();
    if (!run) return;
    setText(summary, words());
    const { id, state, attempt, files, log: end, findings: found, updated } = run; // not what changes with every row
    const now = JSON.stringify([id, state, attempt, files, end, found, updated]);
    if (now === shown) return;
    shown = now;
    const names = run.experiments.split(", ").filter(Boolean);
    links.replaceChildren(...names.map((name) => linkTo({ experiment: name }, `All runs of ${name}`)));
    problems.replaceChildren(...run.problems.map((text) => el("li", {}, text)));
    findings.replaceChildren(...run.findings.map(findingLine));
    facts.replaceChildren(...settingPairs(run));
    side.replaceChildren(commandList(run), fileList(run));
    pictures.replaceChildren(...runPictures());
    setText(log, run.log || "The log is empty.");
  });
}

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
  return run.pictures.map((name) => el("figure", { class: "pictures", "aria-label": titles[name] ?? name },
    el("h3", {}, titles[name] ?? name),
    el("img", { src: `/api/run/${run.id}/file/${name}?${run.updated}`, alt: `${titles[name] ?? name} of ${run.id}` }),
    name === "mistakes.png" && mistakes.length ? mistakesTable(mistakes) : null));
}
