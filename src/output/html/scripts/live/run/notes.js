// Notes and tags of a run, written in place.

import { announce } from "../../page/announce.js";
import { el } from "../../page/elements.js";
import { on } from "../../page/events.js";
import { Refused, send } from "../api.js";
import { changeCurrentRun, currentRun } from "./current.js";

export function notesEditor() {
  const tags = el("ul", { class: "chips", "aria-label": "Tags" });
  const notes = el("dl", { class: "written" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const write = async (/** @type {object} */ content, /** @type {string} */ done) => {
    const run = currentRun();
    if (!run) return false;
    try {
      changeCurrentRun(await send(`/api/run/${run.id}/note`, content));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const what = error.status === 0 ? "It is not known whether the note was written" : "The note was not written";
      problem.textContent = `${what}: ${error.message}.`;
      problem.hidden = currentRun()?.id !== run.id;
      return false;
    }
    problem.hidden = true;
    announce(done);
    return true;
  };
  const tag = writer("Tag", "a word", (text) => write({ tag: text.replace(/^#/, "") }, "tagged"));
  const note = writer("Note", "what you saw or did", (text) => write({ text }, "note written"));
  let id = "";
  const show = noteLists(tags, notes, (/** @type {string} */ text) =>
    void write({ untag: text.replace(/^#/, "") }, `tag ${text} taken away`));
  on("run", () => {
    const run = currentRun();
    if (run && run.id !== id) problem.hidden = true; // it was about another run
    id = run?.id ?? id;
    show();
  });
  return el("section", { class: "notes-editor", "aria-labelledby": "run-notes-h" },
    el("h3", { id: "run-notes-h" }, "Notes"), tags, notes, problem, tag, note);
}

/**
 * What shows the tags and notes of the run where they are others: what has the focus keeps it.
 *
 * @param {HTMLElement} tags
 * @param {HTMLElement} notes
 * @param {(tag: string) => void} untag
 */
function noteLists(tags, notes, untag) {
  let shown = "";
  return () => {
    const run = currentRun();
    const pairs = run?.notes ?? [];
    const now = JSON.stringify([run?.id, pairs]);
    if (now === shown) return;
    shown = now;
    const own = pairs.filter(([name]) => name === "tags").flatMap(([, text]) => text.split(" "));
    tags.replaceChildren(...own.map((text) => el("li", {}, el("button", {
      type: "button", "aria-label": `Take the tag ${text} away`, onclick: () => untag(text),
    }, `${text} ×`))));
    const others = pairs.filter(([name]) => name !== "tags");
    notes.replaceChildren(...others.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]));
  };
}

/**
 * A line to write on; Enter sends it.
 *
 * @param {string} name
 * @param {string} placeholder
 * @param {(text: string) => Promise<boolean>} write
 */
function writer(name, placeholder, write) {
  const box = el("input", { type: "text", placeholder, maxlength: 4000 });
  const submit = async () => {
    const text = box.value.trim();
    if (text && (await write(text))) box.value = "";
  };
  box.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") void submit();
  });
  const button = el("button", { type: "button", onclick: () => void submit() }, "Add");
  button.setAttribute("aria-label", `Add the ${name.toLowerCase()}`);
  return el("p", { class: "controls" }, el("label", {}, `${name} `, box), button);
}
