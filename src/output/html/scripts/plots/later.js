// Plots are drawn one after another, so that the page answers in between, and not while the reader scrolls or types.
// Of many runs, a plot out of sight is not painted: the table would scroll slowly beside thousands of dots.

import { runs } from "../data/data.js";
import { on } from "../page/events.js";

const MANY = 500; // runs
const QUIET = 150; // milliseconds without a move of the reader, after which drawing goes on

export const areManyRuns = () => runs.length > MANY;

on("data", () => document.body.classList.toggle("many", areManyRuns()));

/** @type {(() => void)[]} */
const waiting = [];
let moved = -Infinity; // when the reader last scrolled or typed, in milliseconds

for (const event of ["scroll", "input"]) {
  window.addEventListener(event, ({ target }) => {
    if (event === "scroll" || isText(target)) moved = performance.now();
  }, { capture: true, passive: true });
}

/** @param {EventTarget | null} target */
const isText = (target) => target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && ["search", "text"].includes(target.type));

/** @param {() => void} task */
export function later(task) {
  if (waiting.push(task) > 1) return;
  document.documentElement.dataset.drawing = "";
  // What was changed at once is shown first. A page that nobody sees has no frames.
  if (document.hidden) setTimeout(next, 0);
  else requestAnimationFrame(() => setTimeout(next, 0));
}

function next() {
  const rest = moved + QUIET - performance.now();
  if (rest > 0) {
    setTimeout(next, rest);
    return;
  }
  try {
    waiting[0]();
  } finally { // one that fails stops no other
    waiting.shift();
    if (waiting.length) setTimeout(next, 0);
    else delete document.documentElement.dataset.drawing;
  }
}
