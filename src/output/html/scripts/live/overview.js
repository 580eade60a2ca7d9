// The first view: experiments and studies, with how far each is and what it has found.

/** @import { Made } from "../page/keyed.js" */
/** @import { Experiment, Overview, StudyEntry } from "./types.js" */

import { fixed, percent, points } from "../data/numbers.js";
import { el } from "../page/elements.js";
import { keyed, setText } from "../page/keyed.js";
import { ago, duration } from "./times.js";
import { linkTo, part } from "./views.js";

/** @type {Overview} */
let overview = { version: 0, experiments: [], studies: [] };
/** @type {() => void} */
let show = () => {};

export function overviewView() {
  const experiments = el("ul", { class: "cards" });
  const studies = el("ul", { class: "cards" });
  const empty = el("p", { class: "answer" },
    "There are no runs yet. Train some with `runner run FILE.toml`, and they appear here.");
  const studiesPart = el("section", { "aria-labelledby": "studies-h" },
    el("h2", { id: "studies-h" }, "Studies"), studies);
  const experimentsPart = el("section", { "aria-labelledby": "experiments-h" },
    el("h2", { id: "experiments-h" }, "Experiments"), experiments,
    el("p", { class: "muted" }, linkTo({ view: "runs" }, "All runs on one page")));
  const showExperiments = keyed(experiments, (/** @type {Experiment} */ { name }) => name, experimentCard);
  const showStudies = keyed(studies, (/** @type {StudyEntry} */ { name }) => name, studyCard);
  // Until the server has said what is there.
  const inside = el("div", { hidden: true }, empty, experimentsPart, studiesPart);
  part("overview", el("div", { id: "overview" }, inside));
  show = () => {
    if (!overview.version) return;
    inside.hidden = false;
    empty.hidden = overview.experiments.length + overview.studies.length > 0;
    experimentsPart.hidden = !overview.experiments.length;
    studiesPart.hidden = !overview.studies.length;
    showExperiments(overview.experiments);
    showStudies(overview.studies);
  };
  setInterval(() => show(), 30_000); // how long ago things were
}

/**
 * What is known already stays where it is.
 *
 * @param {Overview} now
 */
export function showOverview(now) {
  const places = new Map(overview.experiments.map(({ name }, at) => [name, at]));
  const place = (/** @type {Experiment} */ { name }) => places.get(name) ?? -1;
  overview = now;
  overview.experiments.sort((a, b) => Number(b.live) - Number(a.live) || place(a) - place(b));
  show();
}

/**
 * A line of an experiment that changed. It stays where it is, unless its training has begun or ended.
 *
 * @param {Experiment} changed
 */
export function changeExperiment(changed) {
  const at = overview.experiments.findIndex(({ name }) => name === changed.name);
  if (at >= 0) overview.experiments[at] = changed;
  else overview.experiments.unshift(changed);
  overview.experiments.sort((a, b) => Number(b.live) - Number(a.live));
  show();
}

export function overviewCounts() {
  const { experiments } = overview;
  const runs = experiments.flatMap(({ states, others }) => [...Object.values(states), others])
    .reduce((a, b) => a + b, 0);
  const live = experiments.filter((experiment) => experiment.live).length;
  const counted = `${experiments.length} experiment${experiments.length === 1 ? "" : "s"}, ${runs} runs`;
  return live ? `${counted}, ${live} in training now` : counted;
}

/**
 * @param {Experiment} first
 * @returns {Made<Experiment>}
 */
function experimentCard({ name }) {
  const element = el("li", { class: "card" });
  const bar = el("progress", { max: 1, "aria-label": `Progress of ${name}` });
  const state = el("span", { class: "card-state" });
  const best = el("p", { class: "card-best" });
  const figures = el("dl", { class: "card-figures" });
  const when = el("span", { class: "muted" });
  element.append(el("h3", {}, linkTo({ experiment: name }, name)), el("p", { class: "card-line" }, state, when),
    bar, best, figures);
  const update = (/** @type {Experiment} */ now) => {
    element.classList.toggle("live", now.live);
    bar.value = now.progress;
    bar.hidden = now.progress >= 1 && !now.live;
    setText(state, stateWords(now));
    setText(when, now.live ? leftWords(now) : ago(now.updated));
    best.hidden = figures.hidden = !now.best;
    if (!now.best) return;
    setText(best, now.best.label);
    const { test, val, gap } = now.best;
    const shown = test != null ? ["test", percent(test)] : ["validation", percent(val)];
    const texts = [shown, ...(gap == null ? [] : [["gap", points(gap)]])];
    if (figures.textContent === texts.flat().join("")) return;
    figures.replaceChildren(...texts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
  };
  return { element, update };
}

/** @param {Experiment} experiment */
function stateWords({ states, trials, others }) {
  const counted = Object.entries(states).map(([state, count]) => `${count} ${state}`);
  const runs = Object.values(states).reduce((a, b) => a + b, 0);
  const waiting = trials != null && trials > runs ? [`${trials - runs} to come`] : [];
  const more = others ? [`${others} of another version of the file`] : [];
  return [...counted, ...waiting, ...more].join(", ");
}

/** @param {Experiment} experiment */
const leftWords = ({ progress, seconds_left: left }) =>
  `${fixed(100 * progress, 0)} %${left == null ? "" : `, ${duration(left)} left`}`;

/**
 * @param {StudyEntry} first
 * @returns {Made<StudyEntry>}
 */
function studyCard({ name }) {
  const state = el("p", { class: "card-line" });
  const answer = el("p", { class: "card-best" });
  const element = el("li", { class: "card" }, el("h3", {}, linkTo({ study: name }, name)), state, answer);
  const update = (/** @type {StudyEntry} */ now) => {
    element.classList.toggle("live", now.state === "running");
    setText(state, now.problem ?? [now.state, now.question].filter(Boolean).join(": "));
    setText(answer, now.answer.join(" "));
  };
  return { element, update };
}
