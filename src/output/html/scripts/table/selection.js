// The configs whose curves are drawn, and the colour of each.

import { configs, data } from "../data/data.js";
import { palette } from "../look/colors.js";
import { tell } from "../page/events.js";
import { order } from "./order.js";

export const DRAWN_AT_FIRST = 5; // more lines are hard to tell apart

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

const selection = new Set(drawnAtFirst());

/**
 * The place of each selected config in the palette, kept while it stays selected.
 *
 * @type {Map<number, number>}
 */
const slots = new Map();
giveSlots();

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
  giveSlots();
  tell("selection");
}

/** @param {readonly number[]} indexes */
export function selectOnly(indexes) {
  selection.clear();
  select(indexes, true);
}
