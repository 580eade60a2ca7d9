// Many configs as one line with gaps, thin: its shape is what can be seen then.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Named } from "./kinds.js" */

import { configs } from "../data/data.js";
import { label } from "../data/labels.js";
import { palette, withAlpha } from "../look/colors.js";
import { hover } from "../plots/layout.js";
import { placesOf } from "./across.js";
import { nameWords } from "./kinds.js";
import { smoothed } from "./smooth.js";
import { summary } from "./summaries.js";

const PLACES = { train: 0, val: 2, test: 1 }; // in the palette

/**
 * @param {number[]} indexes of configs
 * @param {Named} named
 * @param {ToText} text
 */
export function linesTogether(indexes, named, text) {
  /** @type {{ x: (number | null)[], y: (number | null)[], said: string[] }} */
  const { x, y, said } = { x: [], y: [], said: [] };
  for (const index of indexes) {
    const summed = summary(index, named.name);
    if (!summed) continue;
    const places = placesOf(index);
    const means = smoothed(summed.means);
    summed.epochs.forEach((epoch, i) => {
      const value = `${nameWords(named)} ${text(summed.means[i])} at epoch ${epoch}`;
      x.push(places[i]);
      y.push(means[i]);
      said.push(`<b>${label(configs[index].label)}</b><br>${value}`);
    });
    x.push(null);
    y.push(null);
    said.push("");
  }
  const alpha = Math.max(0.15, Math.min(0.6, 20 / indexes.length));
  const line = { width: 1, color: withAlpha(palette()[PLACES[named.split]], alpha) };
  return { x, y, mode: "lines", line, connectgaps: false, ...hover(said) };
}
