// Curves that are not in the data, because there are many runs: asked for when they are to be drawn.

import { runOf } from "../data/data.js";
import { on, tell } from "../page/events.js";
import { adopt } from "./grow.js";

/** @import { RunCurves } from "../live/types.js" */

const AT_ONCE = 100; // runs of one question

/** @type {((ids: string[]) => Promise<Record<string, RunCurves>>) | null} */
let source = null;
/** @type {Set<string>} */
const wanted = new Set();
/** @type {Set<string>} */
const asked = new Set(); // until other data have come
on("data", () => asked.clear());
let isAsking = false;

/** @param {typeof source} from where curves come from */
export function setCurveSource(from) {
  source = from;
}

/** @param {string[]} ids of runs */
export function want(ids) {
  if (!source) return;
  for (const id of ids) if (!asked.has(id)) wanted.add(id);
  if (!isAsking && wanted.size) setTimeout(() => void askAll(), 0);
}

/**
 * Curves of those that can be read: the files of one run may be damaged, which its own page says.
 *
 * @param {string[]} ids
 * @returns {Promise<Record<string, RunCurves>>}
 */
async function answerTo(ids) {
  if (!source) return {};
  try {
    return await source(ids);
  } catch {
    if (ids.length === 1) return {};
    const half = Math.ceil(ids.length / 2);
    return { ...await answerTo(ids.slice(0, half)), ...await answerTo(ids.slice(half)) };
  }
}

async function askAll() {
  if (isAsking || !source) return;
  isAsking = true;
  try {
    while (wanted.size) {
      const ids = [...wanted].slice(0, AT_ONCE);
      for (const id of ids) {
        wanted.delete(id);
        asked.add(id);
      }
      const answer = await answerTo(ids);
      for (const [id, curves] of Object.entries(answer)) {
        const run = runOf(id);
        if (run && !run.curves) adopt(run, curves);
      }
      for (const id of ids) { // those that have vanished are not asked for again
        const run = runOf(id);
        if (run) run.curves ??= {};
      }
      tell("rows");
    }
  } finally {
    isAsking = false;
  }
}
