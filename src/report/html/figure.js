// A plot with its heading, its text alternative and its theme. plotly draws; nothing else here knows it.

const config = {
  displaylogo: false, responsive: true, displayModeBar: true,
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
  toImageButtonOptions: { format: "svg" },
};

// Plots are drawn one after another, so that the page answers in between.
const waiting = [];
function later(task) {
  if (waiting.push(task) > 1) return;
  const next = () => {
    waiting[0]();
    waiting.shift();
    if (waiting.length) setTimeout(next, 0);
  };
  setTimeout(next, 0);
}

// A figure whose `draw` gives { traces, layout, text }: the text says in words what the plot shows.
// It is drawn again when one of the events is told.
function figure({ id, title, caption, events, draw, isTall, isWhole, controls }) {
  const plot = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
  const text = el("p", { class: "visually-hidden", id: "text-" + id });
  const reset = el("button", { type: "button", "aria-label": "Reset zoom of " + title, onclick: () => resetZoom(plot) }, "Reset zoom");
  const figureElement = el("figure", { class: isWhole ? "whole" : "", "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id },
    el("div", { class: "head" }, el("h3", { id: "title-" + id }, title), ...(controls || []), reset),
    plot, text, caption ? el("figcaption", {}, caption) : null);
  let isAsked = false;
  const redraw = () => {
    if (isAsked) return;
    isAsked = true;
    later(() => {
      isAsked = false;
      drawInto(plot, text, draw());
    });
  };
  for (const event of [...(events || []), "theme"]) on(event, redraw);
  redraw();
  return { element: figureElement, redraw };
}

function drawInto(plot, text, drawn) {
  text.textContent = drawn.text;
  Plotly.react(plot, drawn.traces, themed(drawn.layout), config);
  // What the mouse can do has words beside it; the plot's own buttons are no stops for the keyboard.
}

function resetZoom(plot) {
  const ranges = {};
  for (const axis of Object.keys(plot.layout || {}).filter((key) => /^[xy]axis\d*$/.test(key))) {
    const own = plot.dataset[axis] && JSON.parse(plot.dataset[axis]);
    if (own) ranges[axis + ".range"] = own;
    else if (!plot.layout[axis].fixedrange) ranges[axis + ".autorange"] = true;
  }
  Plotly.relayout(plot, ranges);
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
    margin: { l: 56, r: 14, t: 8, b: 44 }, showlegend: false, hovermode: "closest",
    hoverlabel: { bgcolor: cssColor("raised"), bordercolor: line, font: { color: text, size: 13 }, align: "left" },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: muted, activecolor: cssColor("accent"), orientation: "v" },
    ...layout, ...axes,
  };
}

// Traces of hover texts made by us: plotly's templates would look into names.
const hover = (texts) => ({ hoverinfo: "text", hovertext: texts });
