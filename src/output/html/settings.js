// Effects of settings: a figure by the values of one setting, and a heat map over two.

const runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run) => runs[run]));
const settingOptions = () => varied.map((setting, index) => [String(index), setting.short]);
const figureOptions = () => present.map((key) => [key, figures[key].name]);

const MOST_CELLS = 4000; // of a heat map

// Finished runs of the filtered configs, by their values of these settings.
function runsByValues(settings) {
  const groups = new Map();
  for (const index of filtered) {
    const key = JSON.stringify(settings.map((setting) => configs[index].values[setting]));
    const own = runsOf([index]).filter((run) => run.state === "finished" && run.last);
    groups.set(key, [...(groups.get(key) || []), ...own]);
  }
  return (...values) => groups.get(JSON.stringify(values)) || [];
}

function drawBySetting(setting, key) {
  if (hasManyNumbers(setting)) return drawScatter(setting, key);
  const { of, text } = figures[key];
  const runsWith = runsByValues([setting]);
  const values = valuesOf(setting).map((value) => ({ value, runs: runsWith(value) }))
    .map((group) => ({ ...group, runs: group.runs.filter((run) => of(run) != null) }))
    .filter((group) => group.runs.length);
  const [color, other] = palette();
  // Seeds side by side, so that equal values do not overlap.
  const beside = (i, n) => (n > 1 ? (((i * 7919) % n) / (n - 1) - 0.5) * Math.min(0.5, 0.06 * n) : 0);
  const dots = {
    x: values.flatMap((group, at) => group.runs.map((_, i) => at + beside(i, group.runs.length))),
    y: values.flatMap((group) => group.runs.map(of)), mode: "markers",
    marker: { color: withAlpha(color, 0.55), size: 7 },
    ...hover(values.flatMap((group) => group.runs.map((run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`))),
  };
  const means = values.map((group) => mean(group.runs.map(of)));
  const deviations = values.map((group) => deviation(group.runs.map(of)) ?? 0);
  const line = {
    x: values.map((_, at) => at), y: means, mode: "lines+markers",
    line: { color: other, width: 2 }, marker: { color: other, size: 10, symbol: "diamond" },
    error_y: { type: "data", array: deviations, color: other, thickness: 1.5, width: 6 },
    ...hover(values.map((group, i) => `<b>${label(varied[setting].short)} ${label(valueText(group.value))}</b><br>mean ${text(means[i])}${deviations[i] > 1e-6 ? ` ± ${fixed(deviations[i], 2)}` : ""} over ${group.runs.length} runs`)),
  };
  const said = values.slice(0, 60).map((group, i) => `${valueText(group.value)}: ${text(means[i])} over ${group.runs.length} runs`);
  return {
    traces: [dots, line], shows: `${setting} ${key}`, text: `Mean ${figures[key].name} by ${varied[setting].short}. ${said.join("; ")}.`,
    layout: {
      xaxis: {
        title: { text: label(varied[setting].short) }, tickvals: labelled(values.length, 24),
        ticktext: labelled(values.length, 24).map((at) => label(tickText(values[at].value), 24)), range: [-0.5, values.length - 0.5],
      },
      yaxis: { title: { text: axisTitle(figures[key]) } },
    },
  };
}

function drawHeatMap(across, up, key) {
  if (hasManyNumbers(across) || hasManyNumbers(up)) return drawMap(across, up, key);
  const [xs, ys] = [valuesOf(across), valuesOf(up)];
  if (xs.length * ys.length > MOST_CELLS) return tooMany(`${xs.length} times ${ys.length} values are too many for a heat map.`);
  const { of, text } = figures[key];
  const runsWith = runsByValues([across, up]);
  const cells = ys.map((y) => xs.map((x) => mean(runsWith(x, y).map(of))));
  const said = ys.map((y, row) => xs.map((x, column) =>
    `${label(varied[across].short)} ${label(valueText(x))}<br>${label(varied[up].short)} ${label(valueText(y))}<br><b>${text(cells[row][column])}</b>`));
  const hasRoom = xs.length <= 14 && ys.length <= 20;
  const names = (values) => ({
    tickvals: labelled(values.length, 24), ticktext: labelled(values.length, 24).map((at) => label(tickText(values[at]), 24)),
  });
  const digits = key.endsWith("loss") ? 3 : 1;
  return {
    traces: [{
      type: "heatmap", z: cells, x: xs.map((_, at) => at), y: ys.map((_, at) => at), colorscale: scaleColors(),
      hoverinfo: "text", hovertext: said, xgap: 2, ygap: 2,
      text: cells.map((row) => row.map((value) => (value == null ? "" : fixed(value, digits)))), texttemplate: hasRoom ? "%{text}" : "",
      colorbar: { thickness: 12, outlinewidth: 0, title: { text: figures[key].unit, side: "right", font: { color: cssColor("muted"), size: 12 } }, tickfont: { color: cssColor("muted") } },
    }],
    shows: `${across} ${up}`, text: heatMapText(xs, ys, cells, across, up, key),
    layout: {
      xaxis: { title: { text: label(varied[across].short) }, showgrid: false, ...names(xs) },
      yaxis: { title: { text: label(varied[up].short) }, showgrid: false, ...names(ys) },
    },
  };
}
function tooMany(text) {
  const axis = { visible: false };
  const annotations = [{ text, showarrow: false, xref: "paper", yref: "paper", x: 0.5, y: 0.5 }];
  return { traces: [], shows: "nothing", text, layout: { xaxis: axis, yaxis: axis, annotations } };
}
function heatMapText(xs, ys, cells, across, up, key) {
  const said = ys.flatMap((y, row) => xs.map((x, column) =>
    `${varied[across].short} ${valueText(x)}, ${varied[up].short} ${valueText(y)}: ${figures[key].text(cells[row][column])}`));
  const shown = said.slice(0, 60).join("; ");
  return `Mean ${figures[key].name} by ${varied[across].short} and ${varied[up].short}. ${shown}${said.length > 60 ? "; and more" : ""}.`;
}

function settingsSection() {
  if (!varied.length || !present.length) return;
  const chosen = { key: present.includes("gap") ? "gap" : present[0], setting: 0, across: 0, up: Math.min(1, varied.length - 1) };
  const change = (name, isNumber) => (value) => {
    chosen[name] = isNumber ? Number(value) : value;
    tell("settings");
  };
  const bySetting = figure({
    id: "by-setting", title: "By setting", events: ["filter", "settings"],
    draw: () => drawBySetting(chosen.setting, chosen.key),
    controls: varied.length > 1 ? [choice("Setting", settingOptions(), "0", change("setting", true))] : [],
    caption: varied.some((_, setting) => !hasManyNumbers(setting))
      ? "A dot a run; diamonds are means over all other settings and seeds, with their standard deviation." : "A dot a run, whatever its other settings.",
  });
  const plots = [bySetting.element];
  if (varied.length > 1) {
    const options = settingOptions();
    plots.push(figure({
      id: "heat-map", title: "Two settings", events: ["filter", "settings"],
      draw: () => drawHeatMap(chosen.across, chosen.up, chosen.key),
      controls: varied.length > 2
        ? [choice("Across", options, "0", change("across", true)), choice("Up", options, "1", change("up", true))] : [],
      caption: varied.some((_, setting) => !hasManyNumbers(setting))
        ? "Means over all other settings and seeds; an empty cell has no finished run. Settings of many numbers: a dot a run." : "A dot a run, whatever its other settings.",
    }).element);
  }
  const controls = el("div", { class: "controls" }, choice("Figure", figureOptions(), chosen.key, change("key")),
    el("span", { class: "muted" }, "of the finished runs that the table's filter leaves"));
  section("settings", "Settings", incomparableNote(), controls, el("div", { class: "grid" }, ...plots, ...effectsFigure(), ...parallelFigure()));
}
