// A study: what it has answered, its pictures, and what it decided.

/** @import { Study } from "./types.js" */

import { el } from "../page/elements.js";
import { linkTo, part } from "./views.js";

/** @type {(study: Study) => void} */
export let showStudy = () => {};

export function studyView() {
  const element = part("study", el("div", { id: "study" }));
  let shown = "";
  showStudy = (study) => {
    if (JSON.stringify(study) === shown) return; // what a reader looks at stays
    shown = JSON.stringify(study);
    element.replaceChildren(...contents(study));
  };
}

/** @param {Study} study */
function contents({ name, state, question, answer, answers, decisions, pictures, files, problem }) {
  const file = (/** @type {string} */ one) => `/api/study/${encodeURIComponent(name)}/file/${encodeURIComponent(one)}`;
  const plain = (/** @type {string} */ one) => one.replace(/\.\w+$/, "");
  // Of a picture in two formats the first.
  const shown = pictures.filter((one, at) => pictures.findIndex((other) => plain(other) === plain(one)) === at);
  const isExperiment = (/** @type {string} */ one) => one.endsWith(".toml");
  return [
    problem ? el("p", { class: "problem" }, problem) : null,
    el("p", { class: "answer" }, answer.length ? answer.join(" ") : "It has no answer yet."),
    el("p", { class: "muted" }, question ? `${state}: ${question}` : state),
    el("div", { class: "grid" }, ...shown.map((one) => el("figure", { class: "whole study-picture" },
      el("h3", {}, plain(one)),
      el("img", { src: file(one), alt: `${plain(one)} of the study ${name}: its answers say the same` })))),
    el("h2", {}, "Questions and answers"),
    ...answers.map(([asked, sentences]) => el("details", { class: "run", open: true }, el("summary", {}, asked),
      el("div", {}, el("p", {}, sentences.join(" "))))),
    decisions.length ? el("h2", {}, "Decisions") : null,
    el("dl", { class: "commands" }, ...decisions.flatMap(([what, why]) => [el("dt", {}, what), el("dd", {}, why)])),
    el("h2", {}, "Its experiments and files"),
    el("ul", {}, ...files.map((one) => el("li", {}, el("a", { href: file(one), download: one }, one),
      ...(isExperiment(one) ? [" ", linkTo({ experiment: plain(one) }, "its runs")] : [])))),
  ].filter((child) => child != null);
}
