// The configs whose curves are drawn, and the colour of each. They stay the same configs when the data are replaced.

import { configs, data, runs } from "../data/data.js";
import { palette } from "../look/colors.js";
import { chosenText, keep } from "../page/address.js";
import { announce } from "../page/announce.js";
import { on, tell } from "../page/events.js";
import { order } from "./order.js";

export const DRAWN_AT_FIRST = 5; // more lines are hard to tell apart
const MOST_IN_ADDRESS = 2000; // configs: more make an address that programs cut

// In the address, instead of ids of runs.
const [ALL, NONE] = ["all", "none"];

/** @type {Set<number>} */
const selection = new Set();
/**
 * The place of each selected config in the palette, kept while it stays selected.
 *
 * @type {Map<number, number>}
 */
const slots = new Map();
/**
 * The slot of each run of a selected config: a config is known again by any run of it.
 *
 * @type {Map<string, number>}
 */
const slotsOfRuns = new Map();
let isChosen = false; // by the reader; else the page chooses

let kept = ""; // what the address says of it

on("data", follow);
on("address", () => {
  if (chosenText("draw") === kept) return; // something else was chosen
  readAddress();
  tell("selection");
});

/**
 * The baseline and what changes most of what is shown to change anything; without a baseline the best.
 *
 * @returns {number[]}
 */
function drawnAtFirst() {
  const best = configs.map((_, index) => index);
  if (!data.changes) return best.slice(0, DRAWN_AT_FIRST);
  const { baseline, list } = data.changes;
  const size = (/** @type {{ score: { value: number | null } }} */ { score }) => Math.abs(score.value ?? 0);
  const shown = list.filter(({ direction }) => direction !== "unclear").sort((a, b) => size(b) - size(a));
  const first = [baseline.config, ...shown.map(({ config }) => config), ...best];
  return [...new Set(first)].slice(0, DRAWN_AT_FIRST);
}

// Other data: the same configs, and as many more as there is room for where the reader has not chosen.
function follow() {
  if (!slotsOfRuns.size && chosenText("draw")) {
    readAddress();
    return;
  }
  selection.clear();
  slots.clear();
  configs.forEach((config, index) => {
    const slot = config.runs.map((run) => slotsOfRuns.get(runs[run].id)).find((known) => known != null);
    if (slot == null) return;
    selection.add(index);
    slots.set(index, slot);
  });
  if (kept === ALL) configs.forEach((_, index) => selection.add(index));
  else if (!selection.size && kept !== NONE) isChosen = false;
  if (!isChosen) {
    for (const index of drawnAtFirst()) if (selection.size < DRAWN_AT_FIRST) selection.add(index);
  }
  giveSlots();
}

function readAddress() {
  kept = chosenText("draw");
  const ids = new Set(kept.split(",").filter(Boolean));
  isChosen = ids.size > 0;
  selection.clear();
  if (isChosen) {
    configs.forEach((config, index) => {
      if (kept === ALL || config.runs.some((run) => ids.has(runs[run].id))) selection.add(index);
    });
  } else {
    for (const index of drawnAtFirst()) selection.add(index);
  }
  giveSlots();
}

function giveSlots() {
  for (const index of slots.keys()) if (!selection.has(index)) slots.delete(index);
  const taken = new Set(slots.values());
  let free = 0;
  for (const index of order) {
    if (!selection.has(index) || slots.has(index)) continue;
    while (taken.has(free)) free += 1;
    slots.set(index, free);
    taken.add(free);
  }
  slotsOfRuns.clear();
  for (const [index, slot] of slots) {
    for (const run of configs[index].runs) slotsOfRuns.set(runs[run].id, slot);
  }
}

/** @param {number} index */
export const isSelected = (index) => selection.has(index);

// The selected configs in the table's order.
export const selected = () => order.filter(isSelected);

/** @param {number} index */
export const colorOf = (index) => palette()[(slots.get(index) ?? 0) % palette().length];

/**
 * @param {readonly number[]} indexes
 * @param {boolean} isOn
 */
export function select(indexes, isOn) {
  for (const index of indexes) {
    if (isOn) selection.add(index);
    else selection.delete(index);
  }
  isChosen = true;
  giveSlots();
  kept = inAddress();
  keep("draw", kept);
  tell("selection");
}

function inAddress() {
  if (!selection.size) return NONE;
  if (selection.size === configs.length && configs.length > DRAWN_AT_FIRST) return ALL;
  const ids = selected().map((index) => runs[configs[index].runs[0]].id);
  if (ids.length > MOST_IN_ADDRESS) {
    announce(`the address keeps the first ${MOST_IN_ADDRESS} of the ${ids.length} configs that are drawn`);
  }
  return ids.slice(0, MOST_IN_ADDRESS).join(",");
}

/** @param {readonly number[]} indexes */
export function selectOnly(indexes) {
  selection.clear();
  select(indexes, true);
}
