// The pictures of a run: its mistakes, its first layer, and its augmented examples.

/** @import { Run } from "../data/types.js" */
/** @import { Mistake, Predictions } from "../data/types_of_predictions.js" */
/** @import { Child } from "../page/elements.js" */

import { runName } from "../data/labels.js";
import { percent } from "../data/numbers.js";
import { el } from "../page/elements.js";

/**
 * @param {Predictions} predictions
 * @param {Run} of
 */
export function picturesOf(predictions, of) {
  const run = runName(of);
  return [mistakes(predictions, run), firstLayer(predictions, run), augmented(predictions, run)]
    .filter((shown) => shown != null);
}

/**
 * @param {Predictions} predictions
 * @param {string} run
 */
function mistakes({ evaluation, mistakes_picture: address }, run) {
  const title = "Most confident mistakes";
  const all = evaluation?.mistakes ?? [];
  const table = all.length ? mistakesTable(all) : null;
  if (!address) return table && el("figure", { "aria-label": title }, el("h3", {}, title), table);
  const words = all.slice(0, 10).map((m) => `${m.class} taken for ${m.predicted} at ${percent(m.confidence)}`);
  return picture(title, address, `The most confident mistakes of ${run}. ${words.join("; ")}`, table);
}

/** @param {Mistake[]} all */
export function mistakesTable(all) {
  const lines = all.map((mistake) => el("tr", {},
    el("td", { class: "number" }, String(mistake.example)), el("td", {}, mistake.class),
    el("td", {}, mistake.predicted), el("td", { class: "number" }, percent(mistake.confidence))));
  const head = ["example", "class", "taken for", "confidence"].map((text) => el("th", { scope: "col" }, text));
  return el("details", {}, el("summary", {}, "What each is and what it was taken for"),
    el("table", {}, el("caption", {}, "Most confident mistakes, row by row as in the picture"),
      el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...lines)));
}

/**
 * @param {Predictions} predictions
 * @param {string} run
 */
function firstLayer({ first_layer_picture: address }, run) {
  if (!address) return null;
  return picture("First layer", address, `The weights of the first layer of ${run}, a picture a unit.`);
}

/**
 * @param {Predictions} predictions
 * @param {string} run
 */
function augmented({ augmented_picture: address }, run) {
  if (!address) return null;
  const text = `Training examples of ${run}, a row each: as they are, then as epochs 1 to 8 see them.`;
  const caption = "Each row is a training example: as it is, then as epochs 1 to 8 see it.";
  return picture("Augmented examples", address, text, el("figcaption", {}, caption));
}

/**
 * @param {string} title
 * @param {string} address
 * @param {string} text what the picture shows, in words
 * @param {...Child} more
 */
function picture(title, address, text, ...more) {
  return el("figure", { class: "pictures", "aria-label": title },
    el("h3", {}, title), el("img", { src: address, alt: text }), ...more);
}
