// Light and dark: the system's choice until the reader makes another.

const light = ["#0072b2", "#d55e00", "#00835f", "#b04a86", "#7558c2", "#966a00", "#3285b5", "#8a4b32", "#5c6a79", "#bd3a2c"];
const dark = ["#56b4e9", "#ff8f4a", "#3ccf9e", "#e79fcb", "#b8a4ff", "#f0c24b", "#9adcff", "#d8a184", "#b4c0cc", "#ff857c"];
const themeButton = document.getElementById("theme");
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = rememberedTheme();

// A browser may not store anything for files; that is not an error.
function rememberedTheme() {
  try {
    return localStorage.getItem("runner-theme");
  } catch {
    return null;
  }
}

function isDark() {
  return chosenTheme ? chosenTheme === "dark" : systemIsDark.matches;
}

function applyTheme() {
  const root = document.documentElement;
  if (chosenTheme === "dark" || chosenTheme === "light") root.dataset.theme = chosenTheme;
  themeButton.textContent = isDark() ? "Light theme" : "Dark theme";
  tell("theme");
}

themeButton.addEventListener("click", () => {
  chosenTheme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("runner-theme", chosenTheme);
  } catch {
    // It is then lost with this page.
  }
  applyTheme();
  announce(chosenTheme + " theme");
});
systemIsDark.addEventListener("change", applyTheme);

const cssColor = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const palette = () => (isDark() ? dark : light);

function withAlpha(color, alpha) {
  const part = (at) => parseInt(color.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
}

// From few to much, readable on either page: the ends are also distinct in grey.
function scaleColors() {
  return isDark()
    ? [[0, "#1d2a3a"], [0.35, "#23608a"], [0.7, "#43a7b9"], [1, "#d8f3c8"]]
    : [[0, "#f2f6fa"], [0.35, "#a9cfe3"], [0.7, "#3a86b7"], [1, "#0b2f5c"]];
}
