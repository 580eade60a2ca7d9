// The section with each run in full, one to open.

import { runs } from "../data/data.js";
import { el } from "../page/elements.js";
import { on } from "../page/events.js";
import { longList } from "../page/long_list.js";
import { section } from "../page/section.js";
import { later } from "../plots/later.js";
import { filtered, runsOf } from "../table/order.js";
import { runDetails } from "./details.js";

const RUNS_AT_ONCE = 100;
const INTRODUCTION = "In the order and with the filter of the table; " +
  "open one for its settings and where its numbers come from.";

export function runsSection() {
  const { list, more, draw, update } = longList({
    noun: "runs", atOnce: RUNS_AT_ONCE, items: () => runsOf(filtered), key: (run) => run.id, make: runDetails,
  });
  section("runs", "Runs", () => runs.length > 0, el("p", { class: "muted" }, INTRODUCTION), list, more);
  let isWaiting = false;
  on("filter", () => {
    if (isWaiting) return;
    isWaiting = true;
    later(() => { // below the table that the reader filters
      isWaiting = false;
      draw();
    });
  });
  for (const event of /** @type {const} */ (["data", "rows", "runs"])) on(event, update);
  draw();
}
