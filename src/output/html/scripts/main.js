// The page from top to bottom: of the data inside it, or of the server that it came from.

import "./data/figures.js"; // first: what else hears of new data looks at them

import { changesSection } from "./changes/section.js";
import { curvesSection } from "./curves/section.js";
import { setData } from "./data/data.js";
import { findingsSection } from "./findings/section.js";
import { startLive } from "./live/start.js";
import { startTheme } from "./look/theme.js";
import { later } from "./plots/later.js";
import { predictionsSection } from "./predictions/section.js";
import { runsSection } from "./runs/section.js";
import { settingsSection } from "./settings/section.js";
import { tableSection } from "./table/section.js";

startTheme();
const inside = document.getElementById("data");
if (inside) setData(JSON.parse(inside.textContent));
tableSection();
changesSection();
curvesSection();
settingsSection();
findingsSection();
predictionsSection();
runsSection();
if (!inside) startLive();
later(() => {
  // Where plotly measures texts: nothing to read.
  document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true");
});
later(() => document.documentElement.setAttribute("data-drawn", ""));
