// What the live page asks, what it does with refusals, and when it says that it is live.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerWith, visit } from "./browser.js";

const { Refused } = await import("../../../src/output/html/scripts/live/api.js");
const { answerOf, key } = await import("../../../src/output/html/scripts/live/question.js");
const { statusElement } = await import("../../../src/output/html/scripts/live/status.js");
const { listen } = await import("../../../src/output/html/scripts/live/stream.js");

test("while a condition is refused, what it was before is asked for", async () => {
  let isThere = true;
  answerWith((path) => {
    if (path.includes("where=wrong")) return [400, { error: "wrong is no condition" }];
    return isThere ? [200, { path }] : [404, { error: "there is no run of an experiment x" }];
  });
  const asked = () => answerOf("page", key());
  visit("#experiment=x&where=wrong");
  assert.deepEqual(await asked(), {
    answer: { path: "/api/page?experiment=x" }, version: 7, refused: "wrong is no condition",
  });
  visit("#experiment=x&where=gap");
  assert.equal((await asked()).refused, "");
  visit("#experiment=x&where=wrong");
  assert.equal((await asked()).answer.path, "/api/page?experiment=x&where=gap", "the last that was right");
  isThere = false;
  const refusal = await asked().catch((error) => error);
  assert.ok(refusal instanceof Refused && refusal.status === 404 && refusal.version === 7, "from which on to listen");
});

test("the page is live while it hears that the runs are looked at, and not while it hears nothing", async () => {
  /** @type {Record<string, (event: any) => void>} */
  let hears = {};
  /** @type {any} */
  const world = globalThis;
  world.EventSource = class {
    addEventListener(/** @type {string} */ name, /** @type {() => void} */ hear) {
      hears[name] = hear;
    }

    close() {
      hears = {};
    }
  };
  /** @type {[() => void, number][]} */
  const timers = [];
  world.window.setTimeout = (/** @type {() => void} */ end, /** @type {number} */ after) => timers.push([end, after]);
  const asked = answerWith(() => [200, {}]);
  const heard = /** @type {any[]} */ ([]);
  listen(7, { rows: (rows) => heard.push(rows) });
  const words = () => statusElement().textContent;
  assert.notEqual(words(), "live", "a connection alone says nothing");
  hears.beat({});
  assert.equal(words(), "live");
  hears.rows({ lastEventId: "8", data: "{}" });
  assert.deepEqual([heard, words()], [[{}], "live"]);
  const [silence, after] = timers[timers.length - 1];
  assert.equal(after, 40_000);
  silence();
  assert.match(String(words()), /^connection lost/);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(asked, ["/api/overview"]);
  timers[timers.length - 1][0](); // it is tried again
  hears.beat({});
  assert.equal(words(), "live");
});
