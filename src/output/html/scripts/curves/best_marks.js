// A diamond at each seed's best epoch, on the curve that is shown of it.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Row } from "../data/types.js" */
/** @import { Kind } from "./kinds.js" */

import { configs, runs } from "../data/data.js";
import { label } from "../data/labels.js";
import { cssColor } from "../look/colors.js";
import { hover } from "../plots/layout.js";
import { colorOf } from "../table/selection.js";
import { placeOf } from "./across.js";
import { isShown } from "./choices.js";

/**
 * A trace, or none if there is nothing to mark.
 *
 * @param {number} index of the config
 * @param {Kind} kind
 * @param {ToText} text
 */
export function bestMarks(index, kind, text) {
  const marks = configs[index].runs.flatMap((run) => {
    const { best } = runs[run];
    if (!best) return [];
    const value = valueAt(best, kind);
    return value == null ? [] : [{ best, run: runs[run], value }];
  });
  if (!marks.length) return null;
  const said = marks.map(({ best, run, value }) => {
    const by = best.val != null ? "by validation" : "chosen on test";
    const epoch = `best epoch ${best.epoch} of seed ${run.seed} (${by})`;
    return `<b>${label(configs[index].label)}</b><br>${epoch}: ${text(value)}`;
  });
  return {
    x: marks.map(({ best, run }) => placeOf(index, run, best.epoch)), y: marks.map(({ value }) => value),
    mode: "markers",
    marker: { symbol: "diamond", size: 8, color: colorOf(index), line: { color: cssColor("page"), width: 1.5 } },
    ...hover(said),
  };
}

/**
 * @param {Row} best
 * @param {Kind} kind
 */
function valueAt(best, kind) {
  if (kind === "gap") return best.gap;
  const [test, val] = kind === "loss" ? [best.test_loss, best.val_loss] : [best.test, best.val];
  if (isShown("test") && test != null) return test;
  return isShown("val") ? val : null;
}
