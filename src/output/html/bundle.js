"use strict";
(() => {
  // src/output/html/scripts/page/elements.js
  function byId(id) {
    const element = document.getElementById(id);
    if (!element) throw new Error(`the page does not have #${id}`);
    return element;
  }
  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, String(value));
    }
    element.append(...children.filter((child) => child != null));
    return element;
  }

  // src/output/html/scripts/data/data.js
  var data = JSON.parse(byId("data").textContent);
  var { configs, runs, varied, columns } = data;

  // src/output/html/scripts/page/section.js
  function section(id, title, ...children) {
    const heading2 = el("h2", { id: id + "-h" }, title);
    byId("main").append(el("section", { id, "aria-labelledby": id + "-h" }, heading2, ...children));
    byId("nav").append(el("a", { href: "#" + id }, title));
  }
  function incomparableNote() {
    if (!data.incomparable) return null;
    return el("p", { class: "incomparable" }, `Note: ${data.incomparable}, so no config is better than another here.`);
  }

  // src/output/html/scripts/page/announce.js
  function announce(text) {
    byId("status").textContent = text;
  }

  // src/output/html/scripts/page/events.js
  var listeners = /* @__PURE__ */ new Map();
  function on(event, listener) {
    listeners.set(event, [...listeners.get(event) ?? [], listener]);
  }
  function tell(event) {
    for (const listener of listeners.get(event) ?? []) listener();
  }

  // src/output/html/scripts/look/theme.js
  var KEY = "runner-theme";
  var systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  var chosen = remembered();
  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }
  function remember(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
    }
  }
  function isDark() {
    return chosen ? chosen === "dark" : systemIsDark.matches;
  }
  function apply() {
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
    byId("theme").textContent = isDark() ? "Light theme" : "Dark theme";
    tell("theme");
  }
  function startTheme() {
    byId("theme").addEventListener("click", () => {
      chosen = isDark() ? "light" : "dark";
      remember(chosen);
      apply();
      announce(chosen + " theme");
    });
    systemIsDark.addEventListener("change", apply);
    apply();
  }

  // src/output/html/scripts/look/colors.js
  var light = [
    "#0072b2",
    "#d55e00",
    "#00835f",
    "#b04a86",
    "#7558c2",
    "#966a00",
    "#3285b5",
    "#8a4b32",
    "#5c6a79",
    "#bd3a2c"
  ];
  var dark = [
    "#56b4e9",
    "#ff8f4a",
    "#3ccf9e",
    "#e79fcb",
    "#b8a4ff",
    "#f0c24b",
    "#9adcff",
    "#d8a184",
    "#b4c0cc",
    "#ff857c"
  ];
  var palette = () => isDark() ? dark : light;
  function cssColor(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }
  function withAlpha(color, alpha) {
    const part = (at) => parseInt(color.slice(at, at + 2), 16);
    return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
  }
  function scaleColors() {
    return isDark() ? [[0, "#1d2a3a"], [0.35, "#23608a"], [0.7, "#43a7b9"], [1, "#d8f3c8"]] : [[0, "#f2f6fa"], [0.35, "#a9cfe3"], [0.7, "#3a86b7"], [1, "#0b2f5c"]];
  }
  var ENDS = {
    // red, green, blue of the least and the most, which differ in hue and in lightness
    dark: [[86, 180, 233], [255, 143, 74]],
    light: [[0, 98, 160], [213, 84, 0]]
  };
  function between(share) {
    const [from, to] = isDark() ? ENDS.dark : ENDS.light;
    return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join(",")})`;
  }

  // src/output/html/scripts/plots/later.js
  var waiting = [];
  function later(task) {
    if (waiting.push(task) > 1) return;
    document.documentElement.dataset.drawing = "";
    setTimeout(next, 0);
  }
  function next() {
    try {
      waiting[0]();
    } finally {
      waiting.shift();
      if (waiting.length) setTimeout(next, 0);
      else delete document.documentElement.dataset.drawing;
    }
  }

  // src/output/html/scripts/plots/layout.js
  function themed(layout) {
    const [text, line] = [cssColor("text"), cssColor("line")];
    const axes = Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: text, size: 13, family: getComputedStyle(document.body).fontFamily },
      margin: { l: 56, r: 14, t: 10, b: 44 },
      showlegend: false,
      hovermode: "closest",
      hoverlabel: { bgcolor: cssColor("raised"), bordercolor: line, font: { color: text, size: 13 }, align: "left" },
      ...layout,
      ...Object.fromEntries(axes.map(([key, own]) => [key, themedAxis(own)]))
    };
  }
  function themedAxis(own) {
    const [muted, grid, line] = [cssColor("muted"), cssColor("grid"), cssColor("line")];
    return {
      gridcolor: grid,
      linecolor: line,
      zerolinecolor: line,
      tickcolor: line,
      automargin: true,
      tickfont: { color: muted, size: 12 },
      ...own,
      title: { font: { color: muted, size: 13 }, standoff: 8, ...own.title }
    };
  }
  function colorBar(own) {
    return { thickness: 12, outlinewidth: 0, tickfont: { color: cssColor("muted") }, ...own };
  }
  function colorBarTitle(text) {
    return { text, side: "right", font: { color: cssColor("muted"), size: 12 } };
  }
  var hover = (texts2) => ({ hoverinfo: "text", hovertext: texts2 });

  // src/output/html/scripts/plots/figure.js
  var plotConfig = { displaylogo: false, responsive: true, displayModeBar: false };
  function figure({ id, title, draw, events, caption, controls: controls3 = [], isTall, isWhole, height }) {
    const plot2 = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
    if (height) plot2.style.height = `${height}px`;
    const text = el("p", { class: "visually-hidden", id: "text-" + id });
    let resets = 0;
    let isAsked = false;
    const redraw = () => {
      if (isAsked) return;
      isAsked = true;
      later(() => {
        isAsked = false;
        const { traces, layout, text: words3, shows = "" } = draw();
        text.textContent = words3;
        Plotly.react(plot2, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
      });
    };
    const reset = button("Reset zoom", title, () => {
      resets += 1;
      redraw();
    });
    const save = button("Save picture", title, () => savePicture(plot2, id));
    const heading2 = el("h3", { id: "title-" + id }, title);
    const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
    const element = el(
      "figure",
      { class: isWhole ? "whole" : "", ...named },
      el("div", { class: "head" }, heading2, ...controls3, reset, save),
      plot2,
      text,
      caption ? el("figcaption", {}, caption) : null
    );
    for (const event of events) on(event, redraw);
    on("theme", redraw);
    redraw();
    return { element, redraw };
  }
  function button(name, title, clicked) {
    return el("button", { type: "button", "aria-label": `${name} of ${title}`, onclick: clicked }, name);
  }
  function savePicture(element, id) {
    const plot2 = (
      /** @type {PlotElement} */
      element
    );
    const { width, height } = plot2.getBoundingClientRect();
    const picture2 = { data: plot2.data, layout: { ...plot2.layout, paper_bgcolor: cssColor("page") } };
    Plotly.downloadImage(picture2, { format: "svg", filename: id, width, height });
  }

  // src/output/html/scripts/data/labels.js
  function label(text, most = 60) {
    const whole = String(text);
    const cut = whole.length > most ? whole.slice(0, most - 1) + "…" : whole;
    return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }
  function lines(text, most) {
    const words3 = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${most}}`, "gu")) ?? [""]);
    const made = [];
    for (const word of words3) {
      const last = made.at(-1);
      if (last != null && last.length + word.length < most) made[made.length - 1] = `${last} ${word}`;
      else made.push(word);
    }
    return made;
  }
  var seedText = (run) => run.seed == null ? "" : `, seed ${run.seed}`;
  var runName = (run) => `${configs[run.config].label}${seedText(run)} (${run.id})`;

  // src/output/html/scripts/data/numbers.js
  function fixed(value, digits) {
    if (value == null) return "-";
    const text = value.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text;
  }
  var percent = (value) => value == null ? "-" : fixed(value, 1) + " %";
  var points = (value) => value == null ? "-" : fixed(value, 1) + " points";
  function loss(value) {
    if (value == null) return "-";
    const size = Math.abs(value);
    return size === 0 || size >= 1e-3 && size < 1e3 ? fixed(value, 3) : value.toExponential(1);
  }

  // src/output/html/scripts/changes/colors.js
  var PLACES = { better: 2, worse: 1, narrower: 0, wider: 3 };
  var colorOfChange = (direction) => direction === "unclear" ? cssColor("muted") : palette()[PLACES[direction]];

  // src/output/html/scripts/changes/arrows.js
  function arrowPoints({ baseline, list }) {
    const point = (config, x, y) => x == null || y == null ? [] : [{ name: configs[config].label, x, y, direction: null }];
    const first = point(baseline.config, baseline.gap, baseline.score);
    if (!first.length) return [];
    const others = list.flatMap(({ config, gap, score, direction }) => point(config, gap.mean, score.mean).map((made) => ({ ...made, direction })));
    return [...first, ...others];
  }
  function drawArrows(changes, points2) {
    const [baseline, ...others] = points2;
    const color = ({ direction }) => direction ? colorOfChange(direction) : cssColor("text");
    const said = points2.map(({ name, x, y }) => `<b>${label(name)}</b><br>${label(changes.score)} ${fixed(y, 1)} %, ${label(changes.gap)} ${fixed(x, 1)} points`);
    const told = points2.slice(0, 60).map(({ name, x, y }) => `${name}: ${fixed(y, 1)} %, gap ${fixed(x, 1)} points`);
    return {
      traces: [{
        x: points2.map(({ x }) => x),
        y: points2.map(({ y }) => y),
        mode: "markers+text",
        text: points2.map((_, at) => at ? String(at) : ""),
        textfont: { color: cssColor("page"), size: 11 },
        marker: {
          size: points2.map((_, at) => at ? 19 : 12),
          color: points2.map(color),
          opacity: 1,
          line: { color: cssColor("page"), width: 1 }
        },
        ...hover(said)
      }],
      shows: "arrows",
      text: `${changes.gap} and ${changes.score} of each config. ${told.join("; ")}.`,
      layout: {
        xaxis: { title: { text: `${label(changes.gap)} in points` }, rangemode: "tozero" },
        yaxis: { title: { text: `${label(changes.score)} in %` } },
        shapes: [cross("x", baseline.x), cross("y", baseline.y)],
        annotations: [
          ...others.map((point) => ({
            x: point.x,
            y: point.y,
            ax: baseline.x,
            ay: baseline.y,
            xref: "x",
            yref: "y",
            axref: "x",
            ayref: "y",
            text: "",
            showarrow: true,
            arrowhead: 2,
            arrowsize: 1.1,
            arrowwidth: 1.6,
            arrowcolor: color(point),
            standoff: 9
          })),
          {
            text: "baseline",
            x: baseline.x,
            y: baseline.y,
            xref: "x",
            yref: "y",
            showarrow: false,
            xanchor: "left",
            xshift: 9,
            yshift: 10,
            font: { color: cssColor("text"), size: 12 }
          },
          ...corner("better", "top", others.some(({ x, y }) => x < baseline.x && y > baseline.y)),
          ...corner("learned less", "bottom", others.some(({ x, y }) => x < baseline.x && y < baseline.y))
        ]
      }
    };
  }
  function corner(text, yanchor, isThere) {
    const font = { color: cssColor("muted"), size: 14 };
    const y = yanchor === "top" ? 0.98 : 0.02;
    const place = { xref: "paper", yref: "paper", x: 0.01, y, xanchor: "left", yanchor };
    return isThere ? [{ text, ...place, font, opacity: 0.75, showarrow: false }] : [];
  }
  function cross(along, at) {
    const line = { color: cssColor("line"), width: 1 };
    return along === "x" ? { type: "line", xref: "x", yref: "paper", x0: at, x1: at, y0: 0, y1: 1, line } : { type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: at, y1: at, line };
  }

  // src/output/html/scripts/changes/forest.js
  var NAME_LENGTH = 44;
  var LINE = 17;
  var ABOVE_AND_BELOW = 76;
  var DOTS_BELOW = 0.24;
  var inLines = (text) => lines(text, NAME_LENGTH).map((line) => label(line)).join("<br>");
  var rowsOf = ({ list }) => {
    const rows = [];
    let verdict = "";
    for (const change of list) {
      if (change.verdict !== verdict) {
        verdict = change.verdict;
        rows.push({ text: `<b>${inLines(verdict)}</b>`, change: null, at: rows.length });
      }
      rows.push({ text: inLines(configs[change.config].label), change, at: rows.length });
    }
    return rows;
  };
  function forestHeight(changes) {
    const rows = rowsOf(changes);
    const most = Math.max(1, ...rows.map(({ text }) => text.split("<br>").length));
    return ABOVE_AND_BELOW + rows.length * Math.max(28, 8 + LINE * most);
  }
  function drawForest(changes) {
    const rows = rowsOf(changes);
    const shown = rows.filter(({ change }) => change);
    const told = changes.list.slice(0, 60).map(({ config, score, gap, verdict }) => `${configs[config].label}: ${changes.score} ${score.text}, ${changes.gap} ${gap.text}, ${verdict}`);
    const axis = (text, reach, domain) => {
      const air = 0.04 * (reach[1] - reach[0]) || 1;
      return {
        title: { text },
        domain,
        range: [reach[0] - air, reach[1] + air],
        zeroline: true,
        zerolinewidth: 2,
        zerolinecolor: cssColor("text"),
        side: "bottom"
      };
    };
    return {
      traces: [
        ...tracesOf(shown, "score", "x", changes.score),
        ...tracesOf(shown, "gap", "x2", changes.gap)
      ],
      shows: "forest",
      text: `Changes against the baseline. ${told.join("; ")}.`,
      layout: {
        margin: { l: 56, r: 14, t: 8, b: 48 },
        xaxis: axis(`${label(changes.score)}: change in points (right: better)`, changes.reach[0], [0, 0.485]),
        xaxis2: axis(`${label(changes.gap)}: change in points (left: narrower)`, changes.reach[1], [0.515, 1]),
        yaxis: {
          tickvals: rows.map(({ at }) => at),
          ticktext: rows.map(({ text }) => text),
          range: [rows.length - 0.5, -0.5],
          showgrid: false,
          zeroline: false,
          fixedrange: true,
          tickfont: { color: cssColor("text"), size: 13 }
        }
      }
    };
  }
  function tracesOf(rows, key, xaxis, figure2) {
    const parts = rows.flatMap(({ change, at }) => change ? [{ change, at, of: change[key] }] : []);
    const seeds = parts.flatMap(({ change, at, of }) => of.seeds.map((seed) => ({ seed, at: at + DOTS_BELOW, color: withAlphaOf(colorOfChange(change.direction)) })));
    const colors = parts.map(({ change }) => colorOfChange(change.direction));
    const means2 = parts.map(({ at, of }, i) => ({ at, of, color: colors[i] })).filter(({ of }) => of.value != null);
    return [
      {
        x: seeds.map(({ seed }) => seed),
        y: seeds.map(({ at }) => at),
        xaxis,
        mode: "markers",
        marker: { size: 7, color: seeds.map(({ color }) => color) },
        ...hover(seeds.map(({ seed }) => `a seed: ${signed(seed)} points`))
      },
      ...means2.map(({ at, of, color }) => ({
        x: [of.value],
        y: [at],
        xaxis,
        mode: "markers",
        marker: { size: 10, symbol: "square", color },
        error_x: whiskers(of, color),
        ...hover([`${label(figure2)}: ${of.text} points`])
      }))
    ];
  }
  function whiskers({ value, interval }, color) {
    if (!interval || value == null) return { visible: false };
    const [low, high] = interval;
    const ends = { array: [high - value], arrayminus: [value - low] };
    return { type: "data", symmetric: false, ...ends, color, thickness: 2, width: 6 };
  }
  var withAlphaOf = (color) => /^#[0-9a-f]{6}$/i.test(color) ? withAlpha(color, 0.55) : color;
  var signed = (value) => (value > 0 && fixed(value, 1) !== "0.0" ? "+" : "") + fixed(value, 1);

  // src/output/html/scripts/changes/section.js
  var ARROWS = "An arrow from the baseline to each config, means over seeds. Up and to the left of the baseline is better; down and to the left, the network only learned less.";
  function changesSection() {
    const { changes } = data;
    if (!changes || !changes.list.length) return;
    const forest = figure({
      id: "forest",
      title: `Changes of ${changes.score} and ${changes.gap}`,
      events: [],
      isWhole: true,
      height: forestHeight(changes),
      draw: () => drawForest(changes),
      caption: `${capital(changes.caption)}.`
    });
    const points2 = arrowPoints(changes);
    const figures2 = [forest.element];
    if (points2.length > 1) {
      const arrows = figure({
        id: "arrows",
        title: `${capital(changes.gap)} and ${changes.score}`,
        events: [],
        isWhole: true,
        isTall: true,
        draw: () => drawArrows(changes, points2),
        caption: ARROWS
      });
      const names = points2.slice(1).map(({ name }) => el("li", {}, name));
      arrows.element.append(el("ol", { class: "key" }, ...names));
      figures2.push(arrows.element);
    }
    section("changes", "Changes", el("p", {}, changes.heading), el("div", { class: "grid" }, ...figures2));
  }
  var capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

  // src/output/html/scripts/page/controls.js
  function choice(text, options, chosen5, changed) {
    const select2 = el("select", { onchange: () => changed(
      /** @type {Value} */
      select2.value
    ) });
    for (const [value, name] of options) {
      select2.append(el("option", { value, selected: value === chosen5 }, name));
    }
    return el("label", {}, text + " ", select2);
  }
  function check(text, isOn, changed) {
    const box = el("input", { type: "checkbox", checked: isOn, onchange: () => changed(box.checked) });
    return el("label", {}, box, " " + text);
  }

  // src/output/html/scripts/data/values.js
  function valuesOf(setting) {
    const values = [...new Set(configs.map((config) => config.values[setting]))];
    return values.sort(orderOfValues);
  }
  function orderOfValues(a, b) {
    if (a == null || b == null) return Number(a == null) - Number(b == null);
    const [x, y] = [Number(a), Number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    return a < b ? -1 : Number(a > b);
  }
  var valueText = (value) => value ?? "not set";
  function tickText(value) {
    const text = valueText(value);
    return text.length > 8 && !Number.isNaN(Number(text)) ? String(Number(Number(text).toPrecision(3))) : text;
  }
  function labelled(count, most) {
    const every = Math.ceil(count / most);
    return Array.from({ length: count }, (_, at) => at).filter((at) => at % every === 0);
  }

  // src/output/html/scripts/table/filter.js
  var searched = configs.map((config) => [config.label, ...config.cells.map(([shown]) => shown)].join("\n").toLowerCase());
  function testOf(text) {
    const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map(testOfWord);
    return (index) => tests.every((test) => test(index));
  }
  function testOfWord(word) {
    const comparison = word.match(/^([^<>=]+)(<=|>=|<|>|=)(-?[\d.]+)$/);
    const column = comparison ? columnNamed(comparison[1].replace(/_/g, " ")) : -1;
    if (!comparison || column < 0) return (index) => searched[index].includes(word);
    const [, , operator, number] = comparison;
    return (index) => compares(numberShown(index, column), operator, Number(number));
  }
  function columnNamed(name) {
    const headers = columns.map((column) => column.header.toLowerCase());
    const exact = headers.indexOf(name);
    return exact >= 0 ? exact : headers.findIndex((header) => header.startsWith(name));
  }
  function numberShown(index, column) {
    const [shown] = configs[index].cells[column];
    const number = parseFloat(shown);
    return Number.isNaN(number) ? null : number;
  }
  function compares(a, operator, b) {
    if (a == null) return false;
    switch (operator) {
      case "<":
        return a < b;
      case ">":
        return a > b;
      case "<=":
        return a <= b;
      case ">=":
        return a >= b;
      default:
        return a === b;
    }
  }

  // src/output/html/scripts/table/order.js
  var order = configs.map((_, index) => index);
  var filtered = order;
  var sorting = null;
  var filterText = "";
  var runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run) => runs[run]));
  function filter(text) {
    filterText = text;
    filtered = order.filter(testOf(text));
    tell("filter");
  }
  function sortBy(column) {
    const descends = sorting?.column === column && !sorting.descends;
    sorting = { column, descends };
    order = [...order].sort((a, b) => orderOfCells(configs[a].cells[column], configs[b].cells[column], descends));
    filter(filterText);
    announce(`sorted by ${columns[column].header}, ${descends ? "descending" : "ascending"}`);
  }
  function orderOfCells(a, b, descends) {
    if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
    const upward = a[1] != null && b[1] != null ? a[1] - b[1] : orderOfValues(a[0], b[0]);
    return descends ? -upward : upward;
  }
  var isAbsent = ([shown, number]) => number == null && (shown === "-" || shown === "NaN");

  // src/output/html/scripts/table/selection.js
  var DRAWN_AT_FIRST = 5;
  function drawnAtFirst() {
    const best = configs.map((_, index) => index);
    if (!data.changes) return best.slice(0, DRAWN_AT_FIRST);
    const { baseline, list } = data.changes;
    const size = ({ score }) => Math.abs(score.value ?? 0);
    const shown = list.filter(({ direction }) => direction !== "unclear").sort((a, b) => size(b) - size(a));
    const first = [baseline.config, ...shown.map(({ config }) => config), ...best];
    return [...new Set(first)].slice(0, DRAWN_AT_FIRST);
  }
  var selection = new Set(drawnAtFirst());
  var slots = /* @__PURE__ */ new Map();
  giveSlots();
  function giveSlots() {
    for (const index of slots.keys()) if (!selection.has(index)) slots.delete(index);
    const taken = new Set(slots.values());
    let free = 0;
    for (const index of order) {
      if (!selection.has(index) || slots.has(index)) continue;
      while (taken.has(free)) free += 1;
      slots.set(index, free);
      taken.add(free);
    }
  }
  var isSelected = (index) => selection.has(index);
  var selected = () => order.filter(isSelected);
  var colorOf = (index) => palette()[(slots.get(index) ?? 0) % palette().length];
  function select(indexes, isOn) {
    for (const index of indexes) {
      if (isOn) selection.add(index);
      else selection.delete(index);
    }
    giveSlots();
    tell("selection");
  }
  function selectOnly(indexes) {
    selection.clear();
    select(indexes, true);
  }

  // src/output/html/scripts/curves/choices.js
  var splits = {
    train: { name: "train", dash: "dot", words: "dotted" },
    val: { name: "validation", dash: "dash", words: "dashed" },
    test: { name: "test", dash: "solid", words: "solid" }
  };
  var everySplit = (
    /** @type {Split[]} */
    Object.keys(splits)
  );
  var presentSplits = everySplit.filter((split) => runs.some((run) => run.curves[`${split}_accuracy`]));
  var MOST_WITH_TRAIN = 2;
  var isHeldOut = (split) => split !== "train";
  var heldOut = presentSplits.includes("test") ? ["test"] : presentSplits.filter(isHeldOut);
  var few = heldOut.length ? (
    /** @type {Split[]} */
    heldOut
  ) : presentSplits;
  var shownSplits = new Set(configs.length > MOST_WITH_TRAIN ? few : presentSplits);
  var chosen2 = {
    /** @type {Band} */
    band: "range",
    lossIsLog: false
  };

  // src/output/html/scripts/curves/best_marks.js
  function bestMarks(index, kind, text) {
    const marks = configs[index].runs.flatMap((run) => {
      const { best, seed } = runs[run];
      if (!best) return [];
      const value = valueAt(best, kind);
      return value == null ? [] : [{ best, seed, value }];
    });
    if (!marks.length) return null;
    const said = marks.map(({ best, seed, value }) => {
      const by = best.val != null ? "by validation" : "chosen on test";
      return `<b>${label(configs[index].label)}</b><br>best epoch ${best.epoch} of seed ${seed} (${by}): ${text(value)}`;
    });
    return {
      x: marks.map(({ best }) => best.epoch),
      y: marks.map(({ value }) => value),
      mode: "markers",
      marker: { symbol: "diamond", size: 8, color: colorOf(index), line: { color: cssColor("page"), width: 1.5 } },
      ...hover(said)
    };
  }
  function valueAt(best, kind) {
    if (kind === "gap") return best.gap;
    const [test, val] = kind === "loss" ? [best.test_loss, best.val_loss] : [best.test, best.val];
    if (shownSplits.has("test") && test != null) return test;
    return shownSplits.has("val") ? val : null;
  }

  // src/output/html/scripts/curves/kinds.js
  var kinds = {
    accuracy: { title: "Accuracy", unit: "accuracy in %", text: percent, names: () => shownNames("accuracy") },
    gap: {
      title: "Gap: train minus test accuracy",
      unit: "gap in points",
      text: points,
      names: () => [{ name: "gap", split: "test" }]
    },
    loss: { title: "Loss", unit: "mean cross-entropy", text: loss, names: () => shownNames("loss") }
  };
  function shownNames(figure2) {
    const shown = presentSplits.filter((split) => shownSplits.has(split));
    return shown.map((split) => ({ name: `${split}_${figure2}`, split }));
  }
  var nameWords = ({ name, split }) => name === "gap" ? "gap" : splits[split].name;
  function curveOf(run, name) {
    if (name !== "gap") return run.curves[name];
    const { train_accuracy: train, test_accuracy: test } = run.curves;
    return train && test && train.map((value, i) => difference(value, test[i]));
  }
  var difference = (a, b) => a == null || b == null ? null : a - b;

  // src/output/html/scripts/data/means.js
  function mean(values) {
    const present = values.filter((value) => value != null);
    return present.length ? present.reduce((a, b) => a + b, 0) / present.length : null;
  }
  function deviation(values) {
    const present = values.filter((value) => value != null);
    const middle = mean(present);
    if (middle == null || present.length < 2) return null;
    const squares = present.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return Math.sqrt(squares / (present.length - 1));
  }

  // src/output/html/scripts/curves/summaries.js
  var summaries = /* @__PURE__ */ new Map();
  function summary(index, name) {
    const key = index + name;
    const known = summaries.get(key);
    if (known !== void 0) return known;
    const made = summarise(index, name);
    summaries.set(key, made);
    return made;
  }
  function summarise(index, name) {
    const epochs = data.epochs[configs[index].epochs];
    const curves = configs[index].runs.map((run) => curveOf(runs[run], name)).filter((curve) => curve != null);
    if (!curves.length) return null;
    const values = epochs.map((_, at) => curves.map((curve) => curve[at]).filter((value) => value != null));
    const means2 = values.map(mean);
    const deviations = values.map((seeds) => deviation(seeds) ?? 0);
    const side = (sign) => means2.map((value, i) => value == null ? null : value + sign * deviations[i]);
    return {
      epochs,
      curves,
      means: means2,
      seeds: values.map((seeds) => seeds.length),
      range: {
        low: values.map((seeds) => seeds.length ? Math.min(...seeds) : null),
        high: values.map((seeds) => seeds.length ? Math.max(...seeds) : null)
      },
      std: { low: side(-1), high: side(1) }
    };
  }

  // src/output/html/scripts/curves/lines.js
  function linesOf(index, named, text) {
    const summed = summary(index, named.name);
    if (!summed) return [];
    const color = colorOf(index);
    const line = { color, width: named.split === "test" ? 2.2 : 1.7, dash: splits[named.split].dash };
    if (chosen2.band === "seeds") return seedLines(summed, index, line, text);
    const { epochs, means: means2 } = summed;
    const said = epochs.map((_, i) => hoverText(summed, i, index, named, text));
    const trace = { x: epochs, y: means2, mode: "lines", line, ...hover(said) };
    if (chosen2.band === "none" || configs[index].runs.length < 2) return [trace];
    return [bandOf(epochs, summed[chosen2.band], color), trace];
  }
  function hoverText(summed, i, index, named, text) {
    const { epochs, means: means2, seeds } = summed;
    const { low, high } = chosen2.band === "std" ? summed.std : summed.range;
    const many = seeds[i] > 1 ? `<br>${text(low[i])} to ${text(high[i])} (${seeds[i]} seeds)` : "";
    const value = `${nameWords(named)} ${text(means2[i])} at epoch ${epochs[i]}`;
    return `<b>${label(configs[index].label)}</b><br>${value}${many}`;
  }
  var bandAlpha = () => (isDark() ? 0.22 : 0.17) * (selected().length > 4 ? 0.45 : 1);
  function bandOf(epochs, band, color) {
    const at = epochs.map((_, i) => i).filter((i) => band.low[i] != null);
    const back = [...at].reverse();
    return {
      x: [...at, ...back].map((i) => epochs[i]),
      y: [...at.map((i) => band.high[i]), ...back.map((i) => band.low[i])],
      mode: "lines",
      line: { width: 0 },
      fill: "toself",
      fillcolor: withAlpha(color, bandAlpha()),
      hoverinfo: "skip"
    };
  }
  function seedLines({ epochs, curves }, index, line, text) {
    return curves.map((curve, i) => {
      const run = runs[configs[index].runs[i]];
      const said = epochs.map((epoch, at) => `<b>${label(configs[index].label)}</b><br>seed ${run.seed}: ${text(curve[at])} at epoch ${epoch}`);
      return { x: epochs, y: curve, mode: "lines", line: { ...line, width: 1.1 }, ...hover(said) };
    });
  }

  // src/output/html/scripts/curves/together.js
  var PLACES2 = { train: 0, val: 2, test: 1 };
  function linesTogether(indexes, named, text) {
    const { x, y, said } = { x: [], y: [], said: [] };
    for (const index of indexes) {
      const summed = summary(index, named.name);
      if (!summed) continue;
      summed.epochs.forEach((epoch, i) => {
        const value = `${nameWords(named)} ${text(summed.means[i])} at epoch ${epoch}`;
        x.push(epoch);
        y.push(summed.means[i]);
        said.push(`<b>${label(configs[index].label)}</b><br>${value}`);
      });
      x.push(null);
      y.push(null);
      said.push("");
    }
    const alpha = Math.max(0.15, Math.min(0.6, 20 / indexes.length));
    const line = { width: 1, color: withAlpha(palette()[PLACES2[named.split]], alpha) };
    return { x, y, mode: "lines", line, connectgaps: false, ...hover(said) };
  }

  // src/output/html/scripts/curves/plot.js
  var MOST_APART = 24;
  var areTogether = () => selected().length > MOST_APART;
  function drawCurves(kind) {
    const isLog = kind === "loss" && chosen2.lossIsLog;
    return {
      traces: tracesOf2(kind),
      shows: `${kind} ${isLog}`,
      text: curvesText(kind),
      layout: {
        xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
        yaxis: {
          title: { text: kinds[kind].unit },
          type: isLog ? "log" : "linear",
          exponentformat: "power",
          rangemode: kind === "gap" ? "tozero" : "normal"
        }
      }
    };
  }
  function tracesOf2(kind) {
    const indexes = selected();
    const { names, text } = kinds[kind];
    if (areTogether()) return names().map((named) => linesTogether(indexes, named, text));
    const lines2 = names().flatMap((named) => indexes.flatMap((index) => linesOf(index, named, text)));
    const marks = indexes.map((index) => bestMarks(index, kind, text)).filter((trace) => trace != null);
    return [...lines2, ...marks];
  }
  function curvesText(kind) {
    const indexes = selected();
    if (!indexes.length) return "No config is selected: nothing is drawn.";
    const lines2 = indexes.slice(0, DRAWN_AT_FIRST).map((index) => configText(kind, index));
    const more = indexes.length > lines2.length ? ` And ${indexes.length - lines2.length} more configs.` : "";
    return `${kinds[kind].title} by epoch. ${lines2.join(" ")}${more}`;
  }
  function configText(kind, index) {
    const { names, text } = kinds[kind];
    const parts = names().flatMap((named) => {
      const summed = summary(index, named.name);
      if (!summed) return [];
      return [`${nameWords(named)} from ${text(summed.means[0])} to ${text(summed.means.at(-1))}`];
    });
    const best = configs[index].runs.map((run) => runs[run].best).filter((row2) => row2 != null);
    const epochs = [...new Set(best.map((row2) => row2.epoch))].sort((a, b) => a - b);
    const bestText = epochs.length ? `; best epochs ${epochs.join(", ")}` : "";
    return `${configs[index].label}: ${parts.join(", ")}${bestText}.`;
  }

  // src/output/html/scripts/curves/chips.js
  var MOST_CHIPS = 60;
  function chips() {
    const list = el("ul", { class: "chips", "aria-label": "Configs: a click draws one or takes it out" });
    const draw = () => {
      const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("data-config") : null;
      list.replaceChildren(...items());
      const again = focused == null ? null : list.querySelector(`[data-config="${focused}"]`);
      if (again instanceof HTMLElement) again.focus();
    };
    on("selection", draw);
    on("filter", draw);
    on("theme", draw);
    draw();
    return list;
  }
  function items() {
    const drawn = selected().slice(0, MOST_CHIPS);
    const others = order.filter((index) => !isSelected(index)).slice(0, MOST_CHIPS - drawn.length);
    const shown = [...drawn, ...others].map(chip);
    const more = configs.length - shown.length;
    if (more > 0) shown.push(el("li", { class: "muted" }, `and ${more} more: choose them in the table`));
    return shown;
  }
  function chip(index) {
    const isOn = isSelected(index);
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = areTogether() || !isOn ? "transparent" : colorOf(index);
    if (!isOn) swatch.style.borderColor = "currentColor";
    const name = configs[index].label;
    return el("li", {}, el(
      "button",
      {
        type: "button",
        title: name,
        "aria-label": "Draw the curves of " + name,
        "aria-pressed": String(isOn),
        "data-config": index,
        class: isOn ? "" : "off",
        onclick: () => select([index], !isSelected(index))
      },
      swatch,
      el("span", { class: "name" }, name)
    ));
  }

  // src/output/html/scripts/curves/section.js
  var CAPTION = "Diamonds mark each seed's best epoch. Drag to zoom, double-click to see all, point at a line to read it.";
  var bands = [
    ["range", "lowest to highest"],
    ["std", "± standard deviation"],
    ["seeds", "every seed a line"],
    ["none", "mean alone"]
  ];
  function curvesSection() {
    if (!presentSplits.length) {
      section("curves", "Learning curves", el("p", { class: "muted" }, "No run has evaluated an epoch yet."));
      return;
    }
    const all2 = (
      /** @type {Kind[]} */
      Object.keys(kinds)
    );
    const present = all2.filter((kind) => kind !== "gap" || presentSplits.includes("test"));
    const plots = present.map(plot);
    section(
      "curves",
      "Learning curves",
      incomparableNote(),
      chips(),
      controls(),
      el("div", { class: "grid" }, ...plots),
      thinnedNote()
    );
  }
  function plot(kind) {
    const isMain = kind === "accuracy";
    return figure({
      id: kind,
      title: kinds[kind].title,
      draw: () => drawCurves(kind),
      events: ["selection", "curves"],
      isWhole: isMain,
      isTall: isMain,
      caption: isMain ? CAPTION : null
    }).element;
  }
  function controls() {
    const splitBoxes = presentSplits.map((split) => check(`${splits[split].name} (${splits[split].words})`, shownSplits.has(split), (isOn) => {
      if (isOn) shownSplits.add(split);
      else shownSplits.delete(split);
      tell("curves");
    }));
    return el(
      "div",
      { class: "controls" },
      el("fieldset", {}, el("legend", {}, "Splits"), ...splitBoxes),
      choice("Seeds", bands, chosen2.band, (value) => {
        chosen2.band = value;
        tell("curves");
      }),
      check("logarithmic loss", false, (isOn) => {
        chosen2.lossIsLog = isOn;
        tell("curves");
      })
    );
  }
  function thinnedNote() {
    const isThinned = data.epochs.some((epochs) => epochs.length === data.most_points);
    if (!isThinned) return null;
    const words3 = `Of long runs ${data.most_points} evenly spaced epochs are drawn; diamonds and tables have the exact figures.`;
    return el("p", { class: "muted" }, words3);
  }

  // src/output/html/scripts/page/long_list.js
  function longList({ noun, atOnce, items: items2, show, list = el("div", {}) }) {
    const more = el("button", { type: "button", onclick: () => showMore() });
    let current = [];
    let shown = 0;
    const showMore = () => {
      const next2 = current.slice(shown, shown + atOnce);
      list.append(...next2.map((item, at) => show(item, shown + at)));
      shown += atOnce;
      more.hidden = shown >= current.length;
      more.textContent = `Show ${Math.min(atOnce, current.length - shown)} more ${noun}`;
    };
    const draw = () => {
      current = items2();
      shown = 0;
      list.replaceChildren();
      showMore();
    };
    return { list, more: el("p", { class: "controls" }, more), draw };
  }

  // src/output/html/scripts/findings/section.js
  var CONFIGS_AT_ONCE = 20;
  var CONFIGS_OPEN = 3;
  var INTRODUCTION = "What each config's curves say, in the order and with the filter of the table.";
  function findingsSection() {
    if (!configs.some((config) => config.findings.length)) return;
    const { list, more, draw } = longList({
      noun: "configs",
      atOnce: CONFIGS_AT_ONCE,
      items: () => filtered.filter((index) => configs[index].findings.length),
      show: (index, at) => findingsOf(index, at < CONFIGS_OPEN)
    });
    section("diagnosis", "Diagnosis", el("p", { class: "muted" }, INTRODUCTION), list, more);
    on("filter", draw);
    draw();
  }
  function findingsOf(index, isOpen) {
    const { label: label2, findings } = configs[index];
    const grave = findings.filter((finding) => finding.severity !== "note").length;
    const count = grave ? counted(grave, "warning") : counted(findings.length, "note");
    const inside = el("div", {});
    const fillIn = () => {
      if (!inside.firstChild) inside.append(el("ul", { class: "findings" }, ...findings.map(findingLine)));
    };
    if (isOpen) fillIn();
    return el(
      "details",
      { class: "run", open: isOpen, ontoggle: fillIn },
      el("summary", {}, `${label2} `, el("span", { class: "muted" }, `(${count})`)),
      inside
    );
  }
  var counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  function findingLine({ severity, text, advice }) {
    return el(
      "li",
      { class: severity },
      el("span", { class: "word" }, severity + ": "),
      ...withCode(text),
      advice ? el("div", { class: "muted" }, ...withCode(advice)) : null
    );
  }
  function withCode(text) {
    return text.split("`").map((part, at) => at % 2 ? el("code", {}, part) : part);
  }

  // src/output/html/scripts/predictions/calibration.js
  function drawCalibration({ bins, calibration_error: error, split }, run) {
    const said = bins.map(({ confidence, accuracy, examples }) => `confidence ${percent(confidence)}: accuracy ${percent(accuracy)} of ${examples} examples`);
    const errorText = `expected calibration error ${points(error)}`;
    return {
      traces: [diagonal(), accuracies(bins)],
      text: `Accuracy by confidence on the ${split} split, with ${run.model}, ${errorText}. ${said.join("; ")}.`,
      layout: {
        xaxis: { title: { text: "confidence in %" }, range: [0, 102] },
        yaxis: { title: { text: "accuracy in %" }, range: [0, 102] },
        annotations: [{
          x: 0.03,
          y: 0.97,
          xref: "paper",
          yref: "paper",
          xanchor: "left",
          yanchor: "top",
          showarrow: false,
          align: "left",
          text: errorText,
          font: { color: cssColor("text") }
        }]
      }
    };
  }
  function diagonal() {
    const line = { dash: "dash", width: 1.5, color: cssColor("muted") };
    return { x: [0, 100], y: [0, 100], mode: "lines", line, hoverinfo: "skip" };
  }
  function accuracies(bins) {
    const [color, other] = palette();
    const most = Math.max(...bins.map((bin) => bin.examples), 1);
    const sizes = bins.map((bin) => 6 + 16 * Math.sqrt(bin.examples / most));
    const said = bins.map(({ confidence, accuracy, examples }) => `confidence ${percent(confidence)}<br>accuracy ${percent(accuracy)}<br>${examples} examples`);
    return {
      x: bins.map((bin) => bin.confidence),
      y: bins.map((bin) => bin.accuracy),
      mode: "lines+markers",
      line: { color, width: 2 },
      marker: { color: other, size: sizes, line: { color: cssColor("page"), width: 1 } },
      ...hover(said)
    };
  }

  // src/output/html/scripts/predictions/confusion.js
  var MOST_COUNTS = 12;
  var MOST_NAMES = 40;
  function drawConfusion({ classes, counts }) {
    const sums = counts.map((row2) => row2.reduce((a, b) => a + b, 0));
    const places = classes.map((_, i) => i);
    const names = classes.map((name, i) => classes.length <= MOST_NAMES ? label(name, 18) : i % 10 ? "" : String(i));
    const axis = { tickvals: places, ticktext: names, showgrid: false };
    return {
      traces: [heatMap(classes, counts, sums)],
      text: confusionText(classes, counts, sums),
      layout: {
        xaxis: { title: { text: "predicted class" }, ...axis, side: "bottom" },
        yaxis: { title: { text: "true class" }, ...axis, autorange: "reversed" }
      }
    };
  }
  function heatMap(classes, counts, sums) {
    const places = classes.map((_, i) => i);
    const shares = counts.map((row2, i) => row2.map((count) => sums[i] ? 100 * count / sums[i] : null));
    const said = counts.map((row2, i) => row2.map((count, j) => {
      const share = fixed(shares[i][j] ?? 0, 1);
      return `<b>${label(classes[i])}</b> taken for <b>${label(classes[j])}</b><br>${count} of ${sums[i]} (${share} %)`;
    }));
    return {
      type: "heatmap",
      z: shares,
      x: places,
      y: places,
      zmin: 0,
      zmax: 100,
      colorscale: scaleColors(),
      xgap: 1,
      ygap: 1,
      ...hover(said),
      text: counts.map((row2) => row2.map(String)),
      texttemplate: classes.length <= MOST_COUNTS ? "%{text}" : "",
      colorbar: colorBar({ ticksuffix: " %" })
    };
  }
  function confusionText(classes, counts, sums) {
    const cells = counts.flatMap((row2, i) => row2.map((count, j) => ({ i, j, count })));
    const mistaken = cells.filter(({ i, j, count }) => i !== j && count).sort((a, b) => b.count - a.count);
    if (!mistaken.length) return "Confusion of classes. No example is taken for another class.";
    const said = mistaken.slice(0, 8).map(({ i, j, count }) => `${classes[i]} taken for ${classes[j]}: ${count} of ${sums[i]}`);
    return `Confusion of classes. The most frequent: ${said.join("; ")}.`;
  }

  // src/output/html/scripts/predictions/pictures.js
  function picturesOf(predictions) {
    const run = runName(runs[predictions.run]);
    return [mistakes(predictions, run), firstLayer(predictions, run), augmented(predictions, run)].filter((shown) => shown != null);
  }
  function mistakes({ evaluation, mistakes_picture: address }, run) {
    const title = "Most confident mistakes";
    const all2 = evaluation?.mistakes ?? [];
    const table = all2.length ? mistakesTable(all2) : null;
    if (!address) return table && el("figure", { "aria-label": title }, el("h3", {}, title), table);
    const words3 = all2.slice(0, 10).map((m) => `${m.class} taken for ${m.predicted} at ${percent(m.confidence)}`);
    return picture(title, address, `The most confident mistakes of ${run}. ${words3.join("; ")}`, table);
  }
  function mistakesTable(all2) {
    const lines2 = all2.map((mistake) => el(
      "tr",
      {},
      el("td", { class: "number" }, String(mistake.example)),
      el("td", {}, mistake.class),
      el("td", {}, mistake.predicted),
      el("td", { class: "number" }, percent(mistake.confidence))
    ));
    const head = ["example", "class", "taken for", "confidence"].map((text) => el("th", { scope: "col" }, text));
    return el(
      "details",
      {},
      el("summary", {}, "What each is and what it was taken for"),
      el(
        "table",
        {},
        el("caption", {}, "Most confident mistakes, row by row as in the picture"),
        el("thead", {}, el("tr", {}, ...head)),
        el("tbody", {}, ...lines2)
      )
    );
  }
  function firstLayer({ first_layer_picture: address }, run) {
    if (!address) return null;
    return picture("First layer", address, `The weights of the first layer of ${run}, a picture a unit.`);
  }
  function augmented({ augmented_picture: address }, run) {
    if (!address) return null;
    const text = `Training examples of ${run}, a row each: as they are, then as epochs 1 to 8 see them.`;
    const caption = "Each row is a training example: as it is, then as epochs 1 to 8 see it.";
    return picture("Augmented examples", address, text, el("figcaption", {}, caption));
  }
  function picture(title, address, text, ...more) {
    return el(
      "figure",
      { class: "pictures", "aria-label": title },
      el("h3", {}, title),
      el("img", { src: address, alt: text }),
      ...more
    );
  }

  // src/output/html/scripts/predictions/section.js
  var all = data.predictions;
  var chosen3 = all[0];
  var nothing = {
    traces: [],
    layout: { xaxis: { visible: false }, yaxis: { visible: false } },
    text: "This run has no such figures."
  };
  function predictionsSection() {
    if (!all.length) return;
    const judged = el("p", { class: "muted" });
    const pictures = el("div", { class: "grid" });
    const plots = [];
    if (all.some((predictions) => predictions.confusion)) plots.push(confusionFigure());
    if (all.some((predictions) => predictions.evaluation)) plots.push(calibrationFigure());
    section(
      "predictions",
      "Predictions",
      el("div", { class: "controls" }, runChoice()),
      judged,
      note(),
      el("div", { class: "grid" }, ...plots),
      pictures
    );
    const show = () => {
      judged.textContent = judgedBy();
      pictures.replaceChildren(...picturesOf(chosen3));
    };
    on("predictions", show);
    show();
  }
  function confusionFigure() {
    return figure({
      id: "confusion",
      title: "Confusion",
      events: ["predictions"],
      isTall: true,
      draw: () => chosen3.confusion ? drawConfusion(chosen3.confusion) : nothing,
      caption: "Colour: share of the true class. Point at a cell for its counts."
    }).element;
  }
  function calibrationFigure() {
    return figure({
      id: "calibration",
      title: "Calibration",
      events: ["predictions"],
      isTall: true,
      draw: () => chosen3.evaluation ? drawCalibration(chosen3.evaluation, runs[chosen3.run]) : nothing,
      caption: "On the dashed line confidence is right; below it the network is too sure. Larger dots stand for more examples."
    }).element;
  }
  function runChoice() {
    const options = all.map(({ run }, i) => (
      /** @type {Option<string>} */
      [String(i), runName(runs[run])]
    ));
    return choice("Run", options, "0", (value) => {
      chosen3 = all[Number(value)];
      tell("predictions");
    });
  }
  function note() {
    if (all.length >= runs.length) return null;
    const words3 = `Of ${all.length} of the ${runs.length} runs: one of each config first, the first config's before others; pictures of fewer.`;
    return el("p", { class: "muted" }, words3);
  }
  function judgedBy() {
    const { evaluation, run } = chosen3;
    const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
    return `${examples}, with ${runs[run].model || "the newest weights"}.`;
  }

  // src/output/html/scripts/runs/details.js
  function runDetails(run) {
    const { last } = run;
    const inside = el("div", {});
    const test = last?.test != null ? `, test ${percent(last.test)}, gap ${points(last.gap)}` : "";
    const details = el("details", {
      class: "run",
      ontoggle: () => {
        if (details.open && !inside.firstChild) inside.append(...contents(run));
      }
    }, el(
      "summary",
      {},
      el("code", {}, run.id),
      ` ${configs[run.config].label}${seedText(run)}: ${run.state}${test}${tagText(run)}`
    ), inside);
    return details;
  }
  function tagText(run) {
    const tags = run.notes?.find(([name]) => name === "tags");
    return tags ? ` ${tags[1]}` : "";
  }
  function contents(run) {
    const settings = [...run.settings, ...data.shared.settings].sort((a, b) => a[0] < b[0] ? -1 : 1);
    return [
      el(
        "div",
        {},
        pairsTable("Results", results(run)),
        pairsTable("Provenance", data.shared.provenance[run.provenance])
      ),
      pairsTable("Settings", settings)
    ];
  }
  function pairsTable(caption, pairs) {
    const lines2 = pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
    return el("table", { class: "pairs" }, el("caption", {}, caption), el("tbody", {}, ...lines2));
  }
  function results(run) {
    const attempts = run.attempt === 1 ? "1 attempt" : run.attempt + " attempts";
    return [
      ["state", run.state + (run.reason ? ": " + run.reason : "")],
      ["epochs", `${run.last ? run.last.epoch : 0} of ${run.total_epochs}`],
      ...rowPairs("last", run.last),
      ...rowPairs("best", run.best),
      .../** @type {Pair[]} */
      run.model ? [["model", run.model]] : [],
      ["trained for", `${run.train_seconds} s, ${attempts}`],
      ["started", run.started],
      ["updated", run.updated],
      ["experiments", data.shared.experiments[run.experiments]],
      ...run.notes ?? [],
      ["result SHA-256", run.result_sha256 || "-"]
    ];
  }
  function rowPairs(name, row2) {
    if (!row2) return [];
    const val = row2.val == null ? "" : `, validation ${percent(row2.val)}`;
    const test = row2.test == null ? "" : `, test ${percent(row2.test)}, gap ${points(row2.gap)}`;
    return [[name, `epoch ${row2.epoch}: train ${percent(row2.train)}${val}${test}`]];
  }

  // src/output/html/scripts/runs/section.js
  var RUNS_AT_ONCE = 100;
  var INTRODUCTION2 = "In the order and with the filter of the table; open one for its settings and where its numbers come from.";
  function runsSection() {
    const { list, more, draw } = longList({
      noun: "runs",
      atOnce: RUNS_AT_ONCE,
      items: () => runsOf(filtered),
      show: runDetails
    });
    section("runs", "Runs", el("p", { class: "muted" }, INTRODUCTION2), list, more);
    on("filter", draw);
    draw();
  }

  // src/output/html/scripts/data/figures.js
  var texts = {
    "%": percent,
    points,
    loss,
    epochs: (value) => fixed(value, 0),
    seconds: (value) => fixed(value, 1)
  };
  function keyed({ key, name, unit }) {
    const shownUnit = ["%", "points"].includes(unit) ? unit : "";
    return [key, { name, unit: shownUnit, of: (run) => run.figures[key], text: texts[unit] }];
  }
  var figures = Object.fromEntries(data.figures.map(keyed));
  var isFinished = (run) => run.state === "finished" && run.last != null;
  var finished = runs.filter(isFinished);
  var presentFigures = Object.keys(figures).filter((key) => finished.some((run) => figures[key].of(run) != null));
  var axisTitle = (figure2) => figure2.name + (figure2.unit ? " in " + figure2.unit : "");

  // src/output/html/scripts/settings/crossed.js
  var NOT_CROSSED = "Left out: its means average over the other settings, and these configs are not a full grid of them.";
  function areCrossed(settings) {
    const shown = filtered.filter((index) => runsOf([index]).some(isFinished)).map((index) => configs[index]);
    const own = settings.map((setting) => partition(shown, setting));
    const isChoice = (key) => !/(^|[._])seeds?$/.test(key) && !key.startsWith("evaluation.");
    const others = varied.map((_, index) => index).filter((index) => !settings.includes(index) && isChoice(varied[index].key) && !own.includes(partition(shown, index)));
    const valuesOf2 = (config, of) => JSON.stringify(of.map((at) => config.values[at]));
    const contexts = /* @__PURE__ */ new Map();
    for (const config of shown) {
      const key = valuesOf2(config, settings);
      contexts.set(key, (contexts.get(key) ?? /* @__PURE__ */ new Set()).add(valuesOf2(config, others)));
    }
    const sorted = [...contexts.values()].map((set) => [...set].sort().join("\n"));
    return sorted.every((set) => set === sorted[0]);
  }
  function partition(shown, setting) {
    const values = shown.map((config) => config.values[setting]);
    return values.map((value) => values.indexOf(value)).join(" ");
  }

  // src/output/html/scripts/settings/groups.js
  function runsByValues(settings) {
    const groups = /* @__PURE__ */ new Map();
    for (const index of filtered) {
      const key = JSON.stringify(settings.map((setting) => configs[index].values[setting]));
      const own = runsOf([index]).filter(isFinished);
      groups.set(key, [...groups.get(key) ?? [], ...own]);
    }
    return (...values) => groups.get(JSON.stringify(values)) ?? [];
  }

  // src/output/html/scripts/settings/instead.js
  function sayInstead(text) {
    const axis = { visible: false };
    const annotations = [{
      text: lines(text, 56).join("<br>"),
      showarrow: false,
      xref: "paper",
      yref: "paper",
      x: 0.5,
      y: 0.5
    }];
    return { traces: [], shows: "nothing", text, layout: { xaxis: axis, yaxis: axis, annotations } };
  }

  // src/output/html/scripts/settings/places.js
  var MANY_NUMBERS = 12;
  var LOG_FROM = 10;
  function hasManyNumbers(setting) {
    const values = valuesOf(setting).filter((value) => value != null);
    return values.length > MANY_NUMBERS && values.every((value) => !Number.isNaN(Number(value)));
  }
  function valueTicks(values) {
    const at = labelled(values.length, 24);
    return { tickvals: at, ticktext: at.map((i) => label(tickText(values[i]), 24)) };
  }
  function settingPlaces(setting) {
    const values = valuesOf(setting);
    const title = { text: label(varied[setting].short) };
    if (!hasManyNumbers(setting)) {
      const range = [-0.5, values.length - 0.5];
      return { at: (value) => values.indexOf(value), axis: { title, ...valueTicks(values), range } };
    }
    const numbers = values.filter((value) => value != null).map(Number);
    const at = (value) => value == null ? null : Number(value);
    if (!standOnLogarithms(numbers)) return { at, axis: { title } };
    const dtick = numbers[numbers.length - 1] / numbers[0] > 1e3 ? 1 : "D2";
    return { at, axis: { title, type: "log", exponentformat: "none", dtick } };
  }
  function standOnLogarithms(numbers) {
    const [low, middle, high] = [numbers[0], numbers[Math.floor(numbers.length / 2)], numbers[numbers.length - 1]];
    const off = (of) => Math.abs((of(middle) - of(low)) / (of(high) - of(low)) - 0.5);
    return low > 0 && high / low > LOG_FROM && off(Math.log) < off(Number);
  }

  // src/output/html/scripts/settings/scatter.js
  function drawScatter(setting, key) {
    const figure2 = figures[key];
    const { of, text, name } = figure2;
    const runs2 = shownRuns(figure2);
    const places = settingPlaces(setting);
    const said = runs2.map((run) => `${valueText(valueOf(run, setting))}: ${text(of(run))}`);
    return {
      traces: [{
        x: runs2.map((run) => places.at(valueOf(run, setting))),
        y: runs2.map(of),
        mode: "markers",
        marker: { color: withAlpha(palette()[0], 0.7), size: 8 },
        ...hover(runs2.map((run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`))
      }],
      shows: `${setting} ${key}`,
      text: `${name} by ${varied[setting].short}, a dot a run. ${someOf(said)}`,
      layout: {
        xaxis: places.axis,
        yaxis: { title: { text: axisTitle(figure2) }, rangemode: figure2.unit === "points" ? "tozero" : "normal" }
      }
    };
  }
  function drawMap(across, up, key) {
    const figure2 = figures[key];
    const { of, text, name, unit } = figure2;
    const runs2 = shownRuns(figure2);
    const [x, y] = [settingPlaces(across), settingPlaces(up)];
    const said = runs2.map((run) => `${hoverWords(run, across)}<br>${hoverWords(run, up)}<br>seed ${run.seed}: <b>${text(of(run))}</b>`);
    const told = runs2.map((run) => `${words(run, across)}, ${words(run, up)}: ${text(of(run))}`);
    return {
      traces: [{
        x: runs2.map((run) => x.at(valueOf(run, across))),
        y: runs2.map((run) => y.at(valueOf(run, up))),
        mode: "markers",
        marker: {
          color: runs2.map(of),
          size: 13,
          colorscale: scaleColors(),
          showscale: true,
          line: { width: 1, color: cssColor("line") },
          colorbar: colorBar({ title: colorBarTitle(unit) })
        },
        ...hover(said)
      }],
      shows: `${across} ${up}`,
      text: `${name} by ${varied[across].short} and ${varied[up].short}, a dot a run. ${someOf(told)}`,
      layout: { xaxis: x.axis, yaxis: y.axis }
    };
  }
  var shownRuns = ({ of }) => runsOf(filtered).filter((run) => isFinished(run) && of(run) != null);
  var valueOf = (run, setting) => configs[run.config].values[setting];
  var words = (run, setting) => `${varied[setting].short} ${valueText(valueOf(run, setting))}`;
  var hoverWords = (run, setting) => `${label(varied[setting].short)} ${label(valueText(valueOf(run, setting)))}`;
  var someOf = (said) => `${said.slice(0, 60).join("; ")}${said.length > 60 ? "; and more" : ""}.`;

  // src/output/html/scripts/settings/by_setting.js
  function drawBySetting(setting, key) {
    if (hasManyNumbers(setting)) return drawScatter(setting, key);
    if (!areCrossed([setting])) return sayInstead(NOT_CROSSED);
    const figure2 = figures[key];
    const groups = groupsOf(setting, figure2);
    const short = varied[setting].short;
    const said = groups.slice(0, 60).map((group) => `${valueText(group.value)}: ${figure2.text(group.mean)} over ${group.runs.length} runs`);
    const ticks = valueTicks(groups.map((group) => group.value));
    return {
      traces: [dots(groups, figure2), means(groups, figure2, short)],
      shows: `${setting} ${key}`,
      text: `Mean ${figure2.name} by ${short}. ${said.join("; ")}.`,
      layout: {
        xaxis: { title: { text: label(short) }, ...ticks, range: [-0.5, groups.length - 0.5] },
        yaxis: { title: { text: axisTitle(figure2) }, rangemode: figure2.unit === "points" ? "tozero" : "normal" }
      }
    };
  }
  function groupsOf(setting, { of }) {
    const runsWith = runsByValues([setting]);
    return valuesOf(setting).flatMap((value) => {
      const runs2 = runsWith(value).filter((run) => of(run) != null);
      const numbers = runs2.map(of);
      return runs2.length ? [{ value, runs: runs2, mean: mean(numbers), deviation: deviation(numbers) ?? 0 }] : [];
    });
  }
  function dots(groups, { of, text }) {
    const said = (run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of(run))}`;
    return {
      x: groups.flatMap(({ runs: runs2 }, at) => runs2.map((_, i) => at + beside(i, runs2.length))),
      y: groups.flatMap(({ runs: runs2 }) => runs2.map(of)),
      mode: "markers",
      marker: { color: withAlpha(palette()[0], 0.55), size: 7 },
      ...hover(groups.flatMap(({ runs: runs2 }) => runs2.map(said)))
    };
  }
  var beside = (i, n) => n > 1 ? (i * 7919 % n / (n - 1) - 0.5) * Math.min(0.5, 0.06 * n) : 0;
  function means(groups, { text }, short) {
    const color = palette()[1];
    const said = groups.map((group) => {
      const spread = group.deviation > 1e-6 ? ` ± ${fixed(group.deviation, 2)}` : "";
      const value = `<b>${label(short)} ${label(valueText(group.value))}</b>`;
      return `${value}<br>mean ${text(group.mean)}${spread} over ${group.runs.length} runs`;
    });
    return {
      x: groups.map((_, at) => at),
      y: groups.map((group) => group.mean),
      mode: "lines+markers",
      line: { color, width: 2 },
      marker: { color, size: 10, symbol: "diamond" },
      error_y: { type: "data", array: groups.map((group) => group.deviation), color, thickness: 1.5, width: 6 },
      ...hover(said)
    };
  }

  // src/output/html/scripts/settings/effects.js
  var CAPTION2 = "Each value of a setting averaged over the same combinations of the others, with its 95 % interval from the spread of the seeds. Of all finished runs, whatever the filter.";
  function effectsFigure() {
    const { effects } = data;
    if (!effects) return [];
    const lines2 = [...effects.trends, ...effects.interactions, ...effects.notes];
    const list = el("ul", { class: "notes" }, ...lines2.map((line) => el("li", {}, line)));
    if (!effects.settings.length) return lines2.length ? [el("figure", { class: "whole" }, list)] : [];
    let key = "gap";
    const options = [["gap", "gap"], ["held_out", `${effects.held_out} accuracy`], ["train", "train accuracy"]];
    const drawn = figure({
      id: "effects",
      title: "Main effects",
      events: [],
      draw: () => drawEffects(effects, key),
      caption: CAPTION2,
      isWhole: varied.length > 1,
      isTall: effects.settings.length > 2,
      controls: [choice("On", options, key, (value) => {
        key = value;
        drawn.redraw();
      })]
    });
    if (lines2.length) drawn.element.append(list);
    return [drawn.element];
  }
  function drawEffects(effects, key) {
    const rows = effects.settings.flatMap((setting, at) => setting.levels.map((level) => ({ setting, level, at })));
    const places = rows.map(({ at }, i) => i + at * 0.6);
    const ticks = labelled(rows.length, 30);
    const said = rows.map((row2) => words2(row2, key));
    const accuracy = `${key === "train" ? "train" : effects.held_out} accuracy`;
    const told = said.slice(0, 60).map((lines2) => lines2.join(", "));
    return {
      traces: [effectsTrace(rows, key, places, said)],
      shows: key,
      text: `Main effects on the ${key === "gap" ? "gap" : accuracy}. ${told.join("; ")}.`,
      layout: {
        xaxis: {
          title: { text: key === "gap" ? "gap in points" : `${label(accuracy)} in %` },
          rangemode: key === "gap" ? "tozero" : "normal"
        },
        yaxis: {
          tickvals: ticks.map((at) => places[at]),
          ticktext: ticks.map((at) => label(`${rows[at].setting.name} ${tickText(rows[at].level.value)}`, 34)),
          autorange: "reversed",
          showgrid: false,
          zeroline: false
        }
      }
    };
  }
  function effectsTrace(rows, key, places, said) {
    const colors = palette();
    const halves = rows.map(({ level }) => level.mean[key][1] ?? 0);
    return {
      x: rows.map(({ level }) => level.mean[key][0]),
      y: places,
      mode: "markers",
      marker: { size: 10, color: rows.map(({ at }) => colors[at % colors.length]) },
      error_x: { type: "data", array: halves, color: cssColor("muted"), thickness: 1.6, width: 5 },
      ...hover(said.map((lines2) => label(lines2.join("\n"), 400).replace(/\n/g, "<br>")))
    };
  }
  function words2({ setting, level }, key) {
    const text = key === "gap" ? points : percent;
    const [value, half] = level.mean[key];
    const interval = half == null ? "" : ` ± ${fixed(half, 1)}`;
    const lines2 = [`${setting.name} ${level.value}: mean ${text(value)}${interval} over ${level.runs} runs`];
    if (level.change) {
      const [change, width] = level.change[key];
      const sign = change >= 0 ? "+" : "";
      lines2.push(`${sign}${fixed(change, 1)} points from ${setting.levels[0].value}${doubt(change, width)}`);
    }
    return lines2;
  }
  function doubt(change, half) {
    if (half == null) return ", the seeds show no spread: cannot be told from noise";
    const width = fixed(half, 1);
    return Math.abs(change) <= half ? `, within ± ${width}: cannot be told from noise` : ` ± ${width}`;
  }

  // src/output/html/scripts/settings/heat_map.js
  var MOST_CELLS = 4e3;
  function drawHeatMap(across, up, key) {
    if (hasManyNumbers(across) || hasManyNumbers(up)) return drawMap(across, up, key);
    const [xs, ys] = [valuesOf(across), valuesOf(up)];
    if (xs.length * ys.length > MOST_CELLS) {
      return sayInstead(`${xs.length} times ${ys.length} values are too many for a heat map.`);
    }
    if (!areCrossed([across, up])) return sayInstead(NOT_CROSSED);
    const runsWith = runsByValues([across, up]);
    const cells = ys.map((y) => xs.map((x) => ({ x, y, value: mean(runsWith(x, y).map(figures[key].of)) })));
    const axis = (setting, values) => ({ title: { text: label(varied[setting].short) }, showgrid: false, ...valueTicks(values) });
    return {
      traces: [heatMap2(cells, across, up, key)],
      shows: `${across} ${up}`,
      text: heatMapText(cells.flat(), across, up, key),
      layout: { xaxis: axis(across, xs), yaxis: axis(up, ys) }
    };
  }
  function heatMap2(cells, across, up, key) {
    const { text, unit } = figures[key];
    const hasRoom = cells[0].length <= 14 && cells.length <= 20;
    const digits = key.endsWith("loss") ? 3 : 1;
    const [nameAcross, nameUp] = [label(varied[across].short), label(varied[up].short)];
    const said = ({ x, y, value }) => `${nameAcross} ${label(valueText(x))}<br>${nameUp} ${label(valueText(y))}<br><b>${text(value)}</b>`;
    return {
      type: "heatmap",
      z: cells.map((row2) => row2.map(({ value }) => value)),
      x: cells[0].map((_, at) => at),
      y: cells.map((_, at) => at),
      colorscale: scaleColors(),
      xgap: 2,
      ygap: 2,
      ...hover(cells.map((row2) => row2.map(said))),
      text: cells.map((row2) => row2.map(({ value }) => value == null ? "" : fixed(value, digits))),
      texttemplate: hasRoom ? "%{text}" : "",
      colorbar: colorBar({ title: colorBarTitle(unit) })
    };
  }
  function heatMapText(cells, across, up, key) {
    const { name, text } = figures[key];
    const [nameAcross, nameUp] = [varied[across].short, varied[up].short];
    const said = cells.slice(0, 60).map(({ x, y, value }) => `${nameAcross} ${valueText(x)}, ${nameUp} ${valueText(y)}: ${text(value)}`);
    return `Mean ${name} by ${nameAcross} and ${nameUp}. ${said.join("; ")}${cells.length > 60 ? "; and more" : ""}.`;
  }

  // src/output/html/scripts/settings/axes.js
  function parallelAxes() {
    const keys = ["train", "val", "test", "gap"].filter((key) => presentFigures.includes(key));
    return [...varied.map(settingAxis), ...keys.map(figureAxis)];
  }
  var finishedOf = (config) => config.runs.map((run) => runs[run]).filter(isFinished);
  function settingAxis(setting, index) {
    const values = valuesOf(index);
    const places = new Map(values.map((value, at) => [value, values.length > 1 ? at / (values.length - 1) : 0.5]));
    const place = (value) => places.get(value) ?? null;
    return {
      name: setting.short,
      ticks: labelled(values.length, 12).map((at) => [place(values[at]) ?? 0, tickText(values[at])]),
      at: (config) => place(config.values[index]),
      text: (config) => valueText(config.values[index])
    };
  }
  function figureAxis(key) {
    const { of, text, name, unit } = figures[key];
    const value = (config) => mean(finishedOf(config).map(of));
    const all2 = configs.map(value).filter((v) => v != null);
    const [low, high] = [Math.min(...all2, ...unit === "points" ? [0] : []), Math.max(...all2)];
    const shares = high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
    return {
      name: `${name.replace(" accuracy", "")} (${unit})`,
      ticks: shares.map((at) => [at, fixed(high > low ? low + (high - low) * at : low, 1)]),
      at: (config) => {
        const v = value(config);
        if (v == null) return null;
        return high > low ? (v - low) / (high - low) : 0.5;
      },
      text: (config) => text(value(config))
    };
  }

  // src/output/html/scripts/settings/parallel.js
  var BINS = 8;
  var MANY_CONFIGS = 200;
  function parallelFigure() {
    if (configs.length < 2 || !presentFigures.length) return [];
    const axes = parallelAxes();
    const by = axes[axes.length - 1].name;
    return [figure({
      id: "parallel",
      title: "All settings and figures",
      events: ["filter"],
      isWhole: true,
      draw: () => drawParallel(axes),
      caption: `A line a config of those that the table's filter leaves, from blue to orange by ${by}.`
    }).element];
  }
  function drawParallel(axes) {
    const shown = filtered.filter((index) => finishedOf(configs[index]).length);
    return { traces: tracesOf3(axes, shown), layout: layoutOf(axes), text: textOf(axes, shown) };
  }
  function tracesOf3(axes, shown) {
    const isMany = shown.length > MANY_CONFIGS;
    const bins = Array.from({ length: BINS }, () => (
      /** @type {number[]} */
      []
    ));
    for (const index of shown) {
      const share = axes[axes.length - 1].at(configs[index]) ?? 0;
      bins[Math.min(BINS - 1, Math.floor(share * BINS))].push(index);
    }
    const traces = bins.map((indexes, at) => ({
      ...linesOf2(axes, indexes),
      mode: isMany ? "lines" : "lines+markers",
      marker: { size: 5 },
      line: { color: between(at / (BINS - 1)), width: isMany ? 0.8 : 1.8 },
      opacity: isMany ? 0.5 : 0.9
    }));
    return traces.filter((trace) => trace.x.length);
  }
  function linesOf2(axes, indexes) {
    const points2 = indexes.flatMap((index) => {
      const config = configs[index];
      const values = axes.map((axis) => `${label(axis.name)}: ${label(axis.text(config))}`);
      const said = `<b>${label(config.label)}</b><br>` + values.join("<br>");
      const line = axes.map((axis, x) => ({ x, y: shifted(axis.at(config), index), said }));
      return [...line, { x: null, y: null, said: "" }];
    });
    return { x: points2.map(({ x }) => x), y: points2.map(({ y }) => y), ...hover(points2.map(({ said }) => said)) };
  }
  var shifted = (place, index) => place == null ? null : place + (index * 7 % 11 - 5) * 22e-4;
  function layoutOf(axes) {
    const font = { size: 11, color: cssColor("muted") };
    const bgcolor = withAlpha(cssColor("page"), 0.75);
    const line = { color: cssColor("line"), width: 1.5 };
    return {
      annotations: axes.flatMap((axis, x) => axis.ticks.map(([y, text]) => ({
        x,
        y,
        text: label(text, 16),
        showarrow: false,
        xanchor: "right",
        xshift: -6,
        font,
        bgcolor,
        borderpad: 1
      }))),
      shapes: axes.map((_, i) => ({ type: "line", x0: i, x1: i, y0: 0, y1: 1, line, layer: "below" })),
      xaxis: {
        tickvals: axes.map((_, i) => i),
        ticktext: axes.map((axis) => label(axis.name, 28)),
        side: "top",
        showgrid: false,
        zeroline: false,
        range: [-0.45, axes.length - 0.8],
        showline: false
      },
      yaxis: { visible: false, range: [-0.05, 1.05], fixedrange: true },
      margin: { l: 14, r: 14, t: 40, b: 10 }
    };
  }
  function textOf(axes, shown) {
    const lines2 = shown.slice(0, 20).map((index) => axes.map((axis) => `${axis.name} ${axis.text(configs[index])}`).join(", "));
    const more = shown.length > 20 ? ` And ${shown.length - 20} more configs.` : "";
    return `Parallel coordinates of ${shown.length} configs. ${lines2.join(". ")}.${more}`;
  }

  // src/output/html/scripts/settings/section.js
  var DOTS = "A dot a run, whatever its other settings.";
  var DOTS_AND_MEANS = "A dot a run; diamonds are means over all other settings and seeds, with their standard deviation.";
  var CELLS = "Means over all other settings and seeds; an empty cell has no finished run. Settings of many numbers: a dot a run.";
  var chosen4 = {
    key: presentFigures.includes("gap") ? "gap" : presentFigures[0],
    setting: 0,
    across: 0,
    up: Math.min(1, varied.length - 1)
  };
  function settingsSection() {
    if (!varied.length || !presentFigures.length) return;
    const plots = [bySetting(), ...varied.length > 1 ? [twoSettings()] : [], ...effectsFigure(), ...parallelFigure()];
    const controls3 = el(
      "div",
      { class: "controls" },
      figureChoice(),
      el("span", { class: "muted" }, "of the finished runs that the table's filter leaves")
    );
    section("settings", "Settings", incomparableNote(), controls3, el("div", { class: "grid" }, ...plots));
  }
  function bySetting() {
    return figure({
      id: "by-setting",
      title: "By setting",
      events: ["filter", "settings"],
      draw: () => drawBySetting(chosen4.setting, chosen4.key),
      controls: varied.length > 1 ? [settingChoice("Setting", "setting")] : [],
      caption: haveGroups() ? DOTS_AND_MEANS : DOTS
    }).element;
  }
  function twoSettings() {
    return figure({
      id: "heat-map",
      title: "Two settings",
      events: ["filter", "settings"],
      draw: () => drawHeatMap(chosen4.across, chosen4.up, chosen4.key),
      controls: varied.length > 2 ? [settingChoice("Across", "across"), settingChoice("Up", "up")] : [],
      caption: haveGroups() ? CELLS : DOTS
    }).element;
  }
  var haveGroups = () => varied.some((_, setting) => !hasManyNumbers(setting));
  function settingChoice(text, name) {
    const options = varied.map((setting, index) => (
      /** @type {Option<string>} */
      [String(index), setting.short]
    ));
    return choice(text, options, String(chosen4[name]), (value) => {
      chosen4[name] = Number(value);
      tell("settings");
    });
  }
  function figureChoice() {
    const options = presentFigures.map((key) => (
      /** @type {Option<string>} */
      [key, figures[key].name]
    ));
    return choice("Figure", options, chosen4.key, (value) => {
      chosen4.key = value;
      tell("settings");
    });
  }

  // src/output/html/scripts/table/headings.js
  function makeHeadings() {
    const made = columns.map(heading);
    const mark = () => made.forEach(({ th, arrow }, index) => {
      if (sorting?.column !== index) {
        th.removeAttribute("aria-sort");
        arrow.textContent = "↕";
        return;
      }
      th.setAttribute("aria-sort", sorting.descends ? "descending" : "ascending");
      arrow.textContent = sorting.descends ? "▼" : "▲";
    });
    return { headings: made.map(({ th }) => th), mark };
  }
  function heading(column, index) {
    const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
    const parts = column.is_number ? [arrow, column.header] : [column.header, arrow];
    const button2 = el("button", { type: "button", onclick: () => sortBy(index) }, ...parts);
    const kind = `${column.is_number ? "number" : ""} of-${column.group}`;
    return { th: el("th", { scope: "col", class: kind, "data-name": column.header }, button2), arrow };
  }

  // src/output/html/scripts/table/rows.js
  function row(index) {
    const config = configs[index];
    const box = el("input", {
      type: "checkbox",
      checked: isSelected(index),
      "data-config": index,
      "aria-label": "Draw the curves of " + config.label,
      onchange: () => select([index], box.checked)
    });
    const cells = config.cells.map(([shown], column) => el("td", { class: `${columns[column].is_number ? "number" : ""} of-${columns[column].group}` }, shown));
    const swatch = el("span", { class: "swatch", "data-swatch": index, "aria-hidden": "true" });
    paint(swatch);
    return el("tr", {}, el("th", { scope: "row" }, box, swatch), ...cells);
  }
  function markSelected(rows) {
    rows.querySelectorAll("[data-swatch]").forEach((swatch) => paint(
      /** @type {HTMLElement} */
      swatch
    ));
    rows.querySelectorAll("input").forEach((box) => {
      box.checked = isSelected(Number(box.dataset.config));
    });
  }
  function paint(swatch) {
    const index = Number(swatch.dataset.swatch);
    swatch.style.background = isSelected(index) ? colorOf(index) : "transparent";
    swatch.style.borderColor = isSelected(index) ? "transparent" : cssColor("line");
  }

  // src/output/html/scripts/table/section.js
  var ROWS_AT_ONCE = 200;
  function tableSection() {
    const { headings, mark } = makeHeadings();
    const rows = el("tbody", {});
    const { more, draw } = longList({
      noun: "rows",
      atOnce: ROWS_AT_ONCE,
      items: () => [...filtered],
      show: row,
      list: rows
    });
    const count = el("span", { id: "filter-count", class: "muted", role: "status" });
    const legend = `One row a config: ${data.legend}. A click or Enter on a heading sorts; a box draws the config's curves.`;
    const table = el(
      "table",
      { id: "configs-table" },
      el("caption", {}, legend),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "draw"), ...headings)),
      rows
    );
    const scroller = el(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" },
      table
    );
    section("configs", "Configs", controls2(count, groupButtons(table)), scroller, more);
    const drawAll = () => {
      draw();
      mark();
      count.textContent = `${filtered.length} of ${configs.length} configs`;
    };
    on("filter", drawAll);
    on("selection", () => markSelected(rows));
    on("theme", () => markSelected(rows));
    drawAll();
  }
  function groupButtons(table) {
    const groups = (
      /** @type {const} */
      [["figure", "more figures"], ["setting", "settings"]]
    );
    return groups.filter(([group]) => columns.some((column) => column.group === group)).map(([group, name]) => {
      const button2 = el("button", { type: "button", id: `show-${group}`, "aria-pressed": "false", onclick: () => {
        const isOn = table.classList.toggle(`with-${group}`);
        button2.setAttribute("aria-pressed", String(isOn));
      } }, `Show ${name}`);
      return button2;
    });
  }
  function controls2(count, buttons) {
    const box = el("input", {
      type: "search",
      id: "filter",
      placeholder: "words, or gap<10 dropout=0.2",
      "aria-describedby": "filter-count",
      oninput: () => filter(box.value)
    });
    return el(
      "div",
      { class: "controls" },
      el("label", { for: "filter" }, "Filter"),
      box,
      count,
      drawButton(`Draw first ${Math.min(DRAWN_AT_FIRST, configs.length)}`, () => filtered.slice(0, DRAWN_AT_FIRST)),
      drawButton("Draw all shown", () => filtered),
      drawButton("Draw none", () => []),
      ...buttons
    );
  }
  function drawButton(text, indexes) {
    return el("button", { type: "button", onclick: () => selectOnly(indexes()) }, text);
  }

  // src/output/html/scripts/main.js
  startTheme();
  tableSection();
  changesSection();
  curvesSection();
  settingsSection();
  findingsSection();
  predictionsSection();
  runsSection();
  later(() => {
    document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true");
  });
  later(() => document.documentElement.setAttribute("data-drawn", ""));
})();
