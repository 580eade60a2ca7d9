// Settings of many numbers, as a search draws them: points on an axis instead of groups.

const MANY_NUMBERS = 12; // as in the tables of effects
const LOG_FROM = 10; // largest by smallest, at least

function hasManyNumbers(setting) {
  const values = valuesOf(setting).filter((value) => value != null);
  return values.length > MANY_NUMBERS && values.every((value) => !Number.isNaN(Number(value)));
}
// Where the middle one of sorted numbers lies nearer to the middle of a logarithmic axis.
function standOnLogarithms(numbers) {
  const [low, middle, high] = [numbers[0], numbers[Math.floor(numbers.length / 2)], numbers.at(-1)];
  const off = (of) => Math.abs((of(middle) - of(low)) / (of(high) - of(low)) - 0.5);
  return low > 0 && high / low > LOG_FROM && off(Math.log) < off(Number);
}
// Positions of values on an axis, and plotly's settings for it.
function settingPlaces(setting) {
  const values = valuesOf(setting);
  const title = { text: label(varied[setting].short) };
  if (hasManyNumbers(setting)) {
    const numbers = values.filter((value) => value != null).map(Number);
    const isLog = standOnLogarithms(numbers);
    const log = { type: "log", exponentformat: "none", dtick: numbers.at(-1) / numbers[0] > 1000 ? 1 : "D2" };
    return { at: (value) => (value == null ? null : Number(value)), axis: { title, ...(isLog ? log : {}) } };
  }
  const ticks = labelled(values.length, 24);
  return {
    at: (value) => values.indexOf(value),
    axis: { title, tickvals: ticks, ticktext: ticks.map((at) => label(tickText(values[at]), 24)), range: [-0.5, values.length - 0.5] },
  };
}
const settingWords = (run, setting) => `${label(varied[setting].short)} ${label(valueText(configs[run.config].values[setting]))}`;
const shownRuns = (of) => runsOf(filtered).filter((run) => run.state === "finished" && run.last && of(run) != null);
const trendText = (said) => `${said.slice(0, 60).join("; ")}${said.length > 60 ? "; and more" : ""}.`;

function drawScatter(setting, key) {
  const { of, text, name } = figures[key];
  const shown = shownRuns(of);
  const places = settingPlaces(setting);
  const value = (run) => configs[run.config].values[setting];
  const said = shown.map((run) => `${valueText(value(run))}: ${text(of(run))}`);
  return {
    traces: [{
      x: shown.map((run) => places.at(value(run))), y: shown.map(of), mode: "markers",
      marker: { color: withAlpha(palette()[0], 0.7), size: 8 },
      ...hover(shown.map((run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`)),
    }],
    shows: `${setting} ${key}`, text: `${name} by ${varied[setting].short}, a dot a run. ${trendText(said)}`,
    layout: { xaxis: places.axis, yaxis: { title: { text: axisTitle(figures[key]) } } },
  };
}

function drawMap(across, up, key) {
  const { of, text, name, unit } = figures[key];
  const shown = shownRuns(of);
  const [x, y] = [settingPlaces(across), settingPlaces(up)];
  const value = (run, setting) => configs[run.config].values[setting];
  const said = shown.map((run) => `${settingWords(run, across)}<br>${settingWords(run, up)}<br>seed ${run.seed}: <b>${text(of(run))}</b>`);
  const told = shown.map((run) => `${varied[across].short} ${valueText(value(run, across))}, ${varied[up].short} ${valueText(value(run, up))}: ${text(of(run))}`);
  return {
    traces: [{
      x: shown.map((run) => x.at(value(run, across))), y: shown.map((run) => y.at(value(run, up))), mode: "markers",
      marker: {
        color: shown.map(of), size: 13, colorscale: scaleColors(), showscale: true, line: { width: 1, color: cssColor("line") },
        colorbar: { thickness: 12, outlinewidth: 0, title: { text: unit, side: "right", font: { color: cssColor("muted"), size: 12 } }, tickfont: { color: cssColor("muted") } },
      },
      ...hover(said),
    }],
    shows: `${across} ${up}`, text: `${name} by ${varied[across].short} and ${varied[up].short}, a dot a run. ${trendText(told)}`,
    layout: { xaxis: x.axis, yaxis: y.axis },
  };
}
