// Settings of many numbers: a dot a run, by one setting or on a plane of two.

/** @import { Figure } from "../data/figures.js" */
/** @import { Run } from "../data/types.js" */
/** @import { Drawing } from "../plots/figure.js" */

import { configs, varied } from "../data/data.js";
import { axisTitle, figures, isFinished } from "../data/figures.js";
import { label } from "../data/labels.js";
import { valueText } from "../data/values.js";
import { cssColor, palette, scaleColors, withAlpha } from "../look/colors.js";
import { colorBar, colorBarTitle, hover } from "../plots/layout.js";
import { filtered, runsOf } from "../table/order.js";
import { settingPlaces } from "./places.js";

/**
 * @param {number} setting
 * @param {string} key of the figure
 * @returns {Drawing}
 */
export function drawScatter(setting, key) {
  const figure = figures[key];
  const { of, text, name } = figure;
  const runs = shownRuns(figure);
  const places = settingPlaces(setting);
  const said = runs.map((run) => `${valueText(valueOf(run, setting))}: ${text(of(run))}`);
  return {
    traces: [{
      x: runs.map((run) => places.at(valueOf(run, setting))), y: runs.map(of), mode: "markers",
      marker: { color: withAlpha(palette()[0], 0.7), size: 8 },
      ...hover(runs.map((run) =>
        `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`)),
    }],
    shows: `${setting} ${key}`, text: `${name} by ${varied[setting].short}, a dot a run. ${someOf(said)}`,
    layout: {
      xaxis: places.axis,
      yaxis: { title: { text: axisTitle(figure) }, rangemode: figure.unit === "points" ? "tozero" : "normal" },
    },
  };
}

/**
 * @param {number} across setting
 * @param {number} up setting
 * @param {string} key of the figure
 * @returns {Drawing}
 */
export function drawMap(across, up, key) {
  const figure = figures[key];
  const { of, text, name, unit } = figure;
  const runs = shownRuns(figure);
  const [x, y] = [settingPlaces(across), settingPlaces(up)];
  const said = runs.map((run) =>
    `${hoverWords(run, across)}<br>${hoverWords(run, up)}<br>seed ${run.seed}: <b>${text(of(run))}</b>`);
  const told = runs.map((run) => `${words(run, across)}, ${words(run, up)}: ${text(of(run))}`);
  return {
    traces: [{
      x: runs.map((run) => x.at(valueOf(run, across))), y: runs.map((run) => y.at(valueOf(run, up))), mode: "markers",
      marker: {
        color: runs.map(of), size: 13, colorscale: scaleColors(), showscale: true,
        line: { width: 1, color: cssColor("line") }, colorbar: colorBar({ title: colorBarTitle(unit) }),
      },
      ...hover(said),
    }],
    shows: `${across} ${up}`,
    text: `${name} by ${varied[across].short} and ${varied[up].short}, a dot a run. ${someOf(told)}`,
    layout: { xaxis: x.axis, yaxis: y.axis },
  };
}

/** @param {Figure} figure */
const shownRuns = ({ of }) => runsOf(filtered).filter((run) => isFinished(run) && of(run) != null);

/**
 * @param {Run} run
 * @param {number} setting
 */
const valueOf = (run, setting) => configs[run.config].values[setting];

/**
 * @param {Run} run
 * @param {number} setting
 */
const words = (run, setting) => `${varied[setting].short} ${valueText(valueOf(run, setting))}`;

/**
 * @param {Run} run
 * @param {number} setting
 */
const hoverWords = (run, setting) => `${label(varied[setting].short)} ${label(valueText(valueOf(run, setting)))}`;

/** @param {string[]} said */
const someOf = (said) => `${said.slice(0, 60).join("; ")}${said.length > 60 ? "; and more" : ""}.`;
