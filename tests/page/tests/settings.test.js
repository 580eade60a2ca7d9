// What plots remember between two drawings is of the data that are shown now.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dataOf, run, visit } from "./browser.js";

const shown = await import("../../../src/output/html/scripts/data/data.js");
const { valuesOf } = await import("../../../src/output/html/scripts/data/values.js");
const { parallelAxes } = await import("../../../src/output/html/scripts/settings/axes.js");
const { areCrossed } = await import("../../../src/output/html/scripts/settings/crossed.js");

/** @param {string[][]} values of each config */
function show(values) {
  const data = dataOf(values.map((_, at) => run(`run${at}`, at, { state: "finished", last: {} })));
  data.varied = ["rate", "units"].map((key) => ({ key, short: key }));
  data.configs.forEach((/** @type {{ values: string[] }} */ config, /** @type {number} */ at) => {
    config.values = values[at];
  });
  visit("");
  shown.setData(data);
}

test("values and axes are those of the newest data", () => {
  show([["0.1", "8"], ["0.01", "16"]]);
  assert.deepEqual(valuesOf(0), ["0.01", "0.1"]);
  assert.equal(valuesOf(0), valuesOf(0), "collected once");
  assert.equal(parallelAxes()[0].at(shown.configs[0]), 1);
  assert.equal(parallelAxes(), parallelAxes(), "made once");
  show([["0.1", "8"], ["0.5", "16"]]);
  assert.deepEqual(valuesOf(0), ["0.1", "0.5"]);
  assert.equal(parallelAxes()[0].at(shown.configs[0]), 0);
});

test("settings are crossed if every value has the same others", () => {
  show([["0.1", "8"], ["0.1", "16"], ["0.5", "8"], ["0.5", "16"]]);
  assert.equal(areCrossed([0]), true);
  show([["0.1", "8"], ["0.1", "16"], ["0.5", "8"]]);
  assert.equal(areCrossed([0]), false);
  show([["0.1", "8"], ["0.5", "16"]]);
  assert.equal(areCrossed([0]), true, "what changes together is no other setting");
});
