// What a reader chooses with: a list of options, or a box.

import { el } from "./elements.js";

/**
 * @template {string} Value
 * @typedef {[value: Value, name: string]} Option
 */

/**
 * @template {string} Value
 * @param {string} text
 * @param {Option<Value>[]} options
 * @param {Value} chosen
 * @param {(value: Value) => void} changed
 */
export function choice(text, options, chosen, changed) {
  const select = el("select", { onchange: () => changed(/** @type {Value} */ (select.value)) });
  for (const [value, name] of options) {
    select.append(el("option", { value, selected: value === chosen }, name));
  }
  return el("label", {}, text + " ", select);
}

/**
 * @param {string} text
 * @param {boolean} isOn
 * @param {(isOn: boolean) => void} changed
 */
export function check(text, isOn, changed) {
  const box = el("input", { type: "checkbox", checked: isOn, onchange: () => changed(box.checked) });
  return el("label", {}, box, " " + text);
}
