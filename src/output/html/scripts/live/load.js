// Loads what a view shows, and loads it again when the server has other data: one question at a time, and not more of
// them than there is time for.

import { byItself, whenThereIsTime } from "../page/pace.js";
import { Refused } from "./api.js";

/**
 * `now` is for the reader, who waits for it; `soon` for what the server says, as often as it likes. An answer that
 * comes after another view was opened is left out. `failed` hears of what went wrong.
 *
 * @param {() => string} key what is to be loaded, as one text
 * @param {(key: string) => Promise<(() => void)>} load what shows it when it has come
 * @param {(error: Refused) => void} failed
 */
export function loader(key, load, failed) {
  let isLoading = false;
  let isAsked = false;
  /** @param {(show: () => void) => void} how it is shown */
  const loaded = async (how) => {
    if (isLoading) {
      isAsked = true;
      return;
    }
    isLoading = true;
    isAsked = false;
    const wanted = key();
    try {
      const show = await load(wanted);
      if (wanted === key()) how(show);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (wanted === key()) failed(error);
    } finally {
      isLoading = false;
      if (wanted !== key()) void now();
      else if (isAsked) soon();
    }
  };
  const now = () => loaded((show) => show());
  const soon = () => whenThereIsTime("load", () => loaded(byItself));
  return { now, soon };
}
