// Parallel coordinates: one axis for each setting or figure, one line for each config. Made of plain lines, not of
// plotly's own kind, which needs WebGL and code generation in the page.

const BINS = 8; // of colour: as many traces, however many configs

function parallelAxes() {
  const settings = varied.map((setting, index) => settingAxis(setting, index));
  const shown = ["train", "val", "test", "gap"].filter((key) => present.includes(key));
  return [...settings, ...shown.map(figureAxis)];
}
// Values are at equal distances in order, so that 0.001 and 0.01 are distinct.
function settingAxis(setting, index) {
  const values = valuesOf(index);
  const places = new Map(values.map((value, at) => [value, at]));
  const place = (value) => (values.length > 1 ? places.get(value) / (values.length - 1) : 0.5);
  const ticks = labelled(values.length, 12).map((at) => [place(values[at]), tickText(values[at])]);
  return { name: setting.short, ticks, at: (config) => place(config.values[index]), text: (config) => valueText(config.values[index]) };
}
function figureAxis(key) {
  const { of, text, name, unit } = figures[key];
  const value = (config) => mean(finishedOf(config).map(of));
  const all = configs.map(value).filter((v) => v != null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = (v) => (high > low ? (v - low) / (high - low) : 0.5);
  const ticks = (high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5]).map((at) => [at, fixed(low + (high - low) * (high > low ? at : 0), 1)]);
  return {
    name: `${name.replace(" accuracy", "")} (${unit})`, ticks, value,
    at: (config) => { const v = value(config); return v == null ? null : place(v); }, text: (config) => text(value(config)),
  };
}
const finishedOf = (config) => config.runs.map((run) => runs[run]).filter((run) => run.state === "finished" && run.last);

function drawParallel(axes) {
  const shown = filtered.filter((index) => finishedOf(configs[index]).length);
  const last = axes.at(-1);
  const bins = Array.from({ length: BINS }, () => ({ x: [], y: [], said: [] }));
  for (const index of shown) {
    const config = configs[index];
    const bin = bins[Math.min(BINS - 1, Math.floor((last.at(config) ?? 0) * BINS))];
    const said = `<b>${label(config.label)}</b><br>` + axes.map((axis) => `${label(axis.name)}: ${label(axis.text(config))}`).join("<br>");
    axes.forEach((axis, i) => {
      bin.x.push(i);
      bin.y.push(axis.at(config) == null ? null : axis.at(config) + shift(index));
      bin.said.push(said);
    });
    bin.x.push(null);
    bin.y.push(null);
    bin.said.push("");
  }
  const width = shown.length > 200 ? 0.8 : 1.8;
  const traces = bins.map((bin, at) => ({
    x: bin.x, y: bin.y, mode: shown.length > 200 ? "lines" : "lines+markers", marker: { size: 5 },
    line: { color: binColor(at), width }, opacity: shown.length > 200 ? 0.5 : 0.9, ...hover(bin.said),
  }));
  return { traces: traces.filter((trace) => trace.x.length), layout: parallelLayout(axes), text: parallelText(axes, shown) };
}
// Lines through the same values are slightly offset.
const shift = (index) => ((index * 7) % 11 - 5) * 0.0022;
// Between the colours of the least and the most, which differ in hue and in lightness.
function binColor(at) {
  const [from, to] = isDark() ? [[86, 180, 233], [255, 143, 74]] : [[0, 98, 160], [213, 84, 0]];
  const share = at / (BINS - 1);
  return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(",")})`;
}
function parallelLayout(axes) {
  const muted = cssColor("muted");
  const tick = (axis, i) => axis.ticks.map(([y, text]) => ({
    x: i, y, text: label(text, 16), showarrow: false, xanchor: "right", xshift: -6, font: { size: 11, color: muted },
    bgcolor: withAlpha(cssColor("page"), 0.75), borderpad: 1,
  }));
  return {
    annotations: axes.flatMap(tick),
    shapes: axes.map((_, i) => ({ type: "line", x0: i, x1: i, y0: 0, y1: 1, line: { color: cssColor("line"), width: 1.5 }, layer: "below" })),
    xaxis: {
      tickvals: axes.map((_, i) => i), ticktext: axes.map((axis) => label(axis.name, 28)), side: "top",
      showgrid: false, zeroline: false, range: [-0.45, axes.length - 0.8], showline: false,
    },
    yaxis: { visible: false, range: [-0.05, 1.05], fixedrange: true },
    margin: { l: 14, r: 14, t: 40, b: 10 },
  };
}
function parallelText(axes, shown) {
  const lines = shown.slice(0, 20).map((index) => axes.map((axis) => `${axis.name} ${axis.text(configs[index])}`).join(", "));
  const more = shown.length > 20 ? ` And ${shown.length - 20} more configs.` : "";
  return `Parallel coordinates of ${shown.length} configs. ${lines.join(". ")}.${more}`;
}

function parallelFigure() {
  if (configs.length < 2 || !present.length) return [];
  const axes = parallelAxes();
  return [figure({
    id: "parallel", title: "All settings and figures", events: ["filter"], isWhole: true, draw: () => drawParallel(axes),
    caption: `A line a config of those that the table's filter leaves, from blue to orange by ${axes.at(-1).name}.`,
  }).element];
}
