// What changes on the server, as it says it. A lost connection is made anew; a tab that nobody sees has none, because
// browsers allow few to one server.

import { ask, Refused } from "./api.js";
import { say } from "./status.js";

const FIRST_WAIT = 1000; // milliseconds until a lost connection is made anew, doubled each time
const LONGEST_WAIT = 20_000;

/** @typedef {Record<string, (content: any) => void>} Hearers by the name of the event */

/** @type {EventSource | null} */
let source = null;
/** @type {Hearers} */
let hearers = {};
/** @type {number | null} */
let version = null; // what this page knows, if it knows it
let wait = FIRST_WAIT;
let wasLost = false;
let hasEnded = false;

/**
 * Hears of what came after a version, or from now on.
 *
 * @param {number | null} from
 * @param {Hearers} listeners
 */
export function listen(from, listeners) {
  version = from;
  hearers = listeners;
  document.addEventListener("visibilitychange", follow);
  follow();
}

function follow() {
  if (document.hidden) {
    source?.close();
    source = null;
    wasLost = true;
    say("paused");
  } else if (!source && !hasEnded) {
    connect();
  }
}

function connect() {
  source = new EventSource(`/api/events${version == null ? "" : `?version=${version}`}`);
  source.onopen = () => {
    wait = FIRST_WAIT;
    say("live");
    if (wasLost && version == null) hearers.runs({}); // what was missed is not known
    wasLost = false;
  };
  source.onerror = () => void lost();
  for (const [name, hear] of Object.entries(hearers)) {
    source.addEventListener(name, (event) => {
      version = Number(event.lastEventId) || version;
      hear(JSON.parse(event.data));
    });
  }
}

// The browser's own attempts end with some errors; ours do not, but with a server that does not know this browser.
async function lost() {
  source?.close();
  source = null;
  wasLost = true;
  if (document.hidden) return;
  say("lost");
  try {
    await ask("/api/overview");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      hasEnded = true;
      say("ended");
      return;
    }
  }
  setTimeout(follow, wait);
  wait = Math.min(LONGEST_WAIT, 2 * wait);
}
