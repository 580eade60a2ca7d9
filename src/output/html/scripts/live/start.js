// The page of a server: its views, loaded when they are opened, and what changes in them.

/** @import { Refused } from "./api.js" */
/** @import { View } from "./views.js" */
/** @import { ChangedRun, Experiment, NewRows } from "./types.js" */

import { setCurveSource } from "../curves/ask.js";
import { grow } from "../curves/grow.js";
import { runOf, setData } from "../data/data.js";
import { adoptEntry } from "../data/entries.js";
import { chosenText } from "../page/address.js";
import { byId, el } from "../page/elements.js";
import { on, tell } from "../page/events.js";
import { ask, query } from "./api.js";
import { diffView, setDiff } from "./diff.js";
import { showHeading, showTitle } from "./heading.js";
import { loader } from "./load.js";
import { nowSection } from "./now.js";
import { changeExperiment, overviewCounts, overviewView, showOverview } from "./overview.js";
import { answerOf, key } from "./question.js";
import { changeCurrentRun, growRun, setRun } from "./run/current.js";
import { runView } from "./run/view.js";
import { rungsSection, showRungs } from "./rungs.js";
import { statusElement } from "./status.js";
import { listen } from "./stream.js";
import { showStudy, studyView } from "./study.js";
import { linkTo, part, showView, view } from "./views.js";
import { sayOfWhere, whereControls } from "./where.js";

const problem = el("p", { class: "problem", role: "alert", hidden: true });
const AGAIN = 3000; // milliseconds until a server that does not answer is asked again
const STUDY_AGAIN = 5000; // until a study is asked for again
const STUDY_AFTER = 60_000; // how long a study may write after what changed last
let isListening = false;
let studiesUntil = 0; // until when studies of the overview may change

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
  const [{ answer, version, refused }, ...others] = await Promise.all([answerOf(now, address), ...more])
    .finally(() => {
      missed = null;
    });
  return () => {
    problem.hidden = true;
    sayOfWhere(refused);
    shows[now](more.length ? [answer, ...others] : answer);
    meanwhile.forEach((telling) => telling()); // what it has is put where it stands
    settled(version);
  };
}, failed);

/** @param {Refused} error */
function failed(error) {
  problem.textContent = error.message;
  problem.hidden = false;
  if (error.status === 0) setTimeout(() => loading.soon(), AGAIN);
  else settled(error.version); // what is not there may come
}

/**
 * Listens to what changes, from the first version on that the page has.
 *
 * @param {number | null} version that refusals may not have
 */
function settled(version) {
  if (isListening) return;
  isListening = true;
  listen(version, {
    rows: (/** @type {NewRows} */ rows) => hear(() => addRows(rows)),
    run: (/** @type {ChangedRun} */ run) => hear(() => changeRun(run)),
    runs: () => loading.soon(),
    overview: (/** @type {Experiment} */ entry) => hear(() => changeOverview(entry)),
  });
  // A study writes what it has found after its runs, of whose ends the server tells.
  setInterval(() => {
    if (document.hidden) return;
    if (view() === "study") loading.soon();
    if (view() === "overview" && performance.now() < studiesUntil) loading.soon();
  }, STUDY_AGAIN);
}

/** @param {Experiment} entry */
function changeOverview(entry) {
  studiesUntil = performance.now() + STUDY_AFTER;
  if (view() === "overview") {
    changeExperiment(entry);
    showTitle({ title: "runner", counts: overviewCounts() });
  }
  if (view() === "study") loading.soon();
}

/**
 * Rows of a run. Its page also shows what does not come with them: layers, findings, and the end of the log.
 *
 * @param {NewRows} rows
 */
function addRows(rows) {
  switch (view()) {
    case "run":
      if (growRun(rows)) loading.soon();
      break;
    case "diff":
      if (isCompared(rows.id)) loading.soon();
      break;
    default: grow(rows);
  }
}

/**
 * Whether a run of these experiments may be on the page.
 *
 * @param {string[]} of
 */
const isOfPage = (of) => !chosenText("experiment") || of.includes(chosenText("experiment"));

/** @param {string} id */
const isCompared = (id) => [chosenText("a"), chosenText("b")].includes(id);

/**
 * What is said about a run. Tables, changes and findings are of whole configs, and files are many: the server makes
 * them anew, unless the run has only been noted. A run that the page leaves out, as one that waits at a rung, may be
 * in them now.
 *
 * @param {ChangedRun} changed
 */
function changeRun(changed) {
  const { of, is_noted: isNoted, ...entry } = changed;
  const run = runOf(entry.id);
  switch (view()) {
    case "run":
      if (changeCurrentRun(changed)) loading.soon();
      break;
    case "diff":
      if (isCompared(entry.id) && !isNoted) loading.soon();
      break;
    case "page":
      // While a run is trained its rows say what is new; the table is of runs that have ended.
      if (run ? run.state !== entry.state || (!isNoted && entry.state !== "running") : isOfPage(of)) loading.soon();
      if (run) {
        adoptEntry(run, entry);
        tell("runs");
      }
      break;
    default:
  }
}
