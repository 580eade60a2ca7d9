// What changes on the server, as it says it. A lost connection is made anew, and so is one that says nothing for long;
// a tab that nobody sees has none, because browsers allow few to one server.

import { ask, Refused } from "./api.js";
import { say } from "./status.js";

const FIRST_WAIT = 1000; // milliseconds until a lost connection is made anew, doubled each time
const LONGEST_WAIT = 20_000;
const LONGEST_SILENCE = 40_000; // a server that looks at the runs says so each 15 seconds

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
/** @type {number | undefined} */
let silence; // what ends it
/** @type {number | undefined} */
let trying; // until the connection is made anew

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
    close();
    wasLost = true;
    say("paused");
  } else if (!source && !hasEnded) {
    connect();
  }
}

function close() {
  source?.close();
  source = null;
  clearTimeout(silence);
}

function connect() {
  clearTimeout(trying);
  const own = new EventSource(`/api/events${version == null ? "" : `?version=${version}`}`);
  source = own;
  clearTimeout(silence);
  silence = window.setTimeout(() => void lost(), LONGEST_SILENCE);
  own.onopen = () => {
    if (wasLost && version == null) hearers.runs({}); // what was missed is not known
    wasLost = false;
  };
  own.onerror = () => void lost();
  own.addEventListener("beat", heard);
  for (const [name, hear] of Object.entries(hearers)) {
    own.addEventListener(name, (event) => {
      heard();
      version = Number(event.lastEventId) || version;
      hear(JSON.parse(event.data));
    });
  }
}

// That a connection is there does not say that the server sees what changes.
function heard() {
  wait = FIRST_WAIT;
  say("live");
  clearTimeout(silence);
  silence = window.setTimeout(() => void lost(), LONGEST_SILENCE);
}

// The browser's own attempts end with some errors; ours do not, but with a server that does not know this browser.
async function lost() {
  close();
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
  clearTimeout(trying);
  trying = window.setTimeout(follow, wait);
  wait = Math.min(LONGEST_WAIT, 2 * wait);
}
