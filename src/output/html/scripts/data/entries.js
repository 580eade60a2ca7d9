// What is said of a run, taken over from what a server sends: values that it has no longer are left out there.

/** @import { Entry } from "./types.js" */

const SOMETIMES = /** @type {const} */ (["reason", "model", "result_sha256", "notes"]); // left out where empty

/**
 * Takes an entry over: what the run had and the entry has not is gone.
 *
 * @param {Entry} run
 * @param {Entry} entry
 */
export function adoptEntry(run, entry) {
  for (const name of SOMETIMES) if (!(name in entry)) delete run[name];
  Object.assign(run, entry);
}
