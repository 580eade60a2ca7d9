// The page from top to bottom.

applyTheme();
tableSection();
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
