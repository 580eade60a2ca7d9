// The runs that are trained now, with how far each is: a section of the page of an experiment.

/** @import { Run } from "../data/types.js" */
/** @import { Made } from "../page/keyed.js" */

import { configs, runs } from "../data/data.js";
import { seedText } from "../data/labels.js";
import { percent, points } from "../data/numbers.js";
import { follow } from "../page/controls.js";
import { byId, el } from "../page/elements.js";
import { on } from "../page/events.js";
import { keyed, setText } from "../page/keyed.js";
import { duration } from "./times.js";
import { linkTo } from "./views.js";

const MOST = 100;
const BETWEEN = 500; // milliseconds

export function nowSection() {
  const rows = el("tbody", {});
  const head = ["run", "progress", "epoch", "train", "held out", "gap", "left"];
  const table = el("table", {}, el("caption", {}, "Trained now"),
    el("thead", {}, el("tr", {}, ...head.map((name, at) =>
      el("th", { scope: "col", class: at > 1 ? "number" : "" }, name)))), rows);
  const scroller = el("div", { class: "scroller now" }, table);
  const element = el("section", { id: "now", "aria-label": "Trained now" }, scroller);
  const show = keyed(rows, (/** @type {Run} */ run) => run.id, nowRow);
  const update = () => {
    const running = runs.filter(({ state }) => state === "running").slice(0, MOST);
    element.hidden = !running.length;
    show(running);
  };
  let isAsked = false;
  const soon = () => { // rows of several runs come together
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => {
      isAsked = false;
      update();
    }, BETWEEN);
  };
  for (const event of /** @type {const} */ (["progress", "runs"])) on(event, soon);
  byId("sections").prepend(element);
  follow(update);
}

/**
 * @param {Run} first
 * @returns {Made<Run>}
 */
function nowRow({ id }) {
  const name = el("span", {});
  const bar = el("progress", { max: 1 });
  const cells = Array.from({ length: 5 }, () => el("td", { class: "number" }));
  const element = el("tr", {}, el("th", { scope: "row" }, linkTo({ run: id }, name)), el("td", {}, bar), ...cells);
  const update = (/** @type {Run} */ run) => {
    const { last, total_epochs: total } = run;
    const label = `${configs[run.config].label}${seedText(run)}`;
    const epoch = last?.epoch ?? 0;
    setText(name, label);
    bar.value = total ? epoch / total : 0;
    bar.setAttribute("aria-label", `Progress of ${label}`);
    const texts = [`${epoch} of ${total}`, percent(last?.train), percent(last?.test ?? last?.val), points(last?.gap),
      duration(run.seconds_left)];
    texts.forEach((text, at) => setText(cells[at], text));
  };
  return { element, update };
}
