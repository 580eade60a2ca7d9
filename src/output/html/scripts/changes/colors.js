// The colour of a change by what is shown of it.

/** @import { Direction } from "../data/types.js" */

import { cssColor, palette } from "../look/colors.js";

/** @type {Record<Exclude<Direction, "unclear">, number>} */
const PLACES = { better: 2, worse: 1, narrower: 0, wider: 3 }; // in the palette

/** @param {Direction} direction */
export const colorOfChange = (direction) =>
  (direction === "unclear" ? cssColor("muted") : palette()[PLACES[direction]]);
