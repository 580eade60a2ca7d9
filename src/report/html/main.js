// The page from top to bottom.

applyTheme();
tableSection();
curvesSection();
settingsSection();
predictionsSection();
runsSection();
later(() => document.documentElement.setAttribute("data-drawn", ""));
