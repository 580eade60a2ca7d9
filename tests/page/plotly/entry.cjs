// plotly.js with what the plots use: lines, marks and heat maps, with their error bars, words, shapes, scales and
// hover texts. As src/core.js of plotly.js, without the components that we do not use.
"use strict";

exports.version = require("plotly.js/src/version").version;
require("plotly.js/build/plotcss");
const { register } = require("plotly.js/src/registry");
const api = require("plotly.js/src/plot_api");

for (const name of Object.keys(api)) {
  if (!name.startsWith("_")) exports[name] = api[name];
  register({ moduleType: "apiMethod", name, fn: api[name] });
}
register([
  require("plotly.js/src/traces/scatter"),
  require("plotly.js/src/traces/heatmap"),
  require("plotly.js/src/components/annotations"),
  require("plotly.js/src/components/selections"),
  require("plotly.js/src/components/shapes"),
  require("plotly.js/src/components/errorbars"),
  require("plotly.js/src/components/colorscale"),
  require("plotly.js/src/components/colorbar"),
  require("plotly.js/src/components/legend"),
  require("plotly.js/src/components/fx"),
  require("plotly.js/src/components/modebar"),
  require("plotly.js/src/locale-en"),
  require("plotly.js/src/locale-en-us"),
]);
