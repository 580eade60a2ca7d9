// As much of a browser as the modules of the page touch when they are imported, and what tests of them share. What
// readers see is tested in Chromium, by tests/report and tests/serve.

/** @returns {any} an element that takes everything, and has only what was set */
function element() {
  /** @type {Map<string | symbol, unknown>} */
  const own = new Map();
  return new Proxy(() => element(), {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => "";
      if (name === Symbol.iterator) return [][Symbol.iterator].bind([]);
      return own.has(name) ? own.get(name) : element();
    },
    set: (_, name, value) => {
      own.set(name, value);
      return true;
    },
  });
}

/** @type {any} */
const world = globalThis;
world.location = { hash: "" };
world.history = {
  replaceState: (/** @type {unknown} */ _, /** @type {unknown} */ __, /** @type {string} */ address) => {
    world.location.hash = address;
  },
};
/** @type {Map<string, (() => void)[]>} */
const hearers = new Map();
world.window = {
  addEventListener: (/** @type {string} */ name, /** @type {() => void} */ hear) => {
    hearers.set(name, [...(hearers.get(name) ?? []), hear]);
  },
  setTimeout: () => 0, // what waits for its turn is not tested here
  matchMedia: () => ({ matches: false, addEventListener: () => {} }),
};
world.document = element();
world.document.hidden = false;
world.getComputedStyle = () => element();

/**
 * Answers the page's questions: by their paths a status and JSON.
 *
 * @param {(path: string) => [number, object]} answer
 * @returns {string[]} the paths that were asked, as they are
 */
export function answerWith(answer) {
  /** @type {string[]} */
  const asked = [];
  world.fetch = async (/** @type {string} */ path) => {
    asked.push(path);
    const [status, json] = answer(path);
    return Response.json(json, { status, headers: { "data-version": "7" } });
  };
  return asked;
}

/** @returns {string} the part of the address that keeps choices */
export const hash = () => world.location.hash;

/**
 * Opens another address, as the browser's back button does.
 *
 * @param {string} address the part of it that keeps choices
 */
export function visit(address) {
  world.location.hash = address;
  for (const hear of hearers.get("popstate") ?? []) hear();
}

/**
 * A run of a config, as the server sends it.
 *
 * @param {string} id
 * @param {number} config
 * @param {object} [more]
 * @returns {any}
 */
export const run = (id, config, more = {}) => ({
  id, config, seed: 1, state: "running", total_epochs: 10, attempt: 1, figures: {}, last: null, best: null,
  settings: [], ...more,
});

/**
 * The data of a page: configs with their runs.
 *
 * @param {any[]} runs
 * @param {{ columns?: any[], cells?: any[][] }} [more] cells of each config
 * @returns {any}
 */
export function dataOf(runs, { columns = [], cells = [] } = {}) {
  const count = 1 + Math.max(...runs.map(({ config }) => config));
  const configs = Array.from({ length: count }, (_, config) => ({
    label: `config ${config}`, values: [], cells: cells[config] ?? [], epochs: 0, findings: [],
    runs: runs.flatMap((one, at) => (one.config === config ? [at] : [])),
  }));
  return {
    columns, varied: [], legend: "", changes: null, incomparable: null, configs, epochs: [[]], runs, figures: [],
    shared: { settings: [], provenance: [], experiments: [] }, most_points: 200, predictions: [], effects: null,
  };
}
