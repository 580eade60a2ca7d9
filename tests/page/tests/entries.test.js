// What a server says of a run, on the pages that show it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { run, visit } from "./browser.js";

const { adoptEntry } = await import("../../../src/output/html/scripts/data/entries.js");
const { changeCurrentRun, currentRun, growRun, setRun } =
  await import("../../../src/output/html/scripts/live/run/current.js");

test("what a run has no longer is gone", () => {
  const shown = run("a", 0, { notes: [["tags", "#kept"]], reason: "the disk is full", seconds_left: 3 });
  adoptEntry(shown, run("a", 0));
  assert.deepEqual([shown.notes, shown.reason, shown.seconds_left], [undefined, undefined, 3]);
});

test("the page of a run takes rows over, also of a run that had none", () => {
  visit("#run=a");
  setRun(/** @type {any} */ ({ ...run("a", 0), rows: { epoch: [], step: [], seconds: [] } }));
  const event = (/** @type {number} */ epoch, /** @type {object} */ columns) => /** @type {any} */ ({
    id: "a", epochs: [epoch], steps: [10 * epoch], seconds: [epoch], rows: { train_accuracy: [50] }, columns,
    last: { epoch }, best: { epoch }, state: "running", seconds_left: 1,
  });
  assert.equal(growRun(event(0, { learning_rate: [0.1] })), true);
  assert.equal(growRun(event(1, { learning_rate: [0.2], batch_loss: [2] })), true);
  assert.equal(growRun(event(1, {})), false, "it is known");
  assert.equal(growRun({ ...event(2, {}), id: "b" }), false, "of another run");
  assert.deepEqual(currentRun()?.rows, {
    epoch: [0, 1], step: [0, 10], seconds: [0, 1], train_accuracy: [50, 50], learning_rate: [0.1, 0.2],
    batch_loss: [null, 2],
  });
  assert.equal(currentRun()?.best?.epoch, 1);
});

test("more than notes is asked for anew, also where the state is the same", () => {
  const changed = (/** @type {boolean} */ isNoted) =>
    /** @type {any} */ ({ ...run("a", 0), of: [], is_noted: isNoted });
  assert.equal(changeCurrentRun(changed(true)), false);
  assert.equal(changeCurrentRun(changed(false)), true);
});
