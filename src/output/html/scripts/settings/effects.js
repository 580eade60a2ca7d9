// The main effects: a row a value of a setting, with the mean over all other settings and its 95 % interval.

/** @import { ToText } from "../data/numbers.js" */
/** @import { Effects, EffectFigures, EffectSetting, Level } from "../data/types_of_effects.js" */
/** @import { Option } from "../page/controls.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { data } from "../data/data.js";
import { label } from "../data/labels.js";
import { fixed, percent, points } from "../data/numbers.js";
import { labelled, tickText } from "../data/values.js";
import { cssColor, palette } from "../look/colors.js";
import { chosenText, keep } from "../page/address.js";
import { choice, follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { figure } from "../plots/figure.js";
import { hover } from "../plots/layout.js";
import { sayInstead } from "./instead.js";

/** @typedef {keyof EffectFigures} Key */

/**
 * @typedef {object} Row
 * @property {EffectSetting} setting
 * @property {Level} level
 * @property {number} at place of the setting
 */

const CAPTION = "Each value of a setting averaged over the same combinations of the others, with its 95 % interval " +
  "from the spread of the seeds. Of all finished runs, whatever the filter.";

// The figure of the effects, or what is said of them without one.
export function effectsFigure() {
  const list = el("ul", { class: "notes" });
  const inWords = el("figure", { class: "whole", "aria-label": "Main effects in words" }, list);
  const key = () => /** @type {Key} */ (chosenText("effects") || "gap");
  const heldOut = () => data.effects?.held_out ?? "test";
  /** @returns {Option<Key>[]} */
  const options = () => [["gap", "gap"], ["held_out", `${heldOut()} accuracy`], ["train", "train accuracy"]];
  const drawn = figure({
    id: "effects", title: "Main effects", events: ["settings"], caption: CAPTION, isWhole: true,
    isShown: () => Boolean(data.effects?.settings.length),
    height: () => Math.max(300, 90 + 26 * (data.effects?.settings.flatMap(({ levels }) => levels).length ?? 0)),
    draw: () => (data.effects ? drawEffects(data.effects, key()) : sayInstead("There are no effects to show.")),
    controls: [choice("On", options, key, (value) => {
      keep("effects", value);
      drawn.redraw();
    })],
  });
  follow(() => {
    const lines = data.effects ? [...data.effects.trends, ...data.effects.interactions, ...data.effects.notes] : [];
    list.replaceChildren(...lines.map((line) => el("li", {}, line)));
    inWords.hidden = !lines.length;
  });
  return [drawn.element, inWords];
}

/**
 * @param {Effects} effects
 * @param {Key} key
 * @returns {Drawing}
 */
function drawEffects(effects, key) {
  const rows = effects.settings.flatMap((setting, at) => setting.levels.map((level) => ({ setting, level, at })));
  const places = rows.map(({ at }, i) => i + at * 0.6); // a little room between settings
  const ticks = labelled(rows.length, 30);
  const said = rows.map((row) => words(row, key));
  const accuracy = `${key === "train" ? "train" : effects.held_out} accuracy`;
  const told = said.slice(0, 60).map((lines) => lines.join(", "));
  return {
    traces: [effectsTrace(rows, key, places, said)],
    shows: key, text: `Main effects on the ${key === "gap" ? "gap" : accuracy}. ${told.join("; ")}.`,
    layout: {
      xaxis: {
        title: { text: key === "gap" ? "gap in points" : `${label(accuracy)} in %` },
        rangemode: key === "gap" ? "tozero" : "normal",
      },
      yaxis: {
        tickvals: ticks.map((at) => places[at]),
        ticktext: ticks.map((at) => label(`${rows[at].setting.name} ${tickText(rows[at].level.value)}`, 34)),
        autorange: "reversed", showgrid: false, zeroline: false,
      },
    },
  };
}

/**
 * @param {Row[]} rows
 * @param {Key} key
 * @param {number[]} places
 * @param {string[][]} said lines of each row
 */
function effectsTrace(rows, key, places, said) {
  const colors = palette();
  const halves = rows.map(({ level }) => level.mean[key][1] ?? 0);
  return {
    x: rows.map(({ level }) => level.mean[key][0]), y: places, mode: "markers",
    marker: { size: 10, color: rows.map(({ at }) => colors[at % colors.length]) },
    error_x: { type: "data", array: halves, color: cssColor("muted"), thickness: 1.6, width: 5 },
    ...hover(said.map((lines) => label(lines.join("\n"), 400).replace(/\n/g, "<br>"))),
  };
}

/**
 * The mean of a value and its distance from the first one, in lines.
 *
 * @param {Row} row
 * @param {Key} key
 */
function words({ setting, level }, key) {
  /** @type {ToText} */
  const text = key === "gap" ? points : percent;
  const [value, half] = level.mean[key];
  const interval = half == null ? "" : ` ± ${fixed(half, 1)}`;
  const lines = [`${setting.name} ${level.value}: mean ${text(value)}${interval} over ${level.runs} runs`];
  if (level.change) {
    const [change, width] = level.change[key];
    const sign = change >= 0 ? "+" : "";
    lines.push(`${sign}${fixed(change, 1)} points from ${setting.levels[0].value}${doubt(change, width)}`);
  }
  return lines;
}

/**
 * @param {number} change
 * @param {number | null} half width of its interval
 */
function doubt(change, half) {
  if (half == null) return ", the seeds show no spread: cannot be told from noise";
  const width = fixed(half, 1);
  return Math.abs(change) <= half ? `, within ± ${width}: cannot be told from noise` : ` ± ${width}`;
}
