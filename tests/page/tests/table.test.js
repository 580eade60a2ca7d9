// What a reader chooses of the table: which configs are drawn, which rows are left, and the table as Markdown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { dataOf, hash, run, visit } from "./browser.js";

const { setData } = await import("../../../src/output/html/scripts/data/data.js");
const { testOf } = await import("../../../src/output/html/scripts/table/filter.js");
const { escaped } = await import("../../../src/output/html/scripts/table/markdown.js");
const { select, selected, selectOnly } = await import("../../../src/output/html/scripts/table/selection.js");

const many = (/** @type {number} */ count) => dataOf(Array.from({ length: count }, (_, at) => run(`run${at}`, at)));

test("what is chosen to be drawn stays with other data, and in the address", () => {
  visit("");
  setData(many(60));
  assert.equal(selected().length, 5, "the page chooses");
  selectOnly([]);
  setData(many(60));
  assert.deepEqual([selected().length, hash()], [0, "#draw=none"]);
  selectOnly(Array.from({ length: 60 }, (_, at) => at));
  setData(many(61));
  assert.deepEqual([selected().length, hash()], [61, "#draw=all"]);
  select([3], false);
  const address = hash();
  setData(many(61));
  assert.equal(selected().length, 60);
  visit("#draw=none");
  assert.equal(selected().length, 0);
  visit(address);
  assert.deepEqual([selected().length, selected().includes(3)], [60, false], "all of them are in the address");
  visit("");
  assert.equal(selected().length, 5);
});

test("a filter compares numbers as readers write them", () => {
  const columns = ["config", "test", "gap", "learning rate"].map((header) => ({ header, group: "main" }));
  const cells = [
    [["a", null], ["60.0", 0.6], ["3.0", 0.03], ["0.0005", 0.0005]],
    [["b", null], ["59.9", 0.599], ["3.1", 0.031], ["0.01", 0.01]],
  ];
  setData(dataOf([run("a", 0), run("b", 1)], { columns, cells }));
  const left = (/** @type {string} */ text) => [0, 1].filter(testOf(text));
  for (const text of ["learning_rate<1e-3", "learning_rate<=5E-4", "test>=60%", "gap==3", "gap=3.0", "gap<+3.05"]) {
    assert.deepEqual(left(text), [0], text);
  }
  assert.deepEqual(left("gap<1..2"), [], "no number: words that no row has");
});

test("the table as Markdown has the escapes of the program", () => {
  const cases = JSON.parse(readFileSync(new URL("markdown_cases.json", import.meta.url), "utf8"));
  for (const [text, expected] of cases) assert.equal(escaped(text), expected);
});
