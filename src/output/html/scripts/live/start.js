// The page of a server: its views, loaded when they are opened, and what changes in them.

/** @import { Refused } from "./api.js" */
/** @import { View } from "./views.js" */
/** @import { ChangedRun, Experiment, NewRows } from "./types.js" */

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
 * What is told while a question is open: its answer may be older, so it is told again when that is shown.
 *
 * @type {(() => void)[] | null}
 */
let missed = null;

/** @param {() => void} telling */
function hear(telling) {
  missed?.push(telling);
  telling();
}

const loading = loader(key, async (address) => {
  const now = view();
  const ids = `${chosenText("a")},${chosenText("b")}`;
  const more = now === "diff" ? [ask(`/api/curves${query({ ids })}`)] : [];
  /** @type {(() => void)[]} */
  const meanwhile = [];
  missed = meanwhile;
  const answers = await Promise.all([ask(address), ...more]).finally(() => {
    missed = null;
  });
  return () => {
    problem.hidden = true;
    sayOfWhere("");
    shows[now](more.length ? answers : answers[0]);
    meanwhile.forEach((telling) => telling()); // what it has is put where it stands
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
    rows: (/** @type {NewRows} */ rows) => hear(() => (view() === "run" ? growRun(rows) : grow(rows))),
    run: (/** @type {ChangedRun} */ run) => hear(() => changeRun(run)),
    runs: () => loading.soon(),
    overview: (/** @type {Experiment} */ entry) => hear(() => changeOverview(entry)),
  });
  // A study writes what it has found after its runs, of whose ends the server tells.
  setInterval(() => {
    if (view() === "study" && !document.hidden) loading.soon();
  }, STUDY_AGAIN);
}

/** @param {Experiment} entry */
function changeOverview(entry) {
  if (view() === "overview") {
    changeExperiment(entry);
    showTitle({ title: "runner", counts: overviewCounts() });
  }
  if (view() === "study") loading.soon();
}

/**
 * What is said about a run. Tables, changes and findings are of whole configs, and files are many: the server makes
 * them anew. A run that the page leaves out, as one that waits at a rung, may be in them now.
 *
 * @param {ChangedRun} changed
 */
function changeRun({ of, ...entry }) {
  if (view() === "run") {
    if (changeCurrentRun(entry)) loading.soon();
    return;
  }
  const run = runOf(entry.id);
  const experiment = chosenText("experiment");
  const isOther = run ? run.state !== entry.state : !experiment || of.includes(experiment);
  if (run) {
    Object.assign(run, entry);
    tell("runs");
  }
  if (isOther && view() === "page") loading.soon();
}
