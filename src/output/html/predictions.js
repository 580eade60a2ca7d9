// Predictions on single examples: confusion, calibration, and pictures of mistakes and of weights.

function runName(run) {
  const seed = run.seed == null ? "" : `, seed ${run.seed}`;
  return `${configs[run.config].label}${seed} (${run.id})`;
}

// Shares of each class, so that classes of unequal size can be compared.
function drawConfusion(predictions) {
  const { classes, counts } = predictions.confusion;
  const sums = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const shares = counts.map((row, i) => row.map((count) => (sums[i] ? (100 * count) / sums[i] : null)));
  const at = classes.map((_, i) => i);
  const hasRoom = classes.length <= 12;
  const names = classes.length <= 40 ? classes.map((name) => label(name, 18)) : classes.map((_, i) => (i % 10 ? "" : String(i)));
  const said = counts.map((row, i) => row.map((count, j) =>
    `<b>${label(classes[i])}</b> taken for <b>${label(classes[j])}</b><br>${count} of ${sums[i]} (${fixed(shares[i][j] ?? 0, 1)} %)`));
  return {
    traces: [{
      type: "heatmap", z: shares, x: at, y: at, zmin: 0, zmax: 100, colorscale: scaleColors(), hoverinfo: "text", hovertext: said,
      xgap: 1, ygap: 1, text: counts.map((row) => row.map(String)), texttemplate: hasRoom ? "%{text}" : "",
      colorbar: { thickness: 12, outlinewidth: 0, ticksuffix: " %", tickfont: { color: cssColor("muted") } },
    }],
    text: confusionText(classes, counts, sums),
    layout: {
      xaxis: { title: { text: "predicted class" }, tickvals: at, ticktext: names, showgrid: false, side: "bottom" },
      yaxis: { title: { text: "true class" }, tickvals: at, ticktext: names, showgrid: false, autorange: "reversed" },
    },
  };
}
function confusionText(classes, counts, sums) {
  const pairs = counts.flatMap((row, i) => row.map((count, j) => ({ i, j, count }))).filter(({ i, j, count }) => i !== j && count);
  pairs.sort((a, b) => b.count - a.count);
  const said = pairs.slice(0, 8).map(({ i, j, count }) => `${classes[i]} taken for ${classes[j]}: ${count} of ${sums[i]}`);
  return said.length ? `Confusion of classes. The most frequent: ${said.join("; ")}.` : "Confusion of classes. No example is taken for another class.";
}

const judgedBy = (predictions) => {
  const { evaluation } = predictions;
  const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
  return `${examples}, with ${runs[predictions.run].model || "the newest weights"}.`;
};

function drawCalibration(predictions) {
  const { bins, calibration_error: error, split } = predictions.evaluation;
  const [color, other] = palette();
  const most = Math.max(...bins.map((bin) => bin.examples), 1);
  const said = bins.map((bin) => `confidence ${percent(bin.confidence)}<br>accuracy ${percent(bin.accuracy)}<br>${bin.examples} examples`);
  return {
    traces: [
      { x: [0, 100], y: [0, 100], mode: "lines", line: { dash: "dash", width: 1.5, color: cssColor("muted") }, hoverinfo: "skip" },
      {
        x: bins.map((bin) => bin.confidence), y: bins.map((bin) => bin.accuracy), mode: "lines+markers", line: { color, width: 2 },
        marker: { color: other, size: bins.map((bin) => 6 + 16 * Math.sqrt(bin.examples / most)), line: { color: cssColor("page"), width: 1 } },
        ...hover(said),
      },
    ],
    text: `Accuracy by confidence on the ${split} split, with ${runs[predictions.run].model}, expected calibration error ${points(error)}. ` +
      bins.map((bin) => `confidence ${percent(bin.confidence)}: accuracy ${percent(bin.accuracy)} of ${bin.examples} examples`).join("; ") + ".",
    layout: {
      xaxis: { title: { text: "confidence in %" }, range: [0, 102] },
      yaxis: { title: { text: "accuracy in %" }, range: [0, 102] },
      annotations: [{
        x: 0.03, y: 0.97, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top", showarrow: false, align: "left",
        text: `expected calibration error ${points(error)}`, font: { color: cssColor("text") },
      }],
    },
  };
}

function picture(title, address, text, ...more) {
  return el("figure", { class: "pictures", "aria-label": title }, el("h3", {}, title), el("img", { src: address, alt: text }), ...more);
}
function mistakesTable(mistakes) {
  const line = (mistake) => el("tr", {}, el("td", { class: "number" }, String(mistake.example)), el("td", {}, mistake.class),
    el("td", {}, mistake.predicted), el("td", { class: "number" }, percent(mistake.confidence)));
  const head = ["example", "class", "taken for", "confidence"].map((text) => el("th", { scope: "col" }, text));
  return el("details", {}, el("summary", {}, "What each is and what it was taken for"),
    el("table", {}, el("caption", {}, "Most confident mistakes, row by row as in the picture"), el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...mistakes.map(line))));
}

function predictionsSection() {
  const all = data.predictions;
  if (!all.length) return;
  let chosen = all[0];
  const options = all.map((predictions, i) => [String(i), runName(runs[predictions.run])]);
  const pictures = el("div", { class: "grid" });
  const plots = [];
  const withIt = (name) => all.some((predictions) => predictions[name]);
  const nothing = { traces: [], layout: { xaxis: { visible: false }, yaxis: { visible: false } }, text: "This run has no such figures." };
  if (withIt("confusion")) {
    plots.push(figure({ id: "confusion", title: "Confusion", events: ["predictions"], isTall: true,
      draw: () => (chosen.confusion ? drawConfusion(chosen) : nothing), caption: "Colour: share of the true class. Point at a cell for its counts." }).element);
  }
  if (withIt("evaluation")) {
    plots.push(figure({ id: "calibration", title: "Calibration", events: ["predictions"], isTall: true,
      draw: () => (chosen.evaluation ? drawCalibration(chosen) : nothing),
      caption: "On the dashed line confidence is right; below it the network is too sure. Larger dots stand for more examples." }).element);
  }
  const choose = choice("Run", options, "0", (value) => { chosen = all[Number(value)]; tell("predictions"); });
  const note = all.length < runs.length ? el("p", { class: "muted" }, `Of ${all.length} of the ${runs.length} runs: one of each config first, the first config's before others; pictures of fewer.`) : null;
  const judged = el("p", { class: "muted" });
  section("predictions", "Predictions", el("div", { class: "controls" }, choose), judged, note, el("div", { class: "grid" }, ...plots), pictures);
  const showPictures = () => {
    judged.textContent = judgedBy(chosen);
    drawPictures(pictures, chosen);
  };
  on("predictions", showPictures);
  showPictures();
}

function drawPictures(place, chosen) {
  const run = runName(runs[chosen.run]);
  const shown = [];
  const mistakes = chosen.evaluation ? chosen.evaluation.mistakes : [];
  if (chosen.mistakes_picture) {
    const text = `The most confident mistakes of ${run}. ` +
      mistakes.slice(0, 10).map((m) => `${m.class} taken for ${m.predicted} at ${percent(m.confidence)}`).join("; ");
    shown.push(picture("Most confident mistakes", chosen.mistakes_picture, text, mistakes.length ? mistakesTable(mistakes) : null));
  } else if (mistakes.length) {
    shown.push(el("figure", { "aria-label": "Most confident mistakes" }, el("h3", {}, "Most confident mistakes"), mistakesTable(mistakes)));
  }
  if (chosen.first_layer_picture) {
    shown.push(picture("First layer", chosen.first_layer_picture, `The weights of the first layer of ${run}, a picture a unit.`));
  }
  if (chosen.augmented_picture) {
    const text = `Training examples of ${run}, a row each: as they are, then as epochs 1 to 8 see them.`;
    shown.push(picture("Augmented examples", chosen.augmented_picture, text,
      el("figcaption", {}, "Each row is a training example: as it is, then as epochs 1 to 8 see it.")));
  }
  place.replaceChildren(...shown);
}
