// The section on what settings do: by one setting, by two, their effects, and all of them at once.

/** @import { Option } from "../page/controls.js" */

import { varied } from "../data/data.js";
import { figures, presentFigures } from "../data/figures.js";
import { choice } from "../page/controls.js";
import { el } from "../page/elements.js";
import { tell } from "../page/events.js";
import { incomparableNote, section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { drawBySetting } from "./by_setting.js";
import { effectsFigure } from "./effects.js";
import { drawHeatMap } from "./heat_map.js";
import { parallelFigure } from "./parallel.js";
import { hasManyNumbers } from "./places.js";

const DOTS = "A dot a run, whatever its other settings.";
const DOTS_AND_MEANS =
  "A dot a run; diamonds are means over all other settings and seeds, with their standard deviation.";
const CELLS = "Means over all other settings and seeds; an empty cell has no finished run. " +
  "Settings of many numbers: a dot a run.";

const chosen = {
  key: presentFigures.includes("gap") ? "gap" : presentFigures[0],
  setting: 0,
  across: 0,
  up: Math.min(1, varied.length - 1),
};

export function settingsSection() {
  if (!varied.length || !presentFigures.length) return;
  const plots = [bySetting(), ...(varied.length > 1 ? [twoSettings()] : []), ...effectsFigure(), ...parallelFigure()];
  const controls = el("div", { class: "controls" }, figureChoice(),
    el("span", { class: "muted" }, "of the finished runs that the table's filter leaves"));
  section("settings", "Settings", incomparableNote(), controls, el("div", { class: "grid" }, ...plots));
}

function bySetting() {
  return figure({
    id: "by-setting", title: "By setting", events: ["filter", "settings"],
    draw: () => drawBySetting(chosen.setting, chosen.key),
    controls: varied.length > 1 ? [settingChoice("Setting", "setting")] : [],
    caption: haveGroups() ? DOTS_AND_MEANS : DOTS,
  }).element;
}

function twoSettings() {
  return figure({
    id: "heat-map", title: "Two settings", events: ["filter", "settings"],
    draw: () => drawHeatMap(chosen.across, chosen.up, chosen.key),
    controls: varied.length > 2 ? [settingChoice("Across", "across"), settingChoice("Up", "up")] : [],
    caption: haveGroups() ? CELLS : DOTS,
  }).element;
}

// Whether runs share the values of any setting.
const haveGroups = () => varied.some((_, setting) => !hasManyNumbers(setting));

/**
 * @param {string} text
 * @param {"setting" | "across" | "up"} name
 */
function settingChoice(text, name) {
  const options = varied.map((setting, index) => /** @type {Option<string>} */ ([String(index), setting.short]));
  return choice(text, options, String(chosen[name]), (value) => {
    chosen[name] = Number(value);
    tell("settings");
  });
}

function figureChoice() {
  const options = presentFigures.map((key) => /** @type {Option<string>} */ ([key, figures[key].name]));
  return choice("Figure", options, chosen.key, (value) => {
    chosen.key = value;
    tell("settings");
  });
}
