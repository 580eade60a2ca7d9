// The run whose page is shown, as the server has it, and the rows that have come since.

/** @import { Entry } from "../../data/types.js" */
/** @import { NewRows, RunPage } from "../types.js" */

import { chosenText } from "../../page/address.js";
import { tell } from "../../page/events.js";
import { byItself, whenThereIsTime } from "../../page/pace.js";

/** @type {RunPage | null} */
let run = null;

/** The run, once it has come. */
export const currentRun = () => (run?.id === chosenText("run") ? run : null);

/** @param {RunPage} now */
export function setRun(now) {
  run = now;
  tell("run");
}

/** @param {NewRows} event */
export function growRun(event) {
  const now = currentRun();
  if (!now || now.id !== event.id) return;
  const { rows } = now;
  const known = new Set(rows.epoch);
  event.epochs.forEach((epoch, at) => {
    if (known.has(epoch)) return;
    for (const name of Object.keys(rows)) rows[name].push(valueOf(event, name, at));
  });
  Object.assign(now, { last: event.last ?? now.last, state: event.state, seconds_left: event.seconds_left });
  whenThereIsTime("run", () => byItself(() => tell("run")));
}

/**
 * A value of a column that the event may not have.
 *
 * @param {NewRows} event
 * @param {string} name
 * @param {number} at
 */
function valueOf({ epochs, steps, seconds, rows }, name, at) {
  /** @type {Record<string, (number | null)[] | undefined>} */
  const columns = { ...rows, epoch: epochs, step: steps, seconds };
  if (name === "gap") {
    const [train, test] = [rows.train_accuracy?.[at], rows.test_accuracy?.[at]];
    return train == null || test == null ? null : train - test;
  }
  return columns[name]?.[at] ?? null;
}

/**
 * What changed of it besides its rows.
 *
 * @param {Entry} entry
 */
export function changeCurrentRun(entry) {
  const now = currentRun();
  if (!now || now.id !== entry.id) return false;
  const isOther = now.state !== entry.state;
  Object.assign(now, entry);
  tell("run");
  return isOther;
}
