// What a view asks the server, and the answer to it.

/** @import { View } from "./views.js" */

import { chosenText } from "../page/address.js";
import { askAt, query, Refused } from "./api.js";
import { view } from "./views.js";
import { pageQuery } from "./where.js";

/** @type {Record<View, () => string>} */
const addresses = {
  overview: () => "/api/overview",
  page: () => `/api/page${pageQuery()}`,
  run: () => `/api/run/${encodeURIComponent(chosenText("run"))}`,
  diff: () => `/api/diff${query({ a: chosenText("a"), b: chosenText("b") })}`,
  study: () => `/api/study/${encodeURIComponent(chosenText("study"))}`,
};

/** What is asked now. */
export const key = () => addresses[view()]();

/**
 * The address of the last page that the server gave, and the experiment that it is of.
 *
 * @type {{ address: string, experiment: string } | null}
 */
let given = null;

/**
 * While a condition is refused, the answer is that to the last one that was not, so that what is shown stays what is;
 * before any, the answer without a condition.
 *
 * @param {View} now
 * @param {string} address
 */
export async function answerOf(now, address) {
  const [experiment, where] = [chosenText("experiment"), chosenText("where")];
  try {
    const answered = await askAt(address);
    if (now === "page") given = { address, experiment };
    return { ...answered, refused: "" };
  } catch (error) {
    if (!(error instanceof Refused) || now !== "page" || !where || ![400, 404].includes(error.status)) throw error;
    const last = given?.experiment === experiment ? given.address : `/api/page${query({ experiment })}`;
    try {
      return { ...await askAt(last), refused: error.message };
    } catch (other) {
      if (other instanceof Refused && [400, 404].includes(other.status)) given = null;
      throw other;
    }
  }
}
