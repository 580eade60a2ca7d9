// The run whose page is shown, as the server has it, and the rows that have come since.

/** @import { ChangedRun, NewRows, RunPage } from "../types.js" */

import { adoptEntry } from "../../data/entries.js";
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

/**
 * Adds new rows; whether they are of this run, and not known yet.
 *
 * @param {NewRows} event
 */
export function growRun(event) {
  const now = currentRun();
  if (!now || now.id !== event.id) return false;
  const { rows } = now;
  const added = columnsOf(event);
  const known = new Set(rows.epoch);
  event.epochs.forEach((epoch, at) => {
    if (known.has(epoch)) return;
    const before = rows.epoch.length;
    for (const name of new Set([...Object.keys(rows), ...Object.keys(added)])) {
      // A column that had no value so far is not there.
      (rows[name] ??= Array.from({ length: before }, () => null)).push(added[name]?.[at] ?? null);
    }
  });
  const { last = now.last, best = now.best, state, seconds_left: left } = event;
  Object.assign(now, { last, best, state, seconds_left: left });
  whenThereIsTime("run", () => byItself(() => tell("run")));
  return event.epochs.some((epoch) => !known.has(epoch));
}

/**
 * The columns of new rows, as the rows of a run have them.
 *
 * @param {NewRows} event
 * @returns {Record<string, (number | null)[] | undefined>}
 */
const columnsOf = ({ epochs, steps, seconds, rows, columns }) =>
  ({ ...rows, ...columns, epoch: epochs, step: steps, seconds });

/**
 * What changed of it besides its rows; whether there is more of it than its notes.
 *
 * @param {ChangedRun} changed
 */
export function changeCurrentRun({ is_noted: isNoted, ...entry }) {
  const now = currentRun();
  if (!now || now.id !== entry.id) return false;
  adoptEntry(now, entry);
  tell("run");
  return !isNoted;
}
