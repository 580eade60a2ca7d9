// The page from top to bottom.

applyTheme();
tableSection();
curvesSection();
settingsSection();
findingsSection();
predictionsSection();
runsSection();
later(() => document.documentElement.setAttribute("data-drawn", ""));
