// The data of the page, parsed once.

/** @import { Data } from "./types.js" */

import { byId } from "../page/elements.js";

/** @type {Data} */
export const data = JSON.parse(byId("data").textContent);
export const { configs, runs, varied, columns } = data;
