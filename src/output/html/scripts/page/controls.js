// What a reader chooses with: a list of options, or a box. They show what is chosen, whoever chose it.

import { el } from "./elements.js";
import { on } from "./events.js";

/**
 * @template {string} Value
 * @typedef {[value: Value, name: string]} Option
 */

/**
 * @template {string} Value
 * @param {string} text
 * @param {() => Option<Value>[]} options
 * @param {() => Value} chosen
 * @param {(value: Value) => void} changed
 */
export function choice(text, options, chosen, changed) {
  const select = el("select", { onchange: () => changed(/** @type {Value} */ (select.value)) });
  let shown = "";
  const update = () => {
    const all = options();
    if (JSON.stringify(all) !== shown) {
      select.replaceChildren(...all.map(([value, name]) => el("option", { value }, name)));
      shown = JSON.stringify(all);
    }
    select.value = chosen();
  };
  const label = el("label", {}, text + " ", select);
  on("rows", update); // curves may bring options with them
  follow(update);
  return label;
}

/**
 * @param {string} text
 * @param {() => boolean} isOn
 * @param {(isOn: boolean) => void} changed
 */
export function check(text, isOn, changed) {
  const box = el("input", { type: "checkbox", onchange: () => changed(box.checked) });
  follow(() => {
    box.checked = isOn();
  });
  return el("label", {}, box, " " + text);
}

/** @param {() => void} update */
export function follow(update) {
  on("data", update);
  on("address", update);
  update();
}
