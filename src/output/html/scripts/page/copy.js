// Texts for the clipboard.

import { announce } from "./announce.js";
import { el } from "./elements.js";

/**
 * Copies a text, and says so on the button for a while.
 *
 * @param {string} text
 * @param {HTMLElement} button
 */
export async function copyText(text, button) {
  const before = button.textContent;
  const words = await isCopied(text) ? "Copied" : "The browser does not allow it";
  button.textContent = words;
  announce(words);
  setTimeout(() => {
    if (button.textContent === words) button.textContent = before;
  }, 2000);
}

/** @param {string} text */
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Where the browser has no clipboard for this page, a selection can be copied.
    const box = el("textarea", { "aria-hidden": "true" });
    box.value = text;
    document.body.append(box);
    box.select();
    const isDone = document.execCommand("copy");
    box.remove();
    return isDone;
  }
}
