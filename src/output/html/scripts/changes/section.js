// The section on what each config changes against the baseline: a forest, and arrows from the baseline.

/** @import { Changes } from "../data/types.js" */

import { data } from "../data/data.js";
import { follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { section } from "../page/section.js";
import { figure } from "../plots/figure.js";
import { sayInstead } from "../settings/instead.js";
import { arrowPoints, drawArrows } from "./arrows.js";
import { drawForest, forestHeight } from "./forest.js";

const ARROWS = "An arrow from the baseline to each config, means over seeds. Up and to the left of the baseline is " +
  "better; down and to the left, the network only learned less.";
const nothing = sayInstead("There is no change to show.");

export function changesSection() {
  const heading = el("p", {});
  const names = el("ol", { class: "key" });
  const forest = figure({
    id: "forest", title: () => of(({ score, gap }) => `Changes of ${score} and ${gap}`), events: [], isWhole: true,
    height: () => (data.changes ? forestHeight(data.changes) : 100),
    draw: () => (data.changes ? drawForest(data.changes) : nothing),
    caption: () => of(({ caption }) => `${capital(caption)}.`),
  });
  const points = () => (data.changes ? arrowPoints(data.changes) : []);
  const arrows = figure({
    id: "arrows", title: () => of(({ score, gap }) => `${capital(gap)} and ${score}`), events: [], isWhole: true,
    isTall: true, isShown: () => points().length > 1,
    draw: () => (data.changes ? drawArrows(data.changes, points()) : nothing), caption: ARROWS,
  });
  arrows.element.append(names);
  section("changes", "Changes", () => Boolean(data.changes?.list.length), heading,
    el("div", { class: "grid" }, forest.element, arrows.element));
  follow(() => {
    heading.textContent = of((changes) => changes.heading);
    names.replaceChildren(...points().slice(1).map(({ name }) => el("li", {}, name)));
  });
}

/** @param {(changes: Changes) => string} words */
const of = (words) => (data.changes ? words(data.changes) : "");

/** @param {string} text */
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
