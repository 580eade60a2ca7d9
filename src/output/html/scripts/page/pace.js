// What comes by itself, and was not asked for by the reader, is shown when there is time: trainings beside the page
// need the same CPU. The longer showing takes, the longer it rests.

import { later } from "../plots/later.js";

const TIMES = 100; // as long as showing took it rests: one percent of one core
const LEAST = 2000; // milliseconds
const MOST = 30_000;

/** @type {Map<string, () => unknown>} */
const waiting = new Map();
/** @type {number | undefined} */
let timer;
let isShowing = false;
let free = 0; // from when on there is time, in milliseconds
let isByItself = false;

/** Whether what is told now came by itself. */
export const comesByItself = () => isByItself;

/**
 * Shows something as soon as there is time, once, however often it is asked for; `show` may take as long as a promise.
 *
 * @param {string} key what is shown: of two that wait, the later one is
 * @param {() => unknown} show
 */
export function whenThereIsTime(key, show) {
  waiting.set(key, show);
  if (!isShowing) timer ??= window.setTimeout(() => void showAll(), Math.max(0, free - performance.now()));
}

/**
 * Tells what came by itself.
 *
 * @param {() => void} telling
 */
export function byItself(telling) {
  isByItself = true;
  try {
    telling();
  } finally {
    isByItself = false;
  }
}

async function showAll() {
  timer = undefined;
  isShowing = true;
  const started = performance.now();
  const shows = [...waiting.values()];
  waiting.clear();
  try {
    await Promise.all(shows.map((show) => show()));
  } finally {
    // With what was put off to be drawn one after another, and what the browser makes of it.
    later(() => requestAnimationFrame(() => setTimeout(() => {
      isShowing = false;
      const now = performance.now();
      free = now + Math.min(MOST, Math.max(LEAST, TIMES * (now - started)));
      for (const [key, show] of [...waiting]) whenThereIsTime(key, show);
    }, 0)));
  }
}
