// Plots are drawn one after another, so that the page answers in between. Of many runs, a plot out of sight is not
// painted: the table would scroll slowly beside thousands of dots.

import { runs } from "../data/data.js";
import { on } from "../page/events.js";

const MANY = 1000; // runs

on("data", () => document.body.classList.toggle("many", runs.length > MANY));

/** @type {(() => void)[]} */
const waiting = [];

/** @param {() => void} task */
export function later(task) {
  if (waiting.push(task) > 1) return;
  document.documentElement.dataset.drawing = "";
  setTimeout(next, 0);
}

function next() {
  try {
    waiting[0]();
  } finally { // one that fails stops no other
    waiting.shift();
    if (waiting.length) setTimeout(next, 0);
    else delete document.documentElement.dataset.drawing;
  }
}
