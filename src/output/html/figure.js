// A plot with its heading, its text alternative and its theme. plotly draws; nothing else here knows it.

const plotConfig = { displaylogo: false, responsive: true, displayModeBar: false };

// Plots are drawn one after another, so that the page stays responsive.
const waiting = [];
function later(task) {
  if (waiting.push(task) > 1) return;
  document.documentElement.dataset.drawing = "";
  const next = () => {
    try {
      waiting[0]();
    } finally { // one that fails stops no other
      waiting.shift();
      if (waiting.length) setTimeout(next, 0);
      else delete document.documentElement.dataset.drawing;
    }
  };
  setTimeout(next, 0);
}

// A figure whose `draw` gives { traces, layout, text, shows }: the text says in words what the plot
// shows, `shows` is what its axes are of.
// It is redrawn at each of the events.
function figure({ id, title, caption, events, draw, isTall, isWhole, controls }) {
  const plot = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
  const text = el("p", { class: "visually-hidden", id: "text-" + id });
  const button = (name, clicked) =>
    el("button", { type: "button", "aria-label": `${name} of ${title}`, onclick: clicked }, name);
  let resets = 0; // a zoom stays while this and what is drawn stay the same
  const reset = button("Reset zoom", () => {
    resets += 1;
    redraw();
  });
  const save = button("Save picture", () => savePicture(plot, id));
  const figureElement = el("figure", { class: isWhole ? "whole" : "", "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id },
    el("div", { class: "head" }, el("h3", { id: "title-" + id }, title), ...(controls || []), reset, save),
    plot, text, caption ? el("figcaption", {}, caption) : null);
  let isAsked = false;
  const redraw = () => {
    if (isAsked) return;
    isAsked = true;
    later(() => {
      isAsked = false;
      const { traces, layout, text: words, shows } = draw();
      text.textContent = words;
      Plotly.react(plot, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
    });
  };
  for (const event of [...(events || []), "theme"]) on(event, redraw);
  redraw();
  return { element: figureElement, redraw };
}

// A picture of the current view, on the page's background.
function savePicture(plot, id) {
  const { width, height } = plot.getBoundingClientRect();
  const picture = { data: plot.data, layout: { ...plot.layout, paper_bgcolor: cssColor("page") } };
  Plotly.downloadImage(picture, { format: "svg", filename: id, width, height });
}

function themed(layout) {
  const [text, muted, grid, line] = ["text", "muted", "grid", "line"].map(cssColor);
  const axis = (own) => ({
    gridcolor: grid, linecolor: line, zerolinecolor: line, tickcolor: line, automargin: true,
    tickfont: { color: muted, size: 12 }, ...own,
    title: { font: { color: muted, size: 13 }, standoff: 8, ...(own && own.title) },
  });
  const axes = {};
  for (const key of Object.keys(layout)) if (/^[xy]axis\d*$/.test(key)) axes[key] = axis(layout[key]);
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: text, size: 13, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 56, r: 14, t: 10, b: 44 }, showlegend: false, hovermode: "closest",
    hoverlabel: { bgcolor: cssColor("raised"), bordercolor: line, font: { color: text, size: 13 }, align: "left" },
    ...layout, ...axes,
  };
}

// Traces of hover texts made by us: plotly's templates would interpret names.
const hover = (texts) => ({ hoverinfo: "text", hovertext: texts });
