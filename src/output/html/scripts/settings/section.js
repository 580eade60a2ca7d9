// The section on what settings do: by one setting, by two, their effects, and all of them at once.

/** @import { Option } from "../page/controls.js" */

import { varied } from "../data/data.js";
import { figures, presentFigures } from "../data/figures.js";
import { chosenText, keep } from "../page/address.js";
import { choice, follow } from "../page/controls.js";
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

/** @typedef {"setting" | "across" | "up"} Role of a setting in a plot */

function figureKey() {
  const chosen = chosenText("figure");
  if (presentFigures.includes(chosen)) return chosen;
  return presentFigures.includes("gap") ? "gap" : presentFigures[0];
}

/**
 * Which setting has a role: the chosen one, else the first, or the second upward.
 *
 * @param {Role} role
 */
function settingOf(role) {
  const chosen = varied.findIndex(({ key }) => key === chosenText(role));
  return chosen >= 0 ? chosen : role === "up" ? Math.min(1, varied.length - 1) : 0;
}

export function settingsSection() {
  const controls = el("div", { class: "controls" }, figureChoice(),
    el("span", { class: "muted" }, "of the finished runs that the table's filter leaves"));
  section("settings", "Settings", () => varied.length > 0 && presentFigures.length > 0, incomparableNote(), controls,
    el("div", { class: "grid" }, bySetting(), twoSettings(), ...effectsFigure(), parallelFigure()));
}

function bySetting() {
  return figure({
    id: "by-setting", title: "By setting", events: ["filter", "settings"],
    draw: () => drawBySetting(settingOf("setting"), figureKey()),
    controls: [settingChoice("Setting", "setting", 2)],
    caption: () => (haveGroups() ? DOTS_AND_MEANS : DOTS),
  }).element;
}

function twoSettings() {
  return figure({
    id: "heat-map", title: "Two settings", events: ["filter", "settings"], isShown: () => varied.length > 1,
    draw: () => drawHeatMap(settingOf("across"), settingOf("up"), figureKey()),
    controls: [settingChoice("Across", "across", 3), settingChoice("Up", "up", 3)],
    caption: () => (haveGroups() ? CELLS : DOTS),
  }).element;
}

// Whether runs share the values of any setting.
const haveGroups = () => varied.some((_, setting) => !hasManyNumbers(setting));

/**
 * @param {string} text
 * @param {Role} role
 * @param {number} least settings that leave a choice
 */
function settingChoice(text, role, least) {
  const options = () => varied.map(({ key, short }) => /** @type {Option<string>} */ ([key, short]));
  const label = choice(text, options, () => varied[settingOf(role)]?.key ?? "", (value) => {
    keep(role, value);
    tell("settings");
  });
  follow(() => {
    label.hidden = varied.length < least;
  });
  return label;
}

function figureChoice() {
  const options = () => presentFigures.map((key) => /** @type {Option<string>} */ ([key, figures[key].name]));
  return choice("Figure", options, () => figureKey() ?? "", (value) => {
    keep("figure", value);
    tell("settings");
  });
}
