// Curves that come from a server: of runs that grow, and of many at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, run } from "./browser.js";

const { data, runOf, setData } = await import("../../../src/output/html/scripts/data/data.js");
const { adopt, grow } = await import("../../../src/output/html/scripts/curves/grow.js");
const { setCurveSource, want } = await import("../../../src/output/html/scripts/curves/ask.js");
const { Refused } = await import("../../../src/output/html/scripts/live/api.js");
const { summary } = await import("../../../src/output/html/scripts/curves/summaries.js");

/**
 * @param {number} count of epochs
 * @param {number} level of the accuracy
 * @returns {any}
 */
const rows = (count, level) => {
  const epochs = Array.from({ length: count }, (_, at) => at);
  return { epochs, steps: epochs, seconds: epochs, train_accuracy: epochs.map(() => level) };
};

test("a page's memory does not grow with each row", () => {
  setData(dataOf([run("a", 0, { curves: {} }), run("b", 0, { curves: {} })]));
  for (let epoch = 0; epoch < 1000; epoch += 1) {
    for (const id of ["a", "b"]) {
      grow(/** @type {any} */ ({
        id, epochs: [epoch], steps: [epoch], seconds: [epoch], rows: { train_accuracy: [epoch] }, last: { epoch },
        best: { epoch: 3 }, state: "running", seconds_left: null,
      }));
    }
  }
  assert.ok(data.epochs.length <= 2 && (data.steps ?? []).length <= 1, `${data.epochs.length} lists`);
  assert.equal(runOf("b").best?.epoch, 3);
});

test("seeds of different lengths have their means at the same epochs", () => {
  setData(dataOf([run("short", 0), run("long", 0)]));
  adopt({ short: rows(101, 40), long: rows(1001, 60) });
  const mean = summary(0, "train_accuracy");
  assert.ok(mean && mean.epochs[0] === 0 && mean.epochs.at(-1) === 1000 && mean.epochs.length <= 200);
  const own = mean.epochs.map((epoch, at) => [epoch, mean.means[at]]);
  assert.deepEqual(own.filter(([epoch, value]) => value !== (/** @type {number} */ (epoch) <= 100 ? 50 : 60)), []);
});

test("an outage takes no curves away", async () => {
  setData(dataOf([run("a", 0), run("b", 1)]));
  let isOut = true;
  setCurveSource(async (ids) => {
    if (isOut) throw new Refused("the server does not answer", 0);
    if (ids.includes("b")) throw new Refused("b is damaged", 500);
    return Object.fromEntries(ids.map((id) => [id, rows(3, 50)]));
  });
  want(["a", "b"]);
  const passed = () => new Promise((resolve) => setTimeout(resolve, 20));
  await passed();
  assert.equal(runOf("a").curves, undefined, "nothing is known of it yet");
  isOut = false;
  want(["a", "b"]);
  await passed();
  assert.equal(runOf("a").curves?.train_accuracy?.length, 3);
  assert.deepEqual(runOf("b").curves?.train_accuracy, undefined, "asked for in vain, once");
  assert.notEqual(runOf("b").curves, undefined);
});
