// When a plot is drawn: after those that wait before it, and only when it is seen if nobody asked for it or there are
// many runs.

import { isLive } from "../page/live.js";
import { comesByItself } from "../page/pace.js";
import { areManyRuns, later } from "./later.js";

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
 * @param {() => void} say what it shows, in words, where it is not drawn yet
 */
export function turnOf(plot, draw, say) {
  let isAsked = false;
  let isOld = false; // out of sight, and to be drawn when it is seen
  const ask = () => {
    if (isAsked) return;
    isOld = (comesByItself() || areManyRuns()) && !seen.has(plot);
    if (isOld && comesByItself()) return;
    isAsked = true;
    const act = isOld ? say : draw;
    later(() => {
      isAsked = false;
      if (plot.offsetParent) act(); // else when the data of its view are told
      if (isOld && seen.has(plot)) ask(); // it came into sight in the meantime
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
