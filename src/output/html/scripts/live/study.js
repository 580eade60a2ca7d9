// A study: what it has answered, each question with its picture, and what it decided.

/** @import { Made } from "../page/keyed.js" */
/** @import { Answered, Study } from "./types.js" */

import { el } from "../page/elements.js";
import { keyed, setText } from "../page/keyed.js";
import { linkTo, part } from "./views.js";

/** @type {(study: Study) => void} */
export let showStudy = () => {};

export function studyView() {
  const problem = el("p", { class: "problem" });
  const answer = el("p", { class: "answer" });
  const state = el("p", { class: "muted" });
  const questions = el("div", {});
  const rest = el("div", {});
  const inside = el("div", { hidden: true }, problem, answer, state, el("h2", {}, "Questions and answers"), questions,
    rest);
  part("study", el("div", { id: "study" }, inside));
  const showQuestions = keyed(questions, (/** @type {Answered} */ one) => one.question, question);
  let shown = "";
  showStudy = (study) => {
    inside.hidden = false;
    problem.hidden = !study.problem;
    setText(problem, study.problem ?? "");
    setText(answer, study.answer.length ? study.answer.join(" ") : "It has no answer yet.");
    setText(state, study.question ? `${study.state}: ${study.question}` : study.state);
    showQuestions(study.answers);
    const { name, decisions, files } = study;
    const now = JSON.stringify([name, decisions, files]);
    if (now === shown) return; // what a reader looks at stays
    shown = now;
    rest.replaceChildren(...decisionsAndFiles(study));
  };
}

/**
 * @param {Answered} first
 * @returns {Made<Answered>}
 */
function question({ question: asked }) {
  const inside = el("div", {});
  const element = el("details", { class: "run question", open: true }, el("summary", {}, asked), inside);
  let shown = "";
  const update = (/** @type {Answered} */ { sentences, picture, table }) => {
    const now = JSON.stringify([sentences, picture, table]);
    if (now === shown) return;
    shown = now;
    inside.replaceChildren(el("p", {}, sentences.join(" ")), ...pictured(asked, picture),
      ...(table ? [el("pre", { class: "log", tabindex: "0", "aria-label": `Table of ${asked}` }, table)] : []));
  };
  return { element, update };
}

/**
 * As an image, in which nothing runs.
 *
 * @param {string} asked
 * @param {string} [picture]
 */
function pictured(asked, picture) {
  if (!picture) return [];
  const src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  return [el("img", { src, alt: `Picture of ${asked} The sentences above say the same` })];
}

/** @param {Study} study */
function decisionsAndFiles({ name, decisions, files }) {
  const file = (/** @type {string} */ one) => `/api/study/${encodeURIComponent(name)}/file/${encodeURIComponent(one)}`;
  return [
    ...(decisions.length ? [el("h2", {}, "Decisions")] : []),
    el("dl", { class: "commands" }, ...decisions.flatMap(([what, why]) => [el("dt", {}, what), el("dd", {}, why)])),
    el("h2", {}, "Its experiments and files"),
    el("ul", {}, ...files.map(({ name: one, experiment }) => el("li", {},
      el("a", { href: file(one), download: one }, one),
      ...(experiment ? [" ", linkTo({ experiment }, "its runs")] : [])))),
  ];
}
