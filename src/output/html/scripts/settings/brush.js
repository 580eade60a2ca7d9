// A brush over the parallel coordinates: a box over parts of some axes leaves the configs whose lines go through them.

/** @import { Axis } from "./axes.js" */

import { configs } from "../data/data.js";
import { chosenText, keep } from "../page/address.js";
import { announce } from "../page/announce.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { filterAgain, filterAlso, filtered } from "../table/order.js";
import { parallelAxes } from "./axes.js";

/**
 * A part of an axis, as shares of it.
 *
 * @typedef {[axis: string, low: number, high: number]} Part
 */

/** What the address says, and the axes of the data, as they were last read. */
const read = {
  text: "",
  parts: /** @type {Part[]} */ ([]),
  configs,
  axes: /** @type {Map<string, Axis>} */ (new Map()),
};

function brushed() {
  const text = chosenText("brush");
  if (text !== read.text) {
    read.parts = text.split(";").filter(Boolean).map((part) => {
      const [axis, low, high] = part.split("~");
      return [axis, Number(low), Number(high)];
    });
  }
  if (read.parts.length && (read.configs !== configs || !read.axes.size)) {
    read.configs = configs;
    read.axes = new Map(parallelAxes().map((axis) => [axis.name, axis]));
  }
  read.text = text;
  return read.parts;
}

filterAlso((index) => brushed().every(([name, low, high]) => {
  const axis = read.axes.get(name);
  if (!axis) return true; // of other data
  const at = axis.at(configs[index]);
  return at != null && at >= low && at <= high;
}));

/** @param {string} text */
function setBrush(text) {
  keep("brush", text);
  filterAgain();
  announce(text ? `${filtered.length} of ${configs.length} configs are in the box` : "all configs again");
}

/**
 * Hears of boxes that are drawn over the plot.
 *
 * @param {HTMLElement} element that plotly has drawn into
 */
export function brush(element) {
  const plot = /** @type {PlotElement} */ (element);
  plot.removeAllListeners("plotly_selected");
  plot.on("plotly_selected", (event) => {
    const range = event?.range;
    if (!range?.x || !range.y) return;
    const [left, right] = [...range.x].sort((a, b) => a - b);
    const [low, high] = [...range.y].sort((a, b) => a - b);
    const own = parallelAxes().filter((_, at) => at >= left && at <= right);
    const kept = brushed().filter(([name]) => !own.some((axis) => axis.name === name));
    const added = own.map(({ name }) => /** @type {Part} */ ([name, low, high]));
    setBrush([...kept, ...added].map(([name, from, to]) => `${name}~${from.toFixed(3)}~${to.toFixed(3)}`).join(";"));
  });
}

/** The parts of axes that are chosen, as shapes of the plot. */
export function brushShapes() {
  const parts = brushed();
  if (!parts.length) return [];
  const names = parallelAxes().map(({ name }) => name);
  return parts.flatMap(([name, low, high]) => {
    const at = names.indexOf(name);
    return at < 0 ? [] : [{ x0: at - 0.06, x1: at + 0.06, y0: low, y1: high }];
  });
}

export function brushButton() {
  const button = el("button", { type: "button", onclick: () => setBrush("") }, "Clear the box");
  const update = () => {
    button.hidden = !brushed().length;
  };
  for (const event of /** @type {const} */ (["data", "address", "filter"])) on(event, update);
  update();
  return button;
}
