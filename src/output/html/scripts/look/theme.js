// Light and dark: the system's choice until the reader makes another.

import { announce } from "../page/announce.js";
import { byId } from "../page/elements.js";
import { tell } from "../page/events.js";

const KEY = "runner-theme"; // in the browser's storage
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = remembered();

// A browser that keeps nothing for files is no reason to fail.
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It is then forgotten with this page.
  }
}

export function isDark() {
  return chosen ? chosen === "dark" : systemIsDark.matches;
}

function apply() {
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  byId("theme").textContent = isDark() ? "Light theme" : "Dark theme";
  tell("theme");
}

/** Shows the theme, and lets the page's button and the system change it. */
export function startTheme() {
  byId("theme").addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    remember(chosen);
    apply();
    announce(chosen + " theme");
  });
  systemIsDark.addEventListener("change", apply);
  apply();
}
