// Learning curves of the selected configs: the mean over seeds as a line, the spread of the seeds
// as a band. A config has a colour, a split has a kind of line.

const MOST_APART = 24; // configs, beyond which lines are drawn together: one by one they would be slow
const splits = {
  test: { name: "test", dash: "solid" },
  val: { name: "validation", dash: "dash" },
  train: { name: "train", dash: "dot" },
};
const presentSplits = ["train", "val", "test"].filter((split) => runs.some((run) => run.curves[split + "_accuracy"]));
const shownSplits = new Set(presentSplits);
let bandKind = "range";
let lossIsLog = false;

// Means and bands do not change: each is computed once.
const summaries = new Map();
function summary(index, name) {
  const key = index + name;
  if (!summaries.has(key)) summaries.set(key, summarise(index, name));
  return summaries.get(key);
}
function summarise(index, name) {
  const epochs = data.epochs[configs[index].epochs];
  const curves = configs[index].runs.map((run) => curveOf(runs[run], name)).filter(Boolean);
  if (!curves.length) return null;
  const at = (epoch) => curves.map((curve) => curve[epoch]).filter((value) => value != null);
  const values = epochs.map((_, epoch) => at(epoch));
  const means = values.map(mean);
  const deviations = values.map((seeds) => deviation(seeds) ?? 0);
  return {
    epochs, curves, means, seeds: values.map((seeds) => seeds.length),
    range: { low: values.map(least), high: values.map(most) },
    std: {
      low: means.map((value, i) => (value == null ? null : value - deviations[i])),
      high: means.map((value, i) => (value == null ? null : value + deviations[i])),
    },
  };
}
const least = (values) => (values.length ? Math.min(...values) : null);
const most = (values) => (values.length ? Math.max(...values) : null);
function curveOf(run, name) {
  if (name !== "gap") return run.curves[name];
  const { train_accuracy: train, test_accuracy: test } = run.curves;
  if (!train || !test) return null;
  return train.map((value, i) => (value == null || test[i] == null ? null : value - test[i]));
}

const curveKinds = {
  accuracy: { title: "Accuracy", unit: "accuracy in %", text: percent, names: () => shownNames("accuracy") },
  gap: { title: "Gap: train minus test accuracy", unit: "gap in points", text: points, names: () => [["gap", "test"]] },
  loss: { title: "Loss", unit: "mean cross-entropy", text: loss, names: () => shownNames("loss") },
};
const shownNames = (figure) =>
  presentSplits.filter((split) => shownSplits.has(split)).map((split) => [split + "_" + figure, split]);

function drawnConfigs() {
  return order.filter((index) => selection.has(index));
}

function drawCurves(kind) {
  const chosen = drawnConfigs();
  const { names, unit, text } = curveKinds[kind];
  const isMany = chosen.length > MOST_APART;
  const traces = names().flatMap(([name, split]) =>
    isMany ? manyTraces(chosen, name, split, text) : chosen.flatMap((index) => tracesOf(index, name, split, text)));
  if (!isMany) traces.push(...chosen.map((index) => bestMarks(index, kind, text)).filter(Boolean));
  const isLog = kind === "loss" && lossIsLog;
  return {
    traces, shows: `${kind} ${isLog}`, text: curvesText(kind, chosen),
    layout: {
      xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
      yaxis: { title: { text: unit }, type: isLog ? "log" : "linear", exponentformat: "power" },
    },
  };
}

function tracesOf(index, name, split, text) {
  const summed = summary(index, name);
  if (!summed) return [];
  const color = colorOf(index);
  const line = { color, width: split === "test" ? 2.2 : 1.7, dash: splits[split].dash };
  if (bandKind === "seeds") return seedTraces(summed, index, name, line, text);
  const { epochs, means, seeds } = summed;
  const said = hover(epochs.map((epoch, i) => hoverText(index, name, split, epoch, text(means[i]), spread(summed, i, text), seeds[i])));
  const traces = [{ x: epochs, y: means, mode: "lines", line, ...said }];
  const band = summed[bandKind];
  if (band && configs[index].runs.length > 1) traces.unshift(bandTrace(epochs, band, color));
  return traces;
}
const nameWords = (name, split) => (name === "gap" ? "gap" : splits[split].name);
function hoverText(index, name, split, epoch, value, spreadText, seeds) {
  const many = seeds > 1 ? `<br>${spreadText} (${seeds} seeds)` : "";
  return `<b>${label(configs[index].label)}</b><br>${nameWords(name, split)} ${value} at epoch ${epoch}${many}`;
}
function spread(summed, i, text) {
  const { low, high } = summed[bandKind] || summed.range;
  return `${text(low[i])} to ${text(high[i])}`;
}
// Many overlapping bands would hide the lines.
const bandAlpha = () => (isDark() ? 0.22 : 0.17) * (selection.size > 4 ? 0.45 : 1);
// There and back: a closed shape without a line that ignores the mouse.
function bandTrace(epochs, band, color) {
  const at = epochs.map((_, i) => i).filter((i) => band.low[i] != null);
  const back = [...at].reverse();
  return {
    x: [...at, ...back].map((i) => epochs[i]),
    y: [...at.map((i) => band.high[i]), ...back.map((i) => band.low[i])],
    mode: "lines", line: { width: 0 }, fill: "toself", fillcolor: withAlpha(color, bandAlpha()), hoverinfo: "skip",
  };
}
function seedTraces(summed, index, name, line, text) {
  return summed.curves.map((curve, i) => {
    const run = runs[configs[index].runs[i]];
    const said = summed.epochs.map((epoch, at) =>
      `<b>${label(configs[index].label)}</b><br>seed ${run.seed}: ${text(curve[at])} at epoch ${epoch}`);
    return { x: summed.epochs, y: curve, mode: "lines", line: { ...line, width: 1.1 }, ...hover(said) };
  });
}

// Many configs as one thin line with gaps, so that only the overall shape is visible.
function manyTraces(chosen, name, split, text) {
  const colors = { train: palette()[0], val: palette()[2], test: palette()[1] };
  const [x, y, said] = [[], [], []];
  for (const index of chosen) {
    const summed = summary(index, name);
    if (!summed) continue;
    summed.epochs.forEach((epoch, i) => {
      x.push(epoch);
      y.push(summed.means[i]);
      said.push(`<b>${label(configs[index].label)}</b><br>${nameWords(name, split)} ${text(summed.means[i])} at epoch ${epoch}`);
    });
    x.push(null);
    y.push(null);
    said.push("");
  }
  const alpha = Math.max(0.15, Math.min(0.6, 20 / chosen.length));
  return [{ x, y, mode: "lines", line: { width: 1, color: withAlpha(colors[split], alpha) }, connectgaps: false, ...hover(said) }];
}

// Each seed's best epoch, on its shown curve.
function bestMarks(index, kind, text) {
  const marked = configs[index].runs.map((run) => runs[run]).filter((run) => run.best);
  const value = (run) => {
    const { best } = run;
    if (kind === "gap") return best.gap;
    const field = kind === "loss" ? ["test_loss", "val_loss"] : ["test", "val"];
    const split = shownSplits.has("test") && best[field[0]] != null ? 0 : 1;
    return split === 0 || shownSplits.has("val") ? best[field[split]] : null;
  };
  const shown = marked.filter((run) => value(run) != null);
  if (!shown.length) return null;
  const by = (run) => (run.best.val != null ? "by validation" : "chosen on test");
  return {
    x: shown.map((run) => run.best.epoch), y: shown.map(value), mode: "markers",
    marker: { symbol: "diamond", size: 8, color: colorOf(index), line: { color: cssColor("page"), width: 1.5 } },
    ...hover(shown.map((run) => `<b>${label(configs[index].label)}</b><br>best epoch ${run.best.epoch} of seed ${run.seed} (${by(run)}): ${text(value(run))}`)),
  };
}

function curvesText(kind, chosen) {
  if (!chosen.length) return "No config is selected: nothing is drawn.";
  const { title, names, text } = curveKinds[kind];
  const lines = chosen.slice(0, DRAWN_AT_FIRST).map((index) => {
    const parts = names().map(([name, split]) => {
      const summed = summary(index, name);
      if (!summed) return null;
      return `${nameWords(name, split)} from ${text(summed.means[0])} to ${text(summed.means.at(-1))}`;
    });
    const best = configs[index].runs.map((run) => runs[run].best).filter(Boolean).map((row) => row.epoch);
    const bestText = best.length ? `; best epochs ${[...new Set(best)].sort((a, b) => a - b).join(", ")}` : "";
    return `${configs[index].label}: ${parts.filter(Boolean).join(", ")}${bestText}.`;
  });
  const more = chosen.length > lines.length ? ` And ${chosen.length - lines.length} more configs.` : "";
  return `${title} by epoch. ${lines.join(" ")}${more}`;
}

function drawChips(list) {
  const chosen = drawnConfigs();
  const chips = chosen.slice(0, 100).map((index) => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = chosen.length > MOST_APART ? "transparent" : colorOf(index);
    const text = configs[index].label;
    const remove = el("button", {
      type: "button", title: "Do not draw " + text, "aria-label": "Do not draw " + text,
      onclick: () => select([index], false),
    }, swatch, el("span", { class: "name" }, text), el("span", { "aria-hidden": "true" }, " ×"));
    return el("li", {}, remove);
  });
  if (chosen.length > 100) chips.push(el("li", {}, `and ${chosen.length - 100} more`));
  if (!chosen.length) chips.push(el("li", { class: "muted" }, "No config is drawn: choose some in the table."));
  list.replaceChildren(...chips);
}

function curvesSection() {
  if (!presentSplits.length) {
    section("curves", "Learning curves", el("p", { class: "muted" }, "No run has evaluated an epoch yet."));
    return;
  }
  const chips = el("ul", { class: "chips", "aria-label": "Configs that are drawn" });
  const splitBoxes = presentSplits.map((split) => check(`${splits[split].name} (${lineWords[split]})`, true, (isOn) => {
    if (isOn) shownSplits.add(split);
    else shownSplits.delete(split);
    tell("curves");
  }));
  const bands = [["range", "lowest to highest"], ["std", "± standard deviation"], ["seeds", "every seed a line"], ["none", "mean alone"]];
  const controls = el("div", { class: "controls" },
    el("fieldset", {}, el("legend", {}, "Splits"), ...splitBoxes),
    choice("Seeds", bands, bandKind, (value) => { bandKind = value; tell("curves"); }),
    check("logarithmic loss", false, (isOn) => { lossIsLog = isOn; tell("curves"); }));
  const kinds = Object.keys(curveKinds).filter((kind) => kind !== "gap" || presentSplits.includes("test"));
  const plots = kinds.map((kind) => figure({
    id: kind, title: curveKinds[kind].title, draw: () => drawCurves(kind), events: ["selection", "curves"],
    isWhole: kind === "accuracy", isTall: kind === "accuracy",
    caption: kind === "accuracy" ? "Diamonds mark each seed's best epoch. Drag to zoom, double-click to see all, point at a line to read it." : null,
  }).element);
  section("curves", "Learning curves", incomparableNote(), chips, controls, el("div", { class: "grid" }, ...plots), thinnedNote());
  on("selection", () => drawChips(chips));
  on("theme", () => drawChips(chips));
  drawChips(chips);
}
const lineWords = { test: "solid", val: "dashed", train: "dotted" };

function thinnedNote() {
  const isThinned = data.epochs.some((epochs) => epochs.length === data.most_points);
  return isThinned
    ? el("p", { class: "muted" }, `Of long runs ${data.most_points} evenly spaced epochs are drawn; diamonds and tables have the exact figures.`)
    : null;
}
