// Which columns the table shows: the main ones, until the reader chooses others.

import { columns } from "../data/data.js";
import { chosenText, keep } from "../page/address.js";
import { check, follow } from "../page/controls.js";
import { el } from "../page/elements.js";
import { on, tell } from "../page/events.js";

/** @type {Set<string>} */
let shown = new Set(); // headers
export let choices = 0; // how often others were chosen
on("data", readAddress);
on("address", () => {
  readAddress();
  tell("columns");
});

const mainOnes = () => columns.filter(({ group }) => group === "main").map(({ header }) => header);

function readAddress() {
  const known = new Set(columns.map(({ header }) => header));
  const chosen = chosenText("columns").split(",").filter((header) => known.has(header));
  shown = new Set(chosen.length ? chosen : mainOnes());
  choices += 1;
}

/** @param {number} column */
export const isShown = (column) => shown.has(columns[column].header);

/**
 * @param {string[]} headers
 * @param {boolean} isOn
 */
function show(headers, isOn) {
  for (const header of headers) {
    if (isOn) shown.add(header);
    else shown.delete(header);
  }
  choices += 1;
  const all = columns.map(({ header }) => header).filter((header) => shown.has(header));
  keep("columns", String(all) === String(mainOnes()) ? "" : all.join(","));
  tell("columns");
}

/** Buttons that show the columns of a group, and a list with each column to open. */
export function columnControls() {
  const groups = /** @type {const} */ ([["figure", "more figures"], ["setting", "settings"]]);
  const buttons = groups.map(([group, name]) => {
    const own = () => columns.filter((column) => column.group === group).map(({ header }) => header);
    const isOn = () => own().length > 0 && own().every((header) => shown.has(header));
    const button = el("button", { type: "button", id: `show-${group}`, onclick: () => show(own(), !isOn()) },
      `Show ${name}`);
    const update = () => {
      button.hidden = !own().length;
      button.setAttribute("aria-pressed", String(isOn()));
    };
    on("columns", update);
    follow(update);
    return button;
  });
  return [...buttons, columnMenu()];
}

function columnMenu() {
  const list = el("div", { class: "menu-list" });
  let made = "";
  const update = () => {
    const headers = columns.map(({ header }) => header);
    if (String(headers) === made) return;
    made = String(headers);
    list.replaceChildren(...headers.slice(1).map((header) =>
      check(header, () => shown.has(header), (isOn) => show([header], isOn))));
  };
  follow(update);
  on("columns", () => list.querySelectorAll("input").forEach((box, at) => {
    box.checked = shown.has(columns[at + 1].header);
  }));
  return el("details", { class: "menu" }, el("summary", {}, "Columns"), list);
}
