// A plot with its heading, its text alternative and its theme. plotly draws; nothing else here knows it.

/** @import { Child } from "../page/elements.js" */
/** @import { EventName } from "../page/events.js" */
/** @import { Layout } from "./layout.js" */

import { cssColor } from "../look/colors.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { later } from "./later.js";
import { themed } from "./layout.js";

const plotConfig = { displaylogo: false, responsive: true, displayModeBar: false };

/**
 * What a plot shows.
 *
 * @typedef {object} Drawing
 * @property {object[]} traces
 * @property {Layout} layout
 * @property {string} text the same in words
 * @property {string} [shows] what its axes are of: a zoom stays while it does
 */

/**
 * A figure that is drawn again when one of its events is told.
 *
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.title
 * @param {() => Drawing} options.draw
 * @param {EventName[]} options.events besides the theme
 * @param {string | null} [options.caption]
 * @param {Child[]} [options.controls]
 * @param {boolean} [options.isTall]
 * @param {boolean} [options.isWhole] as wide as the page
 * @param {number} [options.height] in pixels, if it is neither of the usual ones
 */
export function figure({ id, title, draw, events, caption, controls = [], isTall, isWhole, height }) {
  const plot = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
  if (height) plot.style.height = `${height}px`;
  const text = el("p", { class: "visually-hidden", id: "text-" + id });
  let resets = 0; // a zoom stays while this and what is drawn stay the same
  let isAsked = false;
  const redraw = () => {
    if (isAsked) return;
    isAsked = true;
    later(() => {
      isAsked = false;
      const { traces, layout, text: words, shows = "" } = draw();
      text.textContent = words;
      Plotly.react(plot, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
    });
  };
  const reset = button("Reset zoom", title, () => {
    resets += 1;
    redraw();
  });
  const save = button("Save picture", title, () => savePicture(plot, id));
  const heading = el("h3", { id: "title-" + id }, title);
  const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
  const element = el("figure", { class: isWhole ? "whole" : "", ...named },
    el("div", { class: "head" }, heading, ...controls, reset, save),
    plot, text, caption ? el("figcaption", {}, caption) : null);
  for (const event of events) on(event, redraw);
  on("theme", redraw);
  redraw();
  return { element, redraw };
}

/**
 * @param {string} name
 * @param {string} title of the figure
 * @param {() => void} clicked
 */
function button(name, title, clicked) {
  return el("button", { type: "button", "aria-label": `${name} of ${title}`, onclick: clicked }, name);
}

/**
 * A picture of what is seen now, on the page's background.
 *
 * @param {HTMLElement} element that plotly has drawn into
 * @param {string} id
 */
function savePicture(element, id) {
  const plot = /** @type {PlotElement} */ (element);
  const { width, height } = plot.getBoundingClientRect();
  const picture = { data: plot.data, layout: { ...plot.layout, paper_bgcolor: cssColor("page") } };
  Plotly.downloadImage(picture, { format: "svg", filename: id, width, height });
}
