// A plot with its heading, its text alternative and its theme. plotly draws; nothing else here knows it.

/** @import { Child } from "../page/elements.js" */
/** @import { EventName } from "../page/events.js" */
/** @import { Layout } from "./layout.js" */

import { cssColor } from "../look/colors.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { follow } from "../page/controls.js";
import { setText } from "../page/keyed.js";
import { themed } from "./layout.js";
import { react, turnOf } from "./turn.js";

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
 * @param {(plot: HTMLElement) => void} [options.drawn] hears of each drawing
 * @param {() => number} [options.height] in pixels, if it is neither of the usual ones
 */
export function figure({
  id, title, draw, drawn, events, isShown, caption, controls = [], isTall, isWhole, height,
}) {
  const plot = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
  const text = el("p", { class: "visually-hidden", id: "text-" + id });
  let resets = 0; // a zoom stays while this and what is drawn stay the same
  const ask = turnOf(plot, () => {
    const { traces, layout, text: words, shows = "" } = draw();
    setText(text, words);
    if (height) plot.style.height = `${height()}px`;
    react(plot, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
    drawn?.(plot);
  }, () => setText(text, draw().text));
  const redraw = () => {
    if (isShown) element.hidden = !isShown();
    ask();
  };
  const reset = () => {
    resets += 1;
    redraw();
  };
  const { head, caption: captionElement, name } = frame(id, plot, title, caption, controls, reset);
  const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
  const element = el("figure", { class: isWhole ? "whole" : "", ...named }, head, plot, text, captionElement);
  for (const event of /** @type {EventName[]} */ ([...events, "theme"])) on(event, redraw);
  follow(() => {
    name();
    redraw();
  });
  return { element, redraw };
}

/**
 * What stands around a plot; `name` says the words that depend on the data.
 *
 * @param {string} id
 * @param {HTMLElement} plot
 * @param {Words} title
 * @param {Words | null | undefined} caption
 * @param {Child[]} controls
 * @param {() => void} reset
 */
function frame(id, plot, title, caption, controls, reset) {
  const heading = el("h3", { id: "title-" + id });
  const captionElement = caption ? el("figcaption", {}) : null;
  const resetButton = el("button", { type: "button", onclick: reset }, "Reset zoom");
  const saves = saveButtons(plot, id);
  const name = () => {
    const words = said(title);
    setText(heading, words);
    resetButton.setAttribute("aria-label", `Reset zoom of ${words}`);
    for (const save of saves) save.setAttribute("aria-label", `Save ${words} as ${save.textContent}`);
    if (captionElement) setText(captionElement, said(caption ?? ""));
  };
  const head = el("div", { class: "head" }, heading, ...controls, resetButton, ...saves);
  return { head, caption: captionElement, name };
}

/** @param {Words} words */
const said = (words) => (typeof words === "string" ? words : words());

/**
 * @param {HTMLElement} plot
 * @param {string} id
 */
const saveButtons = (plot, id) => /** @type {const} */ (["svg", "png"]).map((format) =>
  el("button", { type: "button", onclick: () => savePicture(plot, id, format) }, format.toUpperCase()));

/**
 * A picture of what is seen now, on the page's background.
 *
 * @param {HTMLElement} element that plotly has drawn into
 * @param {string} id
 * @param {"svg" | "png"} format
 */
function savePicture(element, id, format) {
  const plot = /** @type {PlotElement} */ (element);
  const { width, height } = plot.getBoundingClientRect();
  const picture = { data: plot.data, layout: { ...plot.layout, paper_bgcolor: cssColor("page") } };
  Plotly.downloadImage(picture, { format, filename: id, width, height, scale: format === "png" ? 2 : 1 });
}
