// Smoothed curves: an exponential moving average that begins without a bias, as in TensorBoard.

import { chosenText } from "../page/address.js";
import { follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { choose } from "./choices.js";

/** How much of the average before stays with each point: 0 to 0.99. */
export const smoothing = () => Math.min(0.99, Math.max(0, Number(chosenText("smooth")) || 0));

/**
 * @param {(number | null)[]} values
 * @returns {(number | null)[]}
 */
export function smoothed(values) {
  const share = smoothing();
  if (!share) return values;
  let [average, weight] = [0, 0];
  return values.map((value) => {
    if (value == null) return null;
    average = share * average + (1 - share) * value;
    weight = share * weight + (1 - share);
    return average / weight;
  });
}

export function smoothingControl() {
  const words = el("output", {});
  const slider = el("input", { type: "range", min: 0, max: 0.98, step: 0.02, oninput: () => {
    choose("smooth", Number(slider.value) ? slider.value : "");
    words.textContent = said();
  } });
  const said = () => (smoothing() ? smoothing().toFixed(2) : "off");
  follow(() => {
    slider.value = String(smoothing());
    words.textContent = said();
  });
  return el("label", {}, "Smoothing ", slider, " ", words);
}
