// Curves that are not in the data, because there are many runs: asked for when they are to be drawn.

import { configs, runOf, runs } from "../data/data.js";
import { Refused } from "../live/api.js";
import { on, tell } from "../page/events.js";
import { adopt } from "./grow.js";

/** @import { RunCurves } from "../live/types.js" */

const AT_ONCE = 100; // runs of one question, if they are not of one config
const MOST = 500; // runs of one question
const AGAIN = 3000; // milliseconds until a server that does not answer is asked again

/** @type {((ids: string[]) => Promise<Record<string, RunCurves>>) | null} */
let source = null;
/** @type {Set<string>} */
const wanted = new Set();
/** @type {Set<string>} */
const asked = new Set(); // until other data have come
on("data", () => {
  asked.clear();
  for (const id of wanted) if (!runOf(id)) wanted.delete(id);
});
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
 * @returns {Promise<Record<string, RunCurves>>} without those to be asked for again
 */
async function answerTo(ids) {
  if (!source) return {};
  try {
    return await source(ids);
  } catch (error) {
    if (!(error instanceof Refused) || isOutage(error)) throw error;
    if (ids.length === 1) return { [ids[0]]: { epochs: [], steps: [], seconds: [] } };
    const half = Math.ceil(ids.length / 2);
    return { ...await answerTo(ids.slice(0, half)), ...await answerTo(ids.slice(half)) };
  }
}

// The server says of a run that it is not there, or that its files are damaged; all else passes.
const isOutage = (/** @type {Refused} */ { status }) => status === 0 || status > 500 || status === 401;

async function askAll() {
  if (isAsking || !source) return;
  isAsking = true;
  try {
    while (wanted.size) {
      const ids = nextIds();
      for (const id of ids) {
        wanted.delete(id);
        asked.add(id);
      }
      adopt(await answerTo(ids).catch((error) => {
        for (const id of ids) {
          asked.delete(id);
          wanted.add(id);
        }
        throw error;
      }));
      tell("rows");
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status !== 401) setTimeout(() => void askAll(), AGAIN);
  } finally {
    isAsking = false;
  }
}

// All runs of a config at once, so that their curves are shown at the same epochs.
function nextIds() {
  /** @type {string[]} */
  const ids = [];
  for (const id of wanted) {
    if (ids.includes(id)) continue;
    const config = configs[runOf(id)?.config ?? -1];
    const own = config ? config.runs.map((place) => runs[place].id).filter((one) => wanted.has(one)) : [id];
    if (ids.length && ids.length + own.length > AT_ONCE) break;
    ids.push(...own);
  }
  return ids.slice(0, MOST);
}
