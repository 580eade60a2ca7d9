// Whether the page shows what is now: a word at its top.

import { announce } from "../page/announce.js";
import { el } from "../page/elements.js";

/** @typedef {"loading" | "live" | "paused" | "lost" | "ended"} Status */

/** @type {Record<Status, string>} */
const words = {
  loading: "loading",
  live: "live",
  paused: "paused",
  lost: "connection lost: trying again",
  ended: "the server was started anew: open the address that it printed",
};

const element = el("span", { id: "live-status", class: "status" }, words.loading);
let now = /** @type {Status} */ ("loading");

export const statusElement = () => element;

/** @param {Status} status */
export function say(status) {
  if (status === now) return;
  if (status === "lost" || status === "ended" || now === "lost") announce(words[status]);
  now = status;
  element.textContent = words[status];
  element.dataset.status = status;
}
