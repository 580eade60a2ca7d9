// The section on what each config changes against the baseline: a forest, and arrows from the baseline.

import { data } from "../data/data.js";
import { el } from "../page/elements.js";
import { section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { arrowPoints, drawArrows } from "./arrows.js";
import { drawForest, forestHeight } from "./forest.js";

const ARROWS = "An arrow from the baseline to each config, means over seeds. Up and to the left of the baseline is " +
  "better; down and to the left, the network only learned less.";

export function changesSection() {
  const { changes } = data;
  if (!changes || !changes.list.length) return;
  const forest = figure({
    id: "forest", title: `Changes of ${changes.score} and ${changes.gap}`, events: [], isWhole: true,
    height: forestHeight(changes), draw: () => drawForest(changes), caption: `${capital(changes.caption)}.`,
  });
  const points = arrowPoints(changes);
  const figures = [forest.element];
  if (points.length > 1) {
    const arrows = figure({
      id: "arrows", title: `${capital(changes.gap)} and ${changes.score}`, events: [], isWhole: true, isTall: true,
      draw: () => drawArrows(changes, points), caption: ARROWS,
    });
    const names = points.slice(1).map(({ name }) => el("li", {}, name));
    arrows.element.append(el("ol", { class: "key" }, ...names));
    figures.push(arrows.element);
  }
  section("changes", "Changes", el("p", {}, changes.heading), el("div", { class: "grid" }, ...figures));
}

/** @param {string} text */
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
