// The page of a server: its views, loaded when they are opened, and what changes in them.

/** @import { Entry } from "../data/types.js" */
/** @import { Refused } from "./api.js" */
/** @import { View } from "./views.js" */
/** @import { Experiment, NewRows } from "./types.js" */

import { setCurveSource } from "../curves/ask.js";
import { grow } from "../curves/grow.js";
import { runOf, setData } from "../data/data.js";
import { chosenText } from "../page/address.js";
import { byId, el } from "../page/elements.js";
import { on, tell } from "../page/events.js";
import { ask, query } from "./api.js";
import { diffView, setDiff } from "./diff.js";
import { showHeading, showTitle } from "./heading.js";
import { loader } from "./load.js";
import { nowSection } from "./now.js";
import { changeExperiment, overviewCounts, overviewView, showOverview } from "./overview.js";
import { changeCurrentRun, growRun, setRun } from "./run/current.js";
import { runView } from "./run/view.js";
import { rungsSection, showRungs } from "./rungs.js";
import { statusElement } from "./status.js";
import { listen } from "./stream.js";
import { showStudy, studyView } from "./study.js";
import { linkTo, part, showView, view } from "./views.js";
import { pageQuery, sayOfWhere, whereControls } from "./where.js";

const problem = el("p", { class: "problem", role: "alert", hidden: true });
const AGAIN = 3000; // milliseconds until a server that does not answer is asked again
const STUDY_AGAIN = 5000; // until a study is asked for again
let isListening = false;

export function startLive() {
  byId("theme").before(statusElement());
  byId("nav").prepend(linkTo({}, "Overview"));
  byId("main").prepend(problem);
  part("page", byId("answer"));
  part("page", rungsSection());
  part("page", byId("sections"));
  overviewView();
  nowSection();
  whereControls();
  setCurveSource((ids) => ask(`/api/curves${query({ ids: ids.join(",") })}`));
  runView();
  diffView();
  studyView();
  on("address", open);
  open();
}

let opened = "";

// Other choices in the address may be of the same view and data.
function open() {
  showView();
  if (key() === opened) return;
  opened = key();
  problem.hidden = true;
  void loading.now();
}

/** @type {Record<View, () => string>} */
const addresses = {
  overview: () => "/api/overview",
  page: () => `/api/page${pageQuery()}`,
  run: () => `/api/run/${encodeURIComponent(chosenText("run"))}`,
  diff: () => `/api/diff${query({ a: chosenText("a"), b: chosenText("b") })}`,
  study: () => `/api/study/${encodeURIComponent(chosenText("study"))}`,
};

const key = () => addresses[view()]();

/** @type {Record<View, (answer: any) => void>} */
const shows = {
  overview: (answer) => {
    showOverview(answer);
    showTitle({ title: "runner", counts: overviewCounts() });
  },
  page: ({ heading, data }) => {
    showHeading(heading);
    showRungs(heading.rungs);
    setData(data);
  },
  run: (run) => {
    showTitle({ title: `Run ${run.id}`, counts: run.experiments });
    setRun(run);
  },
  diff: ([difference, curves]) => {
    showTitle({ title: `Runs ${chosenText("a")} and ${chosenText("b")}`, counts: "" });
    setDiff(difference, curves);
  },
  study: (study) => {
    showTitle({ title: `Study ${study.name}`, counts: "" });
    showStudy(study);
  },
};

/**
 * The rows that come while a question is open: its answer may be older than they are.
 *
 * @type {NewRows[] | null}
 */
let missed = null;
const growShown = (/** @type {NewRows} */ rows) => (view() === "run" ? growRun(rows) : grow(rows));

const loading = loader(key, async (address) => {
  const now = view();
  const ids = `${chosenText("a")},${chosenText("b")}`;
  const more = now === "diff" ? [ask(`/api/curves${query({ ids })}`)] : [];
  /** @type {NewRows[]} */
  const rows = [];
  missed = rows;
  const answers = await Promise.all([ask(address), ...more]).finally(() => {
    missed = null;
  });
  return () => {
    problem.hidden = true;
    sayOfWhere("");
    shows[now](more.length ? answers : answers[0]);
    rows.forEach(growShown); // those that it has are put where they stand
    settled(answers[0].version);
  };
}, failed);

/** @param {Refused} error */
function failed(error) {
  if (view() === "page" && chosenText("where") && [400, 404].includes(error.status)) {
    sayOfWhere(error.message); // the runs that were chosen before stay
    return;
  }
  problem.textContent = error.message;
  problem.hidden = false;
  if (error.status === 0) setTimeout(() => loading.soon(), AGAIN);
}

/**
 * Listens to what changes, from the first version on that the page has.
 *
 * @param {number | undefined} version that some views do not have
 */
function settled(version) {
  if (isListening) return;
  isListening = true;
  listen(version ?? null, {
    rows: (/** @type {NewRows} */ rows) => {
      missed?.push(rows);
      growShown(rows);
    },
    run: (/** @type {Entry} */ entry) => changeRun(entry),
    runs: () => loading.soon(),
    overview: (/** @type {Experiment} */ entry) => {
      if (view() === "overview") {
        changeExperiment(entry);
        showTitle({ title: "runner", counts: overviewCounts() });
      }
      if (view() === "study") loading.soon();
    },
  });
  // A study writes what it has found after its runs, of whose ends the server tells.
  setInterval(() => {
    if (view() === "study" && !document.hidden) loading.soon();
  }, STUDY_AGAIN);
}

/**
 * What is said about a run. Tables, changes and findings are of whole configs, and files are many: the server makes
 * them anew.
 *
 * @param {Entry} entry
 */
function changeRun(entry) {
  if (view() === "run") {
    if (changeCurrentRun(entry)) loading.soon();
    return;
  }
  const run = runOf(entry.id);
  if (!run) return;
  const isOther = run.state !== entry.state;
  Object.assign(run, entry);
  tell("runs");
  if (isOther && view() === "page") loading.soon();
}
