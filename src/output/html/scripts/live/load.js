// Loads what a view shows, and loads it again when the server has other data: one question at a time, and not more of
// them than the server has time for.

import { Refused } from "./api.js";

const LEAST_REST = 1000; // milliseconds between two loads of the same

/**
 * `load` is asked for with `soon`, as often as one likes. An answer that comes after another view was opened is left
 * out. `failed` hears of what went wrong.
 *
 * @param {() => string} key what is to be loaded, as one text
 * @param {(key: string) => Promise<(() => void)>} load what shows it when it has come
 * @param {(error: Refused) => void} failed
 */
export function loader(key, load, failed) {
  let isLoading = false;
  let isAsked = false;
  let rest = LEAST_REST;
  let shown = "";
  const now = async () => {
    if (isLoading) {
      isAsked = true;
      return;
    }
    isLoading = true;
    isAsked = false;
    const wanted = key();
    const started = performance.now();
    try {
      const show = await load(wanted);
      if (wanted === key()) {
        shown = wanted;
        show();
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (wanted === key()) failed(error);
    } finally {
      isLoading = false;
      rest = Math.max(LEAST_REST, 3 * (performance.now() - started));
      if (wanted !== key()) void now();
      else if (isAsked) soon();
    }
  };
  /** @type {number | undefined} */
  let timer;
  const soon = () => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void now();
    }, rest);
  };
  return { now, soon, isShown: () => shown === key() };
}
