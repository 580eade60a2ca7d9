// When a plot is drawn: after those that wait before it, and only when it is seen if nobody asked for it.

import { isLive } from "../page/live.js";
import { comesByItself } from "../page/pace.js";
import { later } from "./later.js";

/** Plots in sight, or nearly so. */
const seen = new WeakSet();
/** @type {WeakMap<Element, () => void>} */
const hearers = new WeakMap();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) seen.delete(target);
    else if (seen.add(target)) hearers.get(target)?.();
  }
}, { rootMargin: "100px" });

/**
 * A function that asks for a drawing, as often as one likes.
 *
 * @param {HTMLElement} plot
 * @param {() => void} draw
 */
export function turnOf(plot, draw) {
  let isAsked = false;
  let isOld = false; // out of sight, and to be drawn when it is seen
  const ask = () => {
    if (isAsked) return;
    isOld = comesByItself() && !seen.has(plot);
    if (isOld) return;
    isAsked = true;
    later(() => {
      isAsked = false;
      if (plot.offsetParent) draw(); // else when the data of its view are told
    });
  };
  hearers.set(plot, () => {
    if (isOld) ask();
  });
  observer.observe(plot);
  return ask;
}

/**
 * Draws, unless that would change nothing: finding that out takes much less time.
 *
 * @param {HTMLElement} plot
 * @param {object[]} traces
 * @param {import("./layout.js").Layout} layout
 * @param {object} config
 */
export function react(plot, traces, layout, config) {
  if (isLive) {
    const now = JSON.stringify([traces, layout, plot.offsetWidth, plot.offsetHeight]);
    if (drawings.get(plot) === now) return;
    drawings.set(plot, now);
  }
  Plotly.react(plot, traces, layout, config);
}

/** @type {WeakMap<Element, string>} */
const drawings = new WeakMap();
