// Parallel coordinates: an axis a setting or figure, a line a config. Made of plain lines, not of
// plotly's own kind, which needs WebGL and code that is compiled in the page.

/** @import { Drawing } from "../plots/figure.js" */
/** @import { Layout } from "../plots/layout.js" */
/** @import { Axis } from "./axes.js" */

import { configs } from "../data/data.js";
import { presentFigures } from "../data/figures.js";
import { label } from "../data/labels.js";
import { between, cssColor, palette, withAlpha } from "../look/colors.js";
import { figure } from "../plots/figure.js";
import { hover } from "../plots/layout.js";
import { filtered } from "../table/order.js";
import { finishedOf, parallelAxes } from "./axes.js";
import { brush, brushButton, brushShapes } from "./brush.js";

const BINS = 8; // of colour: as many traces, however many configs
const MANY_CONFIGS = 200; // whose lines are thinner, without dots

export function parallelFigure() {
  return figure({
    id: "parallel", title: "All settings and figures", events: ["filter"], isWhole: true,
    isShown: () => configs.length > 1 && presentFigures.length > 0,
    draw: () => drawParallel(parallelAxes()), drawn: brush, controls: [brushButton()],
    caption: () => "A line a config of those that the table's filter leaves, from blue to orange by " +
      `${parallelAxes().at(-1)?.name ?? "the last figure"}. ` +
      "Draw a box over parts of axes to leave those whose lines go through it.",
  }).element;
}

/**
 * @param {Axis[]} axes
 * @returns {Drawing}
 */
function drawParallel(axes) {
  const shown = filtered.filter((index) => finishedOf(configs[index]).length);
  return { traces: tracesOf(axes, shown), layout: layoutOf(axes), text: textOf(axes, shown) };
}

/**
 * A trace a bin of the last axis, with gaps between its configs.
 *
 * @param {Axis[]} axes
 * @param {number[]} shown configs
 */
function tracesOf(axes, shown) {
  const isMany = shown.length > MANY_CONFIGS;
  const bins = Array.from({ length: BINS }, () => /** @type {number[]} */ ([]));
  const shares = shown.map((index) => axes[axes.length - 1].at(configs[index]) ?? 0);
  const [low, high] = [Math.min(...shares), Math.max(...shares)]; // an axis may begin at 0, far below
  shown.forEach((index, at) => {
    const share = high > low ? (shares[at] - low) / (high - low) : 0.5;
    bins[Math.min(BINS - 1, Math.floor(share * BINS))].push(index);
  });
  const traces = bins.map((indexes, at) => ({
    ...linesOf(axes, indexes), mode: isMany ? "lines" : "lines+markers", marker: { size: 5 },
    line: { color: between(at / (BINS - 1)), width: isMany ? 0.8 : 1.8 }, opacity: isMany ? 0.5 : 0.9,
  }));
  return traces.filter((trace) => trace.x.length);
}

/**
 * @param {Axis[]} axes
 * @param {number[]} indexes of configs
 */
function linesOf(axes, indexes) {
  const points = indexes.flatMap((index) => {
    const config = configs[index];
    const values = axes.map((axis) => `${label(axis.name)}: ${label(axis.text(config))}`);
    const said = `<b>${label(config.label)}</b><br>` + values.join("<br>");
    const line = axes.map((axis, x) => ({ x, y: shifted(axis.at(config), index), said }));
    return [...line, { x: null, y: null, said: "" }];
  });
  return { x: points.map(({ x }) => x), y: points.map(({ y }) => y), ...hover(points.map(({ said }) => said)) };
}

/**
 * Lines through the same values lie a little apart.
 *
 * @param {number | null} place
 * @param {number} index
 */
const shifted = (place, index) => (place == null ? null : place + (((index * 7) % 11) - 5) * 0.0022);

/**
 * @param {Axis[]} axes
 * @returns {Layout}
 */
function layoutOf(axes) {
  const font = { size: 11, color: cssColor("muted") };
  const bgcolor = withAlpha(cssColor("page"), 0.75);
  const line = { color: cssColor("line"), width: 1.5 };
  return {
    annotations: axes.flatMap((axis, x) => axis.ticks.map(([y, text]) => ({
      x, y, text: label(text, 16), showarrow: false, xanchor: "right", xshift: -6, font, bgcolor, borderpad: 1,
    }))),
    shapes: [
      ...axes.map((_, i) => ({ type: "line", x0: i, x1: i, y0: 0, y1: 1, line, layer: "below" })),
      ...brushShapes().map((shape) => ({
        ...shape, type: "rect", line: { color: cssColor("text"), width: 1 }, fillcolor: withAlpha(palette()[0], 0.18),
      })),
    ],
    dragmode: "select", newselection: { line: { color: cssColor("text"), width: 1, dash: "dot" } },
    xaxis: {
      tickvals: axes.map((_, i) => i), ticktext: axes.map((axis) => label(axis.name, 28)), side: "top",
      showgrid: false, zeroline: false, range: [-0.45, axes.length - 0.8], showline: false,
    },
    yaxis: { visible: false, range: [-0.05, 1.05], fixedrange: true },
    margin: { l: 14, r: 14, t: 40, b: 10 },
  };
}

/**
 * @param {Axis[]} axes
 * @param {number[]} shown
 */
function textOf(axes, shown) {
  const lines = shown.slice(0, 20).map((index) =>
    axes.map((axis) => `${axis.name} ${axis.text(configs[index])}`).join(", "));
  const more = shown.length > 20 ? ` And ${shown.length - 20} more configs.` : "";
  return `Parallel coordinates of ${shown.length} configs. ${lines.join(". ")}.${more}`;
}
