// A plot with its heading, its text alternative and its theme. plotly draws; nothing else here knows it.

/** @import { Child } from "../page/elements.js" */
/** @import { EventName } from "../page/events.js" */
/** @import { Layout } from "./layout.js" */

import { cssColor } from "../look/colors.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { follow } from "../page/controls.js";
import { setText } from "../page/keyed.js";
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

/** @typedef {string | (() => string)} Words that may be others when the data are */

/**
 * A figure that is drawn again when the data or one of its events are told.
 *
 * @param {object} options
 * @param {string} options.id
 * @param {Words} options.title
 * @param {() => Drawing} options.draw
 * @param {EventName[]} options.events besides the theme, the data and the address
 * @param {() => boolean} [options.isShown] whether there is anything to draw
 * @param {Words | null} [options.caption]
 * @param {Child[]} [options.controls]
 * @param {boolean} [options.isTall]
 * @param {boolean} [options.isWhole] as wide as the page
 * @param {() => number} [options.height] in pixels, if it is neither of the usual ones
 */
export function figure({ id, title, draw, events, isShown, caption, controls = [], isTall, isWhole, height }) {
  const plot = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
  const text = el("p", { class: "visually-hidden", id: "text-" + id });
  const heading = el("h3", { id: "title-" + id });
  const captionElement = caption ? el("figcaption", {}) : null;
  let resets = 0; // a zoom stays while this and what is drawn stay the same
  let isAsked = false;
  const redraw = () => {
    if (isShown) element.hidden = !isShown();
    if (isAsked) return;
    isAsked = true;
    later(() => {
      isAsked = false;
      if (!plot.offsetParent) return; // it is drawn when the data of its view are told
      const { traces, layout, text: words, shows = "" } = draw();
      setText(text, words);
      if (height) plot.style.height = `${height()}px`;
      Plotly.react(plot, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
    });
  };
  const reset = el("button", { type: "button", onclick: () => {
    resets += 1;
    redraw();
  } }, "Reset zoom");
  const save = el("button", { type: "button", onclick: () => savePicture(plot, id) }, "Save picture");
  const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
  const element = el("figure", { class: isWhole ? "whole" : "", ...named },
    el("div", { class: "head" }, heading, ...controls, reset, save), plot, text, captionElement);
  const update = () => {
    const name = said(title);
    setText(heading, name);
    reset.setAttribute("aria-label", `Reset zoom of ${name}`);
    save.setAttribute("aria-label", `Save picture of ${name}`);
    if (captionElement) setText(captionElement, said(caption ?? ""));
    redraw();
  };
  for (const event of /** @type {EventName[]} */ ([...events, "theme"])) on(event, redraw);
  follow(update);
  return { element, redraw };
}

/** @param {Words} words */
const said = (words) => (typeof words === "string" ? words : words());

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
