// The page from top to bottom.

import { changesSection } from "./changes/section.js";
import { curvesSection } from "./curves/section.js";
import { findingsSection } from "./findings/section.js";
import { startTheme } from "./look/theme.js";
import { later } from "./plots/later.js";
import { predictionsSection } from "./predictions/section.js";
import { runsSection } from "./runs/section.js";
import { settingsSection } from "./settings/section.js";
import { tableSection } from "./table/section.js";

startTheme();
tableSection();
changesSection();
curvesSection();
settingsSection();
findingsSection();
predictionsSection();
runsSection();
later(() => {
  // Where plotly measures texts: nothing to read.
  document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true");
});
later(() => document.documentElement.setAttribute("data-drawn", ""));
