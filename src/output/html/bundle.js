"use strict";
(() => {
  // src/output/html/scripts/page/events.js
  var listeners = /* @__PURE__ */ new Map();
  function on(event, listener) {
    listeners.set(event, [...listeners.get(event) ?? [], listener]);
  }
  function tell(event) {
    for (const listener of listeners.get(event) ?? []) listener();
  }

  // src/output/html/scripts/data/data.js
  var data = {
    columns: [],
    varied: [],
    legend: "",
    changes: null,
    incomparable: null,
    configs: [],
    epochs: [],
    runs: [],
    shared: { settings: [], provenance: [], experiments: [] },
    most_points: 0,
    predictions: [],
    effects: null,
    figures: []
  };
  var { configs, runs, varied, columns } = data;
  var places = /* @__PURE__ */ new Map();
  function setData(value) {
    data = value;
    ({ configs, runs, varied, columns } = value);
    places = new Map(runs.map(({ id }, place2) => [id, place2]));
    tell("data");
  }
  var keyOf = (config) => runs[config.runs[0]].id;

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

  // src/output/html/scripts/page/controls.js
  function choice(text, options, chosen3, changed) {
    const select2 = el("select", { onchange: () => changed(
      /** @type {Value} */
      select2.value
    ) });
    let shown2 = "";
    const update = () => {
      const all = options();
      if (JSON.stringify(all) !== shown2) {
        select2.replaceChildren(...all.map(([value, name]) => el("option", { value }, name)));
        shown2 = JSON.stringify(all);
      }
      select2.value = chosen3();
    };
    const label2 = el("label", {}, text + " ", select2);
    follow(update);
    return label2;
  }
  function check(text, isOn, changed) {
    const box = el("input", { type: "checkbox", onchange: () => changed(box.checked) });
    follow(() => {
      box.checked = isOn();
    });
    return el("label", {}, box, " " + text);
  }
  function follow(update) {
    on("data", update);
    on("address", update);
    update();
  }

  // src/output/html/scripts/page/section.js
  function section(id, title, isShown3, ...children) {
    const heading2 = el("h2", { id: id + "-h", tabindex: "-1" }, title);
    const element = el("section", { id, "aria-labelledby": id + "-h" }, heading2, ...children);
    const link = el("a", { href: "#" + id, onclick: (event) => {
      event.preventDefault();
      element.scrollIntoView();
      heading2.focus({ preventScroll: true });
    } }, title);
    byId("sections").append(element);
    byId("nav").append(link);
    const update = () => {
      element.hidden = !isShown3();
      link.hidden = element.hidden;
    };
    on("data", update);
    update();
    return element;
  }
  function incomparableNote() {
    const note = el("p", { class: "incomparable" });
    const update = () => {
      note.hidden = !data.incomparable;
      note.textContent = `Note: ${data.incomparable}, so no config is better than another here.`;
    };
    on("data", update);
    update();
    return note;
  }

  // src/output/html/scripts/page/announce.js
  function announce(text) {
    byId("status").textContent = text;
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

  // src/output/html/scripts/page/keyed.js
  function keyed(list, key, make) {
    let known = /* @__PURE__ */ new Map();
    return (items3) => {
      const next2 = /* @__PURE__ */ new Map();
      const elements = items3.map((item, at) => {
        const made = known.get(key(item)) ?? make(item);
        made.update(item, at);
        next2.set(key(item), made);
        return made.element;
      });
      known = next2;
      place(list, elements);
    };
  }
  function place(list, elements) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(elements);
    for (const child of [...list.children]) if (!wanted.has(
      /** @type {HTMLElement} */
      child
    )) child.remove();
    elements.forEach((element, at) => {
      if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
    });
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }
  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
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
  function figure({ id, title, draw, events, isShown: isShown3, caption, controls: controls3 = [], isTall, isWhole, height }) {
    const plot2 = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
    const text = el("p", { class: "visually-hidden", id: "text-" + id });
    const heading2 = el("h3", { id: "title-" + id });
    const captionElement = caption ? el("figcaption", {}) : null;
    let resets = 0;
    let isAsked = false;
    const redraw = () => {
      if (isShown3) element.hidden = !isShown3();
      if (isAsked) return;
      isAsked = true;
      later(() => {
        isAsked = false;
        if (!plot2.offsetParent) return;
        const { traces, layout, text: words3, shows = "" } = draw();
        setText(text, words3);
        if (height) plot2.style.height = `${height()}px`;
        Plotly.react(plot2, traces, { ...themed(layout), uirevision: `${shows} ${resets}` }, plotConfig);
      });
    };
    const reset = el("button", { type: "button", onclick: () => {
      resets += 1;
      redraw();
    } }, "Reset zoom");
    const save = el("button", { type: "button", onclick: () => savePicture(plot2, id) }, "Save picture");
    const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
    const element = el(
      "figure",
      { class: isWhole ? "whole" : "", ...named },
      el("div", { class: "head" }, heading2, ...controls3, reset, save),
      plot2,
      text,
      captionElement
    );
    const update = () => {
      const name = said(title);
      setText(heading2, name);
      reset.setAttribute("aria-label", `Reset zoom of ${name}`);
      save.setAttribute("aria-label", `Save picture of ${name}`);
      if (captionElement) setText(captionElement, said(caption ?? ""));
      redraw();
    };
    for (
      const event of
      /** @type {EventName[]} */
      [...events, "theme"]
    ) on(event, redraw);
    follow(update);
    return { element, redraw };
  }
  var said = (words3) => typeof words3 === "string" ? words3 : words3();
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
    const said2 = points2.map(({ name, x, y }) => `<b>${label(name)}</b><br>${label(changes.score)} ${fixed(y, 1)} %, ${label(changes.gap)} ${fixed(x, 1)} points`);
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
        ...hover(said2)
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
    const place2 = { xref: "paper", yref: "paper", x: 0.01, y, xanchor: "left", yanchor };
    return isThere ? [{ text, ...place2, font, opacity: 0.75, showarrow: false }] : [];
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
    const shown2 = rows.filter(({ change }) => change);
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
        ...tracesOf(shown2, "score", "x", changes.score),
        ...tracesOf(shown2, "gap", "x2", changes.gap)
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
    const parts2 = rows.flatMap(({ change, at }) => change ? [{ change, at, of: change[key] }] : []);
    const seeds = parts2.flatMap(({ change, at, of: of2 }) => of2.seeds.map((seed) => ({ seed, at: at + DOTS_BELOW, color: withAlphaOf(colorOfChange(change.direction)) })));
    const colors = parts2.map(({ change }) => colorOfChange(change.direction));
    const means2 = parts2.map(({ at, of: of2 }, i) => ({ at, of: of2, color: colors[i] })).filter(({ of: of2 }) => of2.value != null);
    return [
      {
        x: seeds.map(({ seed }) => seed),
        y: seeds.map(({ at }) => at),
        xaxis,
        mode: "markers",
        marker: { size: 7, color: seeds.map(({ color }) => color) },
        ...hover(seeds.map(({ seed }) => `a seed: ${signed(seed)} points`))
      },
      ...means2.map(({ at, of: of2, color }) => ({
        x: [of2.value],
        y: [at],
        xaxis,
        mode: "markers",
        marker: { size: 10, symbol: "square", color },
        error_x: whiskers(of2, color),
        ...hover([`${label(figure2)}: ${of2.text} points`])
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
  var nothing = sayInstead("There is no change to show.");
  function changesSection() {
    const heading2 = el("p", {});
    const names = el("ol", { class: "key" });
    const forest = figure({
      id: "forest",
      title: () => of(({ score, gap }) => `Changes of ${score} and ${gap}`),
      events: [],
      isWhole: true,
      height: () => data.changes ? forestHeight(data.changes) : 100,
      draw: () => data.changes ? drawForest(data.changes) : nothing,
      caption: () => of(({ caption }) => `${capital(caption)}.`)
    });
    const points2 = () => data.changes ? arrowPoints(data.changes) : [];
    const arrows = figure({
      id: "arrows",
      title: () => of(({ score, gap }) => `${capital(gap)} and ${score}`),
      events: [],
      isWhole: true,
      isTall: true,
      isShown: () => points2().length > 1,
      draw: () => data.changes ? drawArrows(data.changes, points2()) : nothing,
      caption: ARROWS
    });
    arrows.element.append(names);
    section(
      "changes",
      "Changes",
      () => Boolean(data.changes?.list.length),
      heading2,
      el("div", { class: "grid" }, forest.element, arrows.element)
    );
    follow(() => {
      heading2.textContent = of((changes) => changes.heading);
      names.replaceChildren(...points2().slice(1).map(({ name }) => el("li", {}, name)));
    });
  }
  var of = (words3) => data.changes ? words3(data.changes) : "";
  var capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

  // src/output/html/scripts/data/values.js
  function valuesOf(setting2) {
    const values = [...new Set(configs.map((config) => config.values[setting2]))];
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

  // src/output/html/scripts/page/address.js
  var parts = fromAddress();
  function fromAddress() {
    const fragment = location.hash.slice(1);
    return new URLSearchParams(fragment.includes("=") ? fragment : "");
  }
  var chosenText = (name) => parts.get(name) ?? "";
  function keep(name, text) {
    if (text) parts.set(name, text);
    else parts.delete(name);
    history.replaceState(null, "", "#" + parts.toString());
  }
  function read() {
    parts = fromAddress();
    tell("address");
  }
  window.addEventListener("popstate", read);

  // src/output/html/scripts/table/filter.js
  var searched = null;
  on("data", () => {
    searched = null;
  });
  function textOf(index) {
    searched ??= configs.map((config) => [config.label, ...config.cells.map(([shown2]) => shown2)].join("\n").toLowerCase());
    return searched[index];
  }
  function testOf(text) {
    const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map(testOfWord);
    return (index) => tests.every((test) => test(index));
  }
  function testOfWord(word) {
    const comparison = word.match(/^([^<>=]+)(<=|>=|<|>|=)(-?[\d.]+)$/);
    const column = comparison ? columnNamed(comparison[1].replace(/_/g, " ")) : -1;
    if (!comparison || column < 0) return (index) => textOf(index).includes(word);
    const [, , operator, number] = comparison;
    return (index) => compares(numberShown(index, column), operator, Number(number));
  }
  function columnNamed(name) {
    const headers = columns.map((column) => column.header.toLowerCase());
    const exact = headers.indexOf(name);
    return exact >= 0 ? exact : headers.findIndex((header) => header.startsWith(name));
  }
  function numberShown(index, column) {
    const [shown2] = configs[index].cells[column];
    const number = parseFloat(shown2);
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
  var order = [];
  var filtered = [];
  on("data", arrange);
  on("address", () => {
    arrange();
    tell("filter");
  });
  var runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run) => runs[run]));
  var filterText = () => chosenText("find");
  function sorting() {
    const [, header, direction] = chosenText("sort").match(/^(.*):(up|down)$/) ?? [];
    const column = columns.findIndex((one) => one.header === header);
    return column < 0 ? null : { column, descends: direction === "down" };
  }
  function filter(text) {
    keep("find", text);
    filtered = order.filter(testOf(text));
    tell("filter");
  }
  function sortBy(column) {
    const now = sorting();
    const descends = now?.column === column && !now.descends;
    keep("sort", `${columns[column].header}:${descends ? "down" : "up"}`);
    arrange();
    tell("filter");
    announce(`sorted by ${columns[column].header}, ${descends ? "descending" : "ascending"}`);
  }
  function arrange() {
    const ranked = configs.map((_, index) => index);
    const by = sorting();
    order = by ? sorted(ranked, by.column, by.descends) : ranked;
    filtered = order.filter(testOf(filterText()));
  }
  var sorted = (indexes, column, descends) => indexes.sort((a, b) => orderOfCells(configs[a].cells[column], configs[b].cells[column], descends));
  function orderOfCells(a, b, descends) {
    if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
    const upward = a[1] != null && b[1] != null ? a[1] - b[1] : orderOfValues(a[0], b[0]);
    return descends ? -upward : upward;
  }
  var isAbsent = ([shown2, number]) => number == null && (shown2 === "-" || shown2 === "NaN");

  // src/output/html/scripts/table/selection.js
  var DRAWN_AT_FIRST = 5;
  var MOST_IN_ADDRESS = 40;
  var selection = /* @__PURE__ */ new Set();
  var slots = /* @__PURE__ */ new Map();
  var slotsOfRuns = /* @__PURE__ */ new Map();
  var isChosen = false;
  on("data", follow2);
  on("address", () => {
    readAddress();
    tell("selection");
  });
  function drawnAtFirst() {
    const best = configs.map((_, index) => index);
    if (!data.changes) return best.slice(0, DRAWN_AT_FIRST);
    const { baseline, list } = data.changes;
    const size = ({ score }) => Math.abs(score.value ?? 0);
    const shown2 = list.filter(({ direction }) => direction !== "unclear").sort((a, b) => size(b) - size(a));
    const first = [baseline.config, ...shown2.map(({ config }) => config), ...best];
    return [...new Set(first)].slice(0, DRAWN_AT_FIRST);
  }
  function follow2() {
    if (!slotsOfRuns.size && chosenText("draw")) {
      readAddress();
      return;
    }
    selection.clear();
    slots.clear();
    configs.forEach((config, index) => {
      const slot = config.runs.map((run) => slotsOfRuns.get(runs[run].id)).find((known) => known != null);
      if (slot == null) return;
      selection.add(index);
      slots.set(index, slot);
    });
    if (!selection.size) isChosen = false;
    if (!isChosen) {
      for (const index of drawnAtFirst()) if (selection.size < DRAWN_AT_FIRST) selection.add(index);
    }
    giveSlots();
  }
  function readAddress() {
    const ids = new Set(chosenText("draw").split(",").filter(Boolean));
    isChosen = ids.size > 0;
    selection.clear();
    if (isChosen) {
      configs.forEach((config, index) => {
        if (config.runs.some((run) => ids.has(runs[run].id))) selection.add(index);
      });
    } else {
      for (const index of drawnAtFirst()) selection.add(index);
    }
    giveSlots();
  }
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
    slotsOfRuns.clear();
    for (const [index, slot] of slots) {
      for (const run of configs[index].runs) slotsOfRuns.set(runs[run].id, slot);
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
    isChosen = true;
    giveSlots();
    const ids = selected().slice(0, MOST_IN_ADDRESS).map((index) => runs[configs[index].runs[0]].id);
    keep("draw", ids.join(","));
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
  var presentSplits = [];
  on("data", findSplits);
  on("rows", findSplits);
  function findSplits() {
    presentSplits = everySplit.filter((split) => runs.some((run) => run.curves?.[`${split}_accuracy`] ?? run.last?.[split] != null));
  }
  var MOST_WITH_TRAIN = 2;
  var isHeldOut = (split) => split !== "train";
  function splitsAtFirst() {
    if (configs.length <= MOST_WITH_TRAIN) return presentSplits;
    const heldOut = presentSplits.includes("test") ? (
      /** @type {Split[]} */
      ["test"]
    ) : presentSplits.filter(isHeldOut);
    return heldOut.length ? heldOut : presentSplits;
  }
  function shownSplits() {
    const chosen3 = chosenText("splits");
    return chosen3 ? presentSplits.filter((split) => chosen3.split(",").includes(split)) : splitsAtFirst();
  }
  var isShown = (split) => shownSplits().includes(split);
  function showSplit(split, isOn) {
    const shown2 = presentSplits.filter((one) => one === split ? isOn : isShown(one));
    const isFirst = String(shown2) === String(splitsAtFirst());
    keep("splits", isFirst ? "" : shown2.join(",") || "none");
    tell("curves");
  }
  var band = () => (
    /** @type {Band} */
    chosenText("seeds") || "range"
  );
  var isLog = () => chosenText("loss") === "log";
  function choose(name, text) {
    keep(name, text);
    tell("curves");
  }

  // src/output/html/scripts/curves/best_marks.js
  function bestMarks(index, kind, text) {
    const marks = configs[index].runs.flatMap((run) => {
      const { best, seed } = runs[run];
      if (!best) return [];
      const value = valueAt(best, kind);
      return value == null ? [] : [{ best, seed, value }];
    });
    if (!marks.length) return null;
    const said2 = marks.map(({ best, seed, value }) => {
      const by = best.val != null ? "by validation" : "chosen on test";
      return `<b>${label(configs[index].label)}</b><br>best epoch ${best.epoch} of seed ${seed} (${by}): ${text(value)}`;
    });
    return {
      x: marks.map(({ best }) => best.epoch),
      y: marks.map(({ value }) => value),
      mode: "markers",
      marker: { symbol: "diamond", size: 8, color: colorOf(index), line: { color: cssColor("page"), width: 1.5 } },
      ...hover(said2)
    };
  }
  function valueAt(best, kind) {
    if (kind === "gap") return best.gap;
    const [test, val] = kind === "loss" ? [best.test_loss, best.val_loss] : [best.test, best.val];
    if (isShown("test") && test != null) return test;
    return isShown("val") ? val : null;
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
    const shown2 = presentSplits.filter(isShown);
    return shown2.map((split) => ({ name: `${split}_${figure2}`, split }));
  }
  var nameWords = ({ name, split }) => name === "gap" ? "gap" : splits[split].name;
  function curveOf(run, name) {
    if (name !== "gap") return run.curves?.[name];
    const { train_accuracy: train, test_accuracy: test } = run.curves ?? {};
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
  for (
    const event of
    /** @type {const} */
    ["data", "rows"]
  ) on(event, () => summaries.clear());
  function summary(index, name) {
    const key = index + name;
    const known = summaries.get(key);
    if (known !== void 0) return known;
    const made = summarise(index, name);
    summaries.set(key, made);
    return made;
  }
  function summarise(index, name) {
    const epochs = data.epochs[configs[index].epochs] ?? [];
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
    const shown2 = band();
    if (shown2 === "seeds") return seedLines(summed, index, line, text);
    const { epochs, means: means2 } = summed;
    const said2 = epochs.map((_, i) => hoverText(summed, i, index, named, text));
    const trace = { x: epochs, y: means2, mode: "lines", line, ...hover(said2) };
    if (shown2 === "none" || configs[index].runs.length < 2) return [trace];
    return [bandOf(epochs, summed[shown2], color), trace];
  }
  function hoverText(summed, i, index, named, text) {
    const { epochs, means: means2, seeds } = summed;
    const { low, high } = band() === "std" ? summed.std : summed.range;
    const many = seeds[i] > 1 ? `<br>${text(low[i])} to ${text(high[i])} (${seeds[i]} seeds)` : "";
    const value = `${nameWords(named)} ${text(means2[i])} at epoch ${epochs[i]}`;
    return `<b>${label(configs[index].label)}</b><br>${value}${many}`;
  }
  var bandAlpha = () => (isDark() ? 0.22 : 0.17) * (selected().length > 4 ? 0.45 : 1);
  function bandOf(epochs, spread, color) {
    const at = epochs.map((_, i) => i).filter((i) => spread.low[i] != null);
    const back = [...at].reverse();
    return {
      x: [...at, ...back].map((i) => epochs[i]),
      y: [...at.map((i) => spread.high[i]), ...back.map((i) => spread.low[i])],
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
      const said2 = epochs.map((epoch, at) => `<b>${label(configs[index].label)}</b><br>seed ${run.seed}: ${text(curve[at])} at epoch ${epoch}`);
      return { x: epochs, y: curve, mode: "lines", line: { ...line, width: 1.1 }, ...hover(said2) };
    });
  }

  // src/output/html/scripts/curves/together.js
  var PLACES2 = { train: 0, val: 2, test: 1 };
  function linesTogether(indexes, named, text) {
    const { x, y, said: said2 } = { x: [], y: [], said: [] };
    for (const index of indexes) {
      const summed = summary(index, named.name);
      if (!summed) continue;
      summed.epochs.forEach((epoch, i) => {
        const value = `${nameWords(named)} ${text(summed.means[i])} at epoch ${epoch}`;
        x.push(epoch);
        y.push(summed.means[i]);
        said2.push(`<b>${label(configs[index].label)}</b><br>${value}`);
      });
      x.push(null);
      y.push(null);
      said2.push("");
    }
    const alpha = Math.max(0.15, Math.min(0.6, 20 / indexes.length));
    const line = { width: 1, color: withAlpha(palette()[PLACES2[named.split]], alpha) };
    return { x, y, mode: "lines", line, connectgaps: false, ...hover(said2) };
  }

  // src/output/html/scripts/curves/plot.js
  var MOST_APART = 24;
  var areTogether = () => selected().length > MOST_APART;
  function drawCurves(kind) {
    const isLogarithmic = kind === "loss" && isLog();
    return {
      traces: tracesOf2(kind),
      shows: `${kind} ${isLogarithmic}`,
      text: curvesText(kind),
      layout: {
        xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
        yaxis: {
          title: { text: kinds[kind].unit },
          type: isLogarithmic ? "log" : "linear",
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
    const parts2 = names().flatMap((named) => {
      const summed = summary(index, named.name);
      if (!summed) return [];
      return [`${nameWords(named)} from ${text(summed.means[0])} to ${text(summed.means.at(-1))}`];
    });
    const best = configs[index].runs.map((run) => runs[run].best).filter((row2) => row2 != null);
    const epochs = [...new Set(best.map((row2) => row2.epoch))].sort((a, b) => a - b);
    const bestText = epochs.length ? `; best epochs ${epochs.join(", ")}` : "";
    return `${configs[index].label}: ${parts2.join(", ")}${bestText}.`;
  }

  // src/output/html/scripts/curves/chips.js
  var MOST_CHIPS = 60;
  function chips() {
    const list = el("ul", { class: "chips", "aria-label": "Configs: a click draws one or takes it out" });
    const more = el("p", { class: "muted" });
    const show2 = keyed(list, (index) => keyOf(configs[index]), chip);
    const draw = () => {
      const shown2 = items();
      show2(shown2);
      more.hidden = shown2.length === configs.length;
      more.textContent = `and ${configs.length - shown2.length} more: choose them in the table`;
    };
    for (
      const event of
      /** @type {const} */
      ["data", "selection", "filter", "theme"]
    ) on(event, draw);
    draw();
    return el("div", {}, list, more);
  }
  function items() {
    const drawn = selected().slice(0, MOST_CHIPS);
    const others = order.filter((index) => !isSelected(index)).slice(0, MOST_CHIPS - drawn.length);
    return [...drawn, ...others];
  }
  function chip(first) {
    let index = first;
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const name = el("span", { class: "name" });
    const button = el("button", { type: "button", onclick: () => select([index], !isSelected(index)) }, swatch, name);
    const update = (now) => {
      index = now;
      const [isOn, { label: label2 }] = [isSelected(index), configs[index]];
      swatch.style.background = areTogether() || !isOn ? "transparent" : colorOf(index);
      swatch.style.borderColor = isOn ? "" : "currentColor";
      button.className = isOn ? "" : "off";
      button.title = label2;
      button.setAttribute("aria-label", "Draw the curves of " + label2);
      button.setAttribute("aria-pressed", String(isOn));
      setText(name, label2);
    };
    return { element: el("li", {}, button), update };
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
    const all = (
      /** @type {Kind[]} */
      Object.keys(kinds)
    );
    const none = el("p", { class: "muted" }, "No run has evaluated an epoch yet.");
    const shown2 = el(
      "div",
      {},
      incomparableNote(),
      chips(),
      controls(),
      el("div", { class: "grid" }, ...all.map(plot)),
      thinnedNote()
    );
    section("curves", "Learning curves", () => runs.length > 0, none, shown2);
    const update = () => {
      none.hidden = presentSplits.length > 0;
      shown2.hidden = !none.hidden;
    };
    on("rows", update);
    follow(update);
  }
  function plot(kind) {
    const isMain = kind === "accuracy";
    return figure({
      id: kind,
      title: kinds[kind].title,
      draw: () => drawCurves(kind),
      events: ["rows", "selection", "curves"],
      isShown: () => kind !== "gap" || presentSplits.includes("test"),
      isWhole: isMain,
      isTall: isMain,
      caption: isMain ? CAPTION : null
    }).element;
  }
  function controls() {
    const splitBoxes = everySplit.map((split) => {
      const box = check(
        `${splits[split].name} (${splits[split].words})`,
        () => isShown(split),
        (isOn) => showSplit(split, isOn)
      );
      const update = () => {
        box.hidden = !presentSplits.includes(split);
      };
      on("rows", update);
      follow(update);
      return box;
    });
    return el(
      "div",
      { class: "controls" },
      el("fieldset", {}, el("legend", {}, "Splits"), ...splitBoxes),
      choice("Seeds", () => bands, band, (value) => choose("seeds", value === "range" ? "" : value)),
      check("logarithmic loss", isLog, (isOn) => choose("loss", isOn ? "log" : ""))
    );
  }
  function thinnedNote() {
    const note = el("p", { class: "muted" });
    follow(() => {
      note.hidden = !data.epochs.some((epochs) => epochs.length === data.most_points);
      note.textContent = `Of long runs ${data.most_points} evenly spaced epochs are drawn; diamonds and tables have the exact figures.`;
    });
    return note;
  }

  // src/output/html/scripts/page/long_list.js
  function longList({ noun, atOnce, items: items3, key, make }) {
    const list = el("div", {});
    const show2 = keyed(list, key, make);
    let shown2 = atOnce;
    const update = () => {
      const all = items3();
      show2(all.slice(0, shown2));
      more.hidden = shown2 >= all.length;
      more.textContent = `Show ${Math.min(atOnce, all.length - shown2)} more ${noun}`;
    };
    const more = el("button", { type: "button", onclick: () => {
      shown2 += atOnce;
      update();
    } });
    const draw = () => {
      shown2 = atOnce;
      update();
    };
    return { list, more: el("p", { class: "controls" }, more), draw, update };
  }

  // src/output/html/scripts/findings/section.js
  var CONFIGS_AT_ONCE = 20;
  var CONFIGS_OPEN = 3;
  var INTRODUCTION = "What each config's curves say, in the order and with the filter of the table.";
  function findingsSection() {
    const { list, more, draw, update } = longList({
      noun: "configs",
      atOnce: CONFIGS_AT_ONCE,
      items: () => filtered.filter((index) => configs[index].findings.length),
      key: (index) => keyOf(configs[index]),
      make: findingsOf
    });
    section(
      "diagnosis",
      "Diagnosis",
      () => configs.some((config) => config.findings.length),
      el("p", { class: "muted" }, INTRODUCTION),
      list,
      more
    );
    on("filter", draw);
    on("data", update);
    draw();
  }
  function findingsOf() {
    const label2 = el("span", {});
    const counts = el("span", { class: "muted" });
    const inside2 = el("div", {});
    let isFirst = true;
    let findings = [];
    let shown2 = "";
    const fillIn = () => {
      if (!element.open || JSON.stringify(findings) === shown2) return;
      shown2 = JSON.stringify(findings);
      inside2.replaceChildren(el("ul", { class: "findings" }, ...findings.map(findingLine)));
    };
    const element = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, label2, " ", counts), inside2);
    const update = (index, at) => {
      findings = configs[index].findings;
      const grave = findings.filter((finding) => finding.severity !== "note").length;
      setText(label2, configs[index].label);
      setText(counts, `(${grave ? counted(grave, "warning") : counted(findings.length, "note")})`);
      if (isFirst) element.open = at < CONFIGS_OPEN;
      isFirst = false;
      fillIn();
    };
    return { element, update };
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

  // src/output/html/scripts/live/start.js
  function startLive() {
  }

  // src/output/html/scripts/predictions/calibration.js
  function drawCalibration({ bins, calibration_error: error, split }, run) {
    const said2 = bins.map(({ confidence, accuracy, examples }) => `confidence ${percent(confidence)}: accuracy ${percent(accuracy)} of ${examples} examples`);
    const errorText = `expected calibration error ${points(error)}`;
    return {
      traces: [diagonal(), accuracies(bins)],
      text: `Accuracy by confidence on the ${split} split, with ${run.model}, ${errorText}. ${said2.join("; ")}.`,
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
    const said2 = bins.map(({ confidence, accuracy, examples }) => `confidence ${percent(confidence)}<br>accuracy ${percent(accuracy)}<br>${examples} examples`);
    return {
      x: bins.map((bin) => bin.confidence),
      y: bins.map((bin) => bin.accuracy),
      mode: "lines+markers",
      line: { color, width: 2 },
      marker: { color: other, size: sizes, line: { color: cssColor("page"), width: 1 } },
      ...hover(said2)
    };
  }

  // src/output/html/scripts/predictions/confusion.js
  var MOST_COUNTS = 12;
  var MOST_NAMES = 40;
  function drawConfusion({ classes, counts }) {
    const sums = counts.map((row2) => row2.reduce((a, b) => a + b, 0));
    const places2 = classes.map((_, i) => i);
    const names = classes.map((name, i) => classes.length <= MOST_NAMES ? label(name, 18) : i % 10 ? "" : String(i));
    const axis = { tickvals: places2, ticktext: names, showgrid: false };
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
    const places2 = classes.map((_, i) => i);
    const shares = counts.map((row2, i) => row2.map((count) => sums[i] ? 100 * count / sums[i] : null));
    const said2 = counts.map((row2, i) => row2.map((count, j) => {
      const share = fixed(shares[i][j] ?? 0, 1);
      return `<b>${label(classes[i])}</b> taken for <b>${label(classes[j])}</b><br>${count} of ${sums[i]} (${share} %)`;
    }));
    return {
      type: "heatmap",
      z: shares,
      x: places2,
      y: places2,
      zmin: 0,
      zmax: 100,
      colorscale: scaleColors(),
      xgap: 1,
      ygap: 1,
      ...hover(said2),
      text: counts.map((row2) => row2.map(String)),
      texttemplate: classes.length <= MOST_COUNTS ? "%{text}" : "",
      colorbar: colorBar({ ticksuffix: " %" })
    };
  }
  function confusionText(classes, counts, sums) {
    const cells = counts.flatMap((row2, i) => row2.map((count, j) => ({ i, j, count })));
    const mistaken = cells.filter(({ i, j, count }) => i !== j && count).sort((a, b) => b.count - a.count);
    if (!mistaken.length) return "Confusion of classes. No example is taken for another class.";
    const said2 = mistaken.slice(0, 8).map(({ i, j, count }) => `${classes[i]} taken for ${classes[j]}: ${count} of ${sums[i]}`);
    return `Confusion of classes. The most frequent: ${said2.join("; ")}.`;
  }

  // src/output/html/scripts/predictions/pictures.js
  function picturesOf(predictions, of2) {
    const run = runName(of2);
    return [mistakes(predictions, run), firstLayer(predictions, run), augmented(predictions, run)].filter((shown2) => shown2 != null);
  }
  function mistakes({ evaluation, mistakes_picture: address }, run) {
    const title = "Most confident mistakes";
    const all = evaluation?.mistakes ?? [];
    const table = all.length ? mistakesTable(all) : null;
    if (!address) return table && el("figure", { "aria-label": title }, el("h3", {}, title), table);
    const words3 = all.slice(0, 10).map((m) => `${m.class} taken for ${m.predicted} at ${percent(m.confidence)}`);
    return picture(title, address, `The most confident mistakes of ${run}. ${words3.join("; ")}`, table);
  }
  function mistakesTable(all) {
    const lines2 = all.map((mistake) => el(
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
  var nothing2 = {
    traces: [],
    layout: { xaxis: { visible: false }, yaxis: { visible: false } },
    text: "This run has no such figures."
  };
  var chosen2 = () => data.predictions.find(({ run }) => runs[run].id === chosenText("judged")) ?? data.predictions[0];
  function predictionsSection() {
    const judged = el("p", { class: "muted" });
    const note = el("p", { class: "muted" });
    const pictures = el("div", { class: "grid" });
    section(
      "predictions",
      "Predictions",
      () => data.predictions.length > 0,
      el("div", { class: "controls" }, runChoice()),
      judged,
      note,
      el("div", { class: "grid" }, confusionFigure(), calibrationFigure()),
      pictures
    );
    let shown2 = "";
    const show2 = () => {
      const now = chosen2();
      if (JSON.stringify(now) === shown2) return;
      shown2 = JSON.stringify(now);
      judged.textContent = now ? judgedBy(now) : "";
      pictures.replaceChildren(...now ? picturesOf(now, runs[now.run]) : []);
    };
    on("predictions", show2);
    follow(() => {
      note.hidden = data.predictions.length >= runs.length;
      note.textContent = `Of ${data.predictions.length} of the ${runs.length} runs: one of each config first, the first config's before others; pictures of fewer.`;
      show2();
    });
  }
  function confusionFigure() {
    return figure({
      id: "confusion",
      title: "Confusion",
      events: ["predictions"],
      isTall: true,
      isShown: () => data.predictions.some((predictions) => predictions.confusion),
      draw: () => {
        const confusion = chosen2()?.confusion;
        return confusion ? drawConfusion(confusion) : nothing2;
      },
      caption: "Colour: share of the true class. Point at a cell for its counts."
    }).element;
  }
  function calibrationFigure() {
    return figure({
      id: "calibration",
      title: "Calibration",
      events: ["predictions"],
      isTall: true,
      isShown: () => data.predictions.some((predictions) => predictions.evaluation),
      draw: () => {
        const now = chosen2();
        return now?.evaluation ? drawCalibration(now.evaluation, runs[now.run]) : nothing2;
      },
      caption: "On the dashed line confidence is right; below it the network is too sure. Larger dots stand for more examples."
    }).element;
  }
  function runChoice() {
    const options = () => data.predictions.map(({ run }) => (
      /** @type {Option<string>} */
      [runs[run].id, runName(runs[run])]
    ));
    const now = () => {
      const one = chosen2();
      return one ? runs[one.run].id : "";
    };
    return choice("Run", options, now, (value) => {
      keep("judged", value);
      tell("predictions");
    });
  }
  function judgedBy({ evaluation, run }) {
    const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
    return `${examples}, with ${runs[run].model || "the newest weights"}.`;
  }

  // src/output/html/scripts/runs/details.js
  function runDetails() {
    const id = el("code", {});
    const words3 = el("span", {});
    const inside2 = el("div", {});
    let run = null;
    let shown2 = "";
    const fillIn = () => {
      if (!run || !element.open) return;
      const made = contents(run);
      const text = made.map((part) => part.textContent).join("\n");
      if (text === shown2) return;
      shown2 = text;
      inside2.replaceChildren(...made);
    };
    const element = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, id, " ", words3), inside2);
    const update = (now) => {
      run = now;
      const { last } = run;
      const test = last?.test != null ? `, test ${percent(last.test)}, gap ${points(last.gap)}` : "";
      setText(id, run.id);
      setText(words3, `${configs[run.config].label}${seedText(run)}: ${run.state}${test}${tagText(run)}`);
      fillIn();
    };
    return { element, update };
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
    const { list, more, draw, update } = longList({
      noun: "runs",
      atOnce: RUNS_AT_ONCE,
      items: () => runsOf(filtered),
      key: (run) => run.id,
      make: runDetails
    });
    section("runs", "Runs", () => runs.length > 0, el("p", { class: "muted" }, INTRODUCTION2), list, more);
    on("filter", draw);
    for (
      const event of
      /** @type {const} */
      ["data", "rows", "runs"]
    ) on(event, update);
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
  function keyed2({ key, name, unit }) {
    const shownUnit = ["%", "points"].includes(unit) ? unit : "";
    return [key, { name, unit: shownUnit, of: (run) => run.figures[key], text: texts[unit] }];
  }
  var figures = {};
  var presentFigures = [];
  on("data", () => {
    figures = Object.fromEntries(data.figures.map(keyed2));
    const finished = runs.filter(isFinished);
    presentFigures = Object.keys(figures).filter((key) => finished.some((run) => figures[key].of(run) != null));
  });
  var isFinished = (run) => run.state === "finished" && run.last != null;
  var axisTitle = (figure2) => figure2.name + (figure2.unit ? " in " + figure2.unit : "");

  // src/output/html/scripts/settings/crossed.js
  var NOT_CROSSED = "Left out: its means average over the other settings, and these configs are not a full grid of them.";
  function areCrossed(settings) {
    const shown2 = filtered.filter((index) => runsOf([index]).some(isFinished)).map((index) => configs[index]);
    const own = settings.map((setting2) => partition(shown2, setting2));
    const isChoice = (key) => !/(^|[._])seeds?$/.test(key) && !key.startsWith("evaluation.");
    const others = varied.map((_, index) => index).filter((index) => !settings.includes(index) && isChoice(varied[index].key) && !own.includes(partition(shown2, index)));
    const valuesOf2 = (config, of2) => JSON.stringify(of2.map((at) => config.values[at]));
    const contexts = /* @__PURE__ */ new Map();
    for (const config of shown2) {
      const key = valuesOf2(config, settings);
      contexts.set(key, (contexts.get(key) ?? /* @__PURE__ */ new Set()).add(valuesOf2(config, others)));
    }
    const sorted2 = [...contexts.values()].map((set) => [...set].sort().join("\n"));
    return sorted2.every((set) => set === sorted2[0]);
  }
  function partition(shown2, setting2) {
    const values = shown2.map((config) => config.values[setting2]);
    return values.map((value) => values.indexOf(value)).join(" ");
  }

  // src/output/html/scripts/settings/groups.js
  function runsByValues(settings) {
    const groups = /* @__PURE__ */ new Map();
    for (const index of filtered) {
      const key = JSON.stringify(settings.map((setting2) => configs[index].values[setting2]));
      const own = runsOf([index]).filter(isFinished);
      groups.set(key, [...groups.get(key) ?? [], ...own]);
    }
    return (...values) => groups.get(JSON.stringify(values)) ?? [];
  }

  // src/output/html/scripts/settings/places.js
  var MANY_NUMBERS = 12;
  var LOG_FROM = 10;
  function hasManyNumbers(setting2) {
    const values = valuesOf(setting2).filter((value) => value != null);
    return values.length > MANY_NUMBERS && values.every((value) => !Number.isNaN(Number(value)));
  }
  function valueTicks(values) {
    const at = labelled(values.length, 24);
    return { tickvals: at, ticktext: at.map((i) => label(tickText(values[i]), 24)) };
  }
  function settingPlaces(setting2) {
    const values = valuesOf(setting2);
    const title = { text: label(varied[setting2].short) };
    if (!hasManyNumbers(setting2)) {
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
    const off = (of2) => Math.abs((of2(middle) - of2(low)) / (of2(high) - of2(low)) - 0.5);
    return low > 0 && high / low > LOG_FROM && off(Math.log) < off(Number);
  }

  // src/output/html/scripts/settings/scatter.js
  function drawScatter(setting2, key) {
    const figure2 = figures[key];
    const { of: of2, text, name } = figure2;
    const runs2 = shownRuns(figure2);
    const places2 = settingPlaces(setting2);
    const said2 = runs2.map((run) => `${valueText(valueOf(run, setting2))}: ${text(of2(run))}`);
    return {
      traces: [{
        x: runs2.map((run) => places2.at(valueOf(run, setting2))),
        y: runs2.map(of2),
        mode: "markers",
        marker: { color: withAlpha(palette()[0], 0.7), size: 8 },
        ...hover(runs2.map((run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of2(run))}`))
      }],
      shows: `${setting2} ${key}`,
      text: `${name} by ${varied[setting2].short}, a dot a run. ${someOf(said2)}`,
      layout: {
        xaxis: places2.axis,
        yaxis: { title: { text: axisTitle(figure2) }, rangemode: figure2.unit === "points" ? "tozero" : "normal" }
      }
    };
  }
  function drawMap(across, up, key) {
    const figure2 = figures[key];
    const { of: of2, text, name, unit } = figure2;
    const runs2 = shownRuns(figure2);
    const [x, y] = [settingPlaces(across), settingPlaces(up)];
    const said2 = runs2.map((run) => `${hoverWords(run, across)}<br>${hoverWords(run, up)}<br>seed ${run.seed}: <b>${text(of2(run))}</b>`);
    const told = runs2.map((run) => `${words(run, across)}, ${words(run, up)}: ${text(of2(run))}`);
    return {
      traces: [{
        x: runs2.map((run) => x.at(valueOf(run, across))),
        y: runs2.map((run) => y.at(valueOf(run, up))),
        mode: "markers",
        marker: {
          color: runs2.map(of2),
          size: 13,
          colorscale: scaleColors(),
          showscale: true,
          line: { width: 1, color: cssColor("line") },
          colorbar: colorBar({ title: colorBarTitle(unit) })
        },
        ...hover(said2)
      }],
      shows: `${across} ${up}`,
      text: `${name} by ${varied[across].short} and ${varied[up].short}, a dot a run. ${someOf(told)}`,
      layout: { xaxis: x.axis, yaxis: y.axis }
    };
  }
  var shownRuns = ({ of: of2 }) => runsOf(filtered).filter((run) => isFinished(run) && of2(run) != null);
  var valueOf = (run, setting2) => configs[run.config].values[setting2];
  var words = (run, setting2) => `${varied[setting2].short} ${valueText(valueOf(run, setting2))}`;
  var hoverWords = (run, setting2) => `${label(varied[setting2].short)} ${label(valueText(valueOf(run, setting2)))}`;
  var someOf = (said2) => `${said2.slice(0, 60).join("; ")}${said2.length > 60 ? "; and more" : ""}.`;

  // src/output/html/scripts/settings/by_setting.js
  function drawBySetting(setting2, key) {
    if (hasManyNumbers(setting2)) return drawScatter(setting2, key);
    if (!areCrossed([setting2])) return sayInstead(NOT_CROSSED);
    const figure2 = figures[key];
    const groups = groupsOf(setting2, figure2);
    const short = varied[setting2].short;
    const said2 = groups.slice(0, 60).map((group) => `${valueText(group.value)}: ${figure2.text(group.mean)} over ${group.runs.length} runs`);
    const ticks = valueTicks(groups.map((group) => group.value));
    return {
      traces: [dots(groups, figure2), means(groups, figure2, short)],
      shows: `${setting2} ${key}`,
      text: `Mean ${figure2.name} by ${short}. ${said2.join("; ")}.`,
      layout: {
        xaxis: { title: { text: label(short) }, ...ticks, range: [-0.5, groups.length - 0.5] },
        yaxis: { title: { text: axisTitle(figure2) }, rangemode: figure2.unit === "points" ? "tozero" : "normal" }
      }
    };
  }
  function groupsOf(setting2, { of: of2 }) {
    const runsWith = runsByValues([setting2]);
    return valuesOf(setting2).flatMap((value) => {
      const runs2 = runsWith(value).filter((run) => of2(run) != null);
      const numbers = runs2.map(of2);
      return runs2.length ? [{ value, runs: runs2, mean: mean(numbers), deviation: deviation(numbers) ?? 0 }] : [];
    });
  }
  function dots(groups, { of: of2, text }) {
    const said2 = (run) => `<b>${label(configs[run.config].label)}</b><br>seed ${run.seed}: ${text(of2(run))}`;
    return {
      x: groups.flatMap(({ runs: runs2 }, at) => runs2.map((_, i) => at + beside(i, runs2.length))),
      y: groups.flatMap(({ runs: runs2 }) => runs2.map(of2)),
      mode: "markers",
      marker: { color: withAlpha(palette()[0], 0.55), size: 7 },
      ...hover(groups.flatMap(({ runs: runs2 }) => runs2.map(said2)))
    };
  }
  var beside = (i, n) => n > 1 ? (i * 7919 % n / (n - 1) - 0.5) * Math.min(0.5, 0.06 * n) : 0;
  function means(groups, { text }, short) {
    const color = palette()[1];
    const said2 = groups.map((group) => {
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
      ...hover(said2)
    };
  }

  // src/output/html/scripts/settings/effects.js
  var CAPTION2 = "Each value of a setting averaged over the same combinations of the others, with its 95 % interval from the spread of the seeds. Of all finished runs, whatever the filter.";
  function effectsFigure() {
    const list = el("ul", { class: "notes" });
    const inWords = el("figure", { class: "whole", "aria-label": "Main effects in words" }, list);
    const key = () => (
      /** @type {Key} */
      chosenText("effects") || "gap"
    );
    const heldOut = () => data.effects?.held_out ?? "test";
    const options = () => [["gap", "gap"], ["held_out", `${heldOut()} accuracy`], ["train", "train accuracy"]];
    const drawn = figure({
      id: "effects",
      title: "Main effects",
      events: ["settings"],
      caption: CAPTION2,
      isWhole: true,
      isShown: () => Boolean(data.effects?.settings.length),
      height: () => Math.max(300, 90 + 26 * (data.effects?.settings.flatMap(({ levels }) => levels).length ?? 0)),
      draw: () => data.effects ? drawEffects(data.effects, key()) : sayInstead("There are no effects to show."),
      controls: [choice("On", options, key, (value) => {
        keep("effects", value);
        drawn.redraw();
      })]
    });
    follow(() => {
      const lines2 = data.effects ? [...data.effects.trends, ...data.effects.interactions, ...data.effects.notes] : [];
      list.replaceChildren(...lines2.map((line) => el("li", {}, line)));
      inWords.hidden = !lines2.length;
    });
    return [drawn.element, inWords];
  }
  function drawEffects(effects, key) {
    const rows = effects.settings.flatMap((setting2, at) => setting2.levels.map((level) => ({ setting: setting2, level, at })));
    const places2 = rows.map(({ at }, i) => i + at * 0.6);
    const ticks = labelled(rows.length, 30);
    const said2 = rows.map((row2) => words2(row2, key));
    const accuracy = `${key === "train" ? "train" : effects.held_out} accuracy`;
    const told = said2.slice(0, 60).map((lines2) => lines2.join(", "));
    return {
      traces: [effectsTrace(rows, key, places2, said2)],
      shows: key,
      text: `Main effects on the ${key === "gap" ? "gap" : accuracy}. ${told.join("; ")}.`,
      layout: {
        xaxis: {
          title: { text: key === "gap" ? "gap in points" : `${label(accuracy)} in %` },
          rangemode: key === "gap" ? "tozero" : "normal"
        },
        yaxis: {
          tickvals: ticks.map((at) => places2[at]),
          ticktext: ticks.map((at) => label(`${rows[at].setting.name} ${tickText(rows[at].level.value)}`, 34)),
          autorange: "reversed",
          showgrid: false,
          zeroline: false
        }
      }
    };
  }
  function effectsTrace(rows, key, places2, said2) {
    const colors = palette();
    const halves = rows.map(({ level }) => level.mean[key][1] ?? 0);
    return {
      x: rows.map(({ level }) => level.mean[key][0]),
      y: places2,
      mode: "markers",
      marker: { size: 10, color: rows.map(({ at }) => colors[at % colors.length]) },
      error_x: { type: "data", array: halves, color: cssColor("muted"), thickness: 1.6, width: 5 },
      ...hover(said2.map((lines2) => label(lines2.join("\n"), 400).replace(/\n/g, "<br>")))
    };
  }
  function words2({ setting: setting2, level }, key) {
    const text = key === "gap" ? points : percent;
    const [value, half] = level.mean[key];
    const interval = half == null ? "" : ` ± ${fixed(half, 1)}`;
    const lines2 = [`${setting2.name} ${level.value}: mean ${text(value)}${interval} over ${level.runs} runs`];
    if (level.change) {
      const [change, width] = level.change[key];
      const sign = change >= 0 ? "+" : "";
      lines2.push(`${sign}${fixed(change, 1)} points from ${setting2.levels[0].value}${doubt(change, width)}`);
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
    const axis = (setting2, values) => ({ title: { text: label(varied[setting2].short) }, showgrid: false, ...valueTicks(values) });
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
    const said2 = ({ x, y, value }) => `${nameAcross} ${label(valueText(x))}<br>${nameUp} ${label(valueText(y))}<br><b>${text(value)}</b>`;
    return {
      type: "heatmap",
      z: cells.map((row2) => row2.map(({ value }) => value)),
      x: cells[0].map((_, at) => at),
      y: cells.map((_, at) => at),
      colorscale: scaleColors(),
      xgap: 2,
      ygap: 2,
      ...hover(cells.map((row2) => row2.map(said2))),
      text: cells.map((row2) => row2.map(({ value }) => value == null ? "" : fixed(value, digits))),
      texttemplate: hasRoom ? "%{text}" : "",
      colorbar: colorBar({ title: colorBarTitle(unit) })
    };
  }
  function heatMapText(cells, across, up, key) {
    const { name, text } = figures[key];
    const [nameAcross, nameUp] = [varied[across].short, varied[up].short];
    const said2 = cells.slice(0, 60).map(({ x, y, value }) => `${nameAcross} ${valueText(x)}, ${nameUp} ${valueText(y)}: ${text(value)}`);
    return `Mean ${name} by ${nameAcross} and ${nameUp}. ${said2.join("; ")}${cells.length > 60 ? "; and more" : ""}.`;
  }

  // src/output/html/scripts/settings/axes.js
  function parallelAxes() {
    const keys = ["train", "val", "test", "gap"].filter((key) => presentFigures.includes(key));
    return [...varied.map(settingAxis), ...keys.map(figureAxis)];
  }
  var finishedOf = (config) => config.runs.map((run) => runs[run]).filter(isFinished);
  function settingAxis(setting2, index) {
    const values = valuesOf(index);
    const places2 = new Map(values.map((value, at) => [value, values.length > 1 ? at / (values.length - 1) : 0.5]));
    const place2 = (value) => places2.get(value) ?? null;
    return {
      name: setting2.short,
      ticks: labelled(values.length, 12).map((at) => [place2(values[at]) ?? 0, tickText(values[at])]),
      at: (config) => place2(config.values[index]),
      text: (config) => valueText(config.values[index])
    };
  }
  function figureAxis(key) {
    const { of: of2, text, name, unit } = figures[key];
    const value = (config) => mean(finishedOf(config).map(of2));
    const all = configs.map(value).filter((v) => v != null);
    const [low, high] = [Math.min(...all, ...unit === "points" ? [0] : []), Math.max(...all)];
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
    return figure({
      id: "parallel",
      title: "All settings and figures",
      events: ["filter"],
      isWhole: true,
      isShown: () => configs.length > 1 && presentFigures.length > 0,
      draw: () => drawParallel(parallelAxes()),
      caption: () => `A line a config of those that the table's filter leaves, from blue to orange by ${parallelAxes().at(-1)?.name ?? "the last figure"}.`
    }).element;
  }
  function drawParallel(axes) {
    const shown2 = filtered.filter((index) => finishedOf(configs[index]).length);
    return { traces: tracesOf3(axes, shown2), layout: layoutOf(axes), text: textOf2(axes, shown2) };
  }
  function tracesOf3(axes, shown2) {
    const isMany = shown2.length > MANY_CONFIGS;
    const bins = Array.from({ length: BINS }, () => (
      /** @type {number[]} */
      []
    ));
    for (const index of shown2) {
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
      const said2 = `<b>${label(config.label)}</b><br>` + values.join("<br>");
      const line = axes.map((axis, x) => ({ x, y: shifted(axis.at(config), index), said: said2 }));
      return [...line, { x: null, y: null, said: "" }];
    });
    return { x: points2.map(({ x }) => x), y: points2.map(({ y }) => y), ...hover(points2.map(({ said: said2 }) => said2)) };
  }
  var shifted = (place2, index) => place2 == null ? null : place2 + (index * 7 % 11 - 5) * 22e-4;
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
  function textOf2(axes, shown2) {
    const lines2 = shown2.slice(0, 20).map((index) => axes.map((axis) => `${axis.name} ${axis.text(configs[index])}`).join(", "));
    const more = shown2.length > 20 ? ` And ${shown2.length - 20} more configs.` : "";
    return `Parallel coordinates of ${shown2.length} configs. ${lines2.join(". ")}.${more}`;
  }

  // src/output/html/scripts/settings/section.js
  var DOTS = "A dot a run, whatever its other settings.";
  var DOTS_AND_MEANS = "A dot a run; diamonds are means over all other settings and seeds, with their standard deviation.";
  var CELLS = "Means over all other settings and seeds; an empty cell has no finished run. Settings of many numbers: a dot a run.";
  function figureKey() {
    const chosen3 = chosenText("figure");
    if (presentFigures.includes(chosen3)) return chosen3;
    return presentFigures.includes("gap") ? "gap" : presentFigures[0];
  }
  function settingOf(role) {
    const chosen3 = varied.findIndex(({ key }) => key === chosenText(role));
    return chosen3 >= 0 ? chosen3 : role === "up" ? Math.min(1, varied.length - 1) : 0;
  }
  function settingsSection() {
    const controls3 = el(
      "div",
      { class: "controls" },
      figureChoice(),
      el("span", { class: "muted" }, "of the finished runs that the table's filter leaves")
    );
    section(
      "settings",
      "Settings",
      () => varied.length > 0 && presentFigures.length > 0,
      incomparableNote(),
      controls3,
      el("div", { class: "grid" }, bySetting(), twoSettings(), ...effectsFigure(), parallelFigure())
    );
  }
  function bySetting() {
    return figure({
      id: "by-setting",
      title: "By setting",
      events: ["filter", "settings"],
      draw: () => drawBySetting(settingOf("setting"), figureKey()),
      controls: [settingChoice("Setting", "setting", 2)],
      caption: () => haveGroups() ? DOTS_AND_MEANS : DOTS
    }).element;
  }
  function twoSettings() {
    return figure({
      id: "heat-map",
      title: "Two settings",
      events: ["filter", "settings"],
      isShown: () => varied.length > 1,
      draw: () => drawHeatMap(settingOf("across"), settingOf("up"), figureKey()),
      controls: [settingChoice("Across", "across", 3), settingChoice("Up", "up", 3)],
      caption: () => haveGroups() ? CELLS : DOTS
    }).element;
  }
  var haveGroups = () => varied.some((_, setting2) => !hasManyNumbers(setting2));
  function settingChoice(text, role, least) {
    const options = () => varied.map(({ key, short }) => (
      /** @type {Option<string>} */
      [key, short]
    ));
    const label2 = choice(text, options, () => varied[settingOf(role)]?.key ?? "", (value) => {
      keep(role, value);
      tell("settings");
    });
    follow(() => {
      label2.hidden = varied.length < least;
    });
    return label2;
  }
  function figureChoice() {
    const options = () => presentFigures.map((key) => (
      /** @type {Option<string>} */
      [key, figures[key].name]
    ));
    return choice("Figure", options, () => figureKey() ?? "", (value) => {
      keep("figure", value);
      tell("settings");
    });
  }

  // src/output/html/scripts/table/groups.js
  var closed = /* @__PURE__ */ new Set();
  var setting = () => varied.findIndex(({ key }) => key === chosenText("group"));
  function items2() {
    const by = setting();
    if (by < 0) return [...filtered];
    const groups = /* @__PURE__ */ new Map();
    for (const index of filtered) {
      const value = configs[index].values[by];
      const known = groups.get(value);
      if (known) known.push(index);
      else groups.set(value, [index]);
    }
    return [...groups].sort(([a], [b]) => orderOfValues(a, b)).flatMap(([value, indexes]) => {
      const group = { name: `${varied[by].short} ${valueText(value)}`, indexes };
      return closed.has(group.name) ? [group] : [group, ...indexes];
    });
  }
  var isClosed = ({ name }) => closed.has(name);
  function toggle({ name }) {
    if (!closed.delete(name)) closed.add(name);
    tell("columns");
  }
  function groupChoice() {
    const options = () => (
      /** @type {Option<string>[]} */
      [["", "nothing"], ...varied.map(({ key, short }) => [key, short])]
    );
    return choice("Group by", options, () => setting() < 0 ? "" : chosenText("group"), (value) => {
      keep("group", value);
      tell("filter");
    });
  }

  // src/output/html/scripts/table/shown_columns.js
  var shown = /* @__PURE__ */ new Set();
  on("data", readAddress2);
  on("address", () => {
    readAddress2();
    tell("columns");
  });
  var mainOnes = () => columns.filter(({ group }) => group === "main").map(({ header }) => header);
  function readAddress2() {
    const known = new Set(columns.map(({ header }) => header));
    const chosen3 = chosenText("columns").split(",").filter((header) => known.has(header));
    shown = new Set(chosen3.length ? chosen3 : mainOnes());
  }
  var isShown2 = (column) => shown.has(columns[column].header);
  function show(headers, isOn) {
    for (const header of headers) {
      if (isOn) shown.add(header);
      else shown.delete(header);
    }
    const all = columns.map(({ header }) => header).filter((header) => shown.has(header));
    keep("columns", String(all) === String(mainOnes()) ? "" : all.join(","));
    tell("columns");
  }
  function columnControls() {
    const groups = (
      /** @type {const} */
      [["figure", "more figures"], ["setting", "settings"]]
    );
    const buttons = groups.map(([group, name]) => {
      const own = () => columns.filter((column) => column.group === group).map(({ header }) => header);
      const isOn = () => own().length > 0 && own().every((header) => shown.has(header));
      const button = el(
        "button",
        { type: "button", id: `show-${group}`, onclick: () => show(own(), !isOn()) },
        `Show ${name}`
      );
      const update = () => {
        button.hidden = !own().length;
        button.setAttribute("aria-pressed", String(isOn()));
      };
      on("columns", update);
      follow(update);
      return button;
    });
    return [...buttons, columnMenu()];
  }
  function columnMenu() {
    const list = el("div", { class: "menu-list" });
    let made = "";
    const update = () => {
      const headers = columns.map(({ header }) => header);
      if (String(headers) === made) return;
      made = String(headers);
      list.replaceChildren(...headers.slice(1).map((header) => check(header, () => shown.has(header), (isOn) => show([header], isOn))));
    };
    follow(update);
    on("columns", () => list.querySelectorAll("input").forEach((box, at) => {
      box.checked = shown.has(columns[at + 1].header);
    }));
    return el("details", { class: "menu" }, el("summary", {}, "Columns"), list);
  }

  // src/output/html/scripts/table/headings.js
  function makeHeadings() {
    const row2 = el("tr", {});
    let made = [];
    let shown2 = "";
    const update = () => {
      if (JSON.stringify(columns) !== shown2) {
        shown2 = JSON.stringify(columns);
        made = columns.map(heading);
        row2.replaceChildren(el("th", { scope: "col" }, "draw"), ...made.map(({ th }) => th));
      }
      made.forEach(mark);
    };
    return { row: row2, update };
  }
  function mark({ th, arrow }, index) {
    const by = sorting();
    th.hidden = !isShown2(index);
    if (by?.column !== index) {
      th.removeAttribute("aria-sort");
      arrow.textContent = "↕";
      return;
    }
    th.setAttribute("aria-sort", by.descends ? "descending" : "ascending");
    arrow.textContent = by.descends ? "▼" : "▲";
  }
  function heading(column, index) {
    const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
    const parts2 = column.is_number ? [arrow, column.header] : [column.header, arrow];
    const button = el("button", { type: "button", onclick: () => sortBy(index) }, ...parts2);
    const kind = column.is_number ? "number" : "";
    return { th: el("th", { scope: "col", class: kind, "data-name": column.header }, button), arrow };
  }

  // src/output/html/scripts/table/rows.js
  var itemKey = (item) => typeof item === "number" ? keyOf(configs[item]) : `group ${item.name}`;
  function row(item) {
    return typeof item === "number" ? configRow(item) : groupRow(item);
  }
  function configRow(first) {
    let index = first;
    const box = el("input", { type: "checkbox", onchange: () => select([index], box.checked) });
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const element = el("tr", {}, el("th", { scope: "row" }, box, swatch));
    const update = (item) => {
      index = /** @type {number} */
      item;
      const { label: label2, cells } = configs[index];
      box.checked = isSelected(index);
      box.dataset.config = String(index);
      box.setAttribute("aria-label", "Draw the curves of " + label2);
      swatch.style.background = isSelected(index) ? colorOf(index) : "transparent";
      swatch.style.borderColor = isSelected(index) ? "transparent" : cssColor("line");
      showCells(element, cells.map(([shown2]) => shown2));
    };
    return { element, update };
  }
  function groupRow(first) {
    let group = first;
    const button = el("button", { type: "button", onclick: () => toggle(group) });
    const element = el("tr", { class: "group" }, el("th", { scope: "rowgroup" }, button));
    const update = (item) => {
      group = /** @type {Group} */
      item;
      const count = `${group.indexes.length} config${group.indexes.length === 1 ? "" : "s"}`;
      button.setAttribute("aria-expanded", String(!isClosed(group)));
      button.setAttribute("aria-label", `${isClosed(group) ? "Show" : "Hide"} the configs of ${group.name}`);
      setText(button, isClosed(group) ? "▸" : "▾");
      const means2 = columns.map((_, at) => at === 0 ? `${group.name}: ${count}` : meanOf(group, at));
      showCells(element, means2);
    };
    return { element, update };
  }
  function meanOf({ indexes }, column) {
    if (!columns[column].is_number || columns[column].group === "setting") return "";
    const value = mean(indexes.map((index) => parseFloat(configs[index].cells[column][0])).filter((number) => !Number.isNaN(number)));
    return value == null ? "" : `∅ ${fixed(value, 1)}`;
  }
  function showCells(element, texts2) {
    while (element.children.length > texts2.length + 1) element.lastElementChild?.remove();
    texts2.forEach((text, column) => {
      const known = element.children[column + 1];
      const cell = known instanceof HTMLElement ? known : element.appendChild(el("td", {}));
      setText(cell, text);
      cell.className = columns[column].is_number ? "number" : "";
      cell.hidden = !isShown2(column);
    });
  }

  // src/output/html/scripts/table/window.js
  var LONG = 200;
  var ROW = 33;
  var AROUND = 12;
  var MOST_CHARACTERS = 30;
  function seen(scroller, all) {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - AROUND);
    const count = Math.ceil(scroller.clientHeight / ROW) + 2 * AROUND;
    const items3 = all.slice(first, first + count);
    return { items: items3, above: first * ROW, below: Math.max(0, all.length - first - count) * ROW };
  }
  function widths() {
    const widest = columns.map(({ header }, column) => {
      const longestWord = Math.max(...header.split(" ").map((word) => word.length)) + 3;
      const longest = configs.reduce((most, { cells }) => Math.max(most, cells[column][0].length), longestWord);
      return Math.min(longest, column ? MOST_CHARACTERS : 2 * MOST_CHARACTERS);
    });
    return [el("col", { style: "width: 64px" }), ...widest.map((characters, column) => el("col", { style: `width: ${isShown2(column) ? characters + 3 : 0}ch` }))];
  }

  // src/output/html/scripts/table/section.js
  function tableSection() {
    const headings = makeHeadings();
    const rows = el("tbody", {});
    const caption = el("caption", {});
    const columnWidths = el("colgroup", {});
    const [above, below] = [spacer(), spacer()];
    const table = el(
      "table",
      { id: "configs-table" },
      caption,
      columnWidths,
      el("thead", {}, headings.row),
      above.element,
      rows,
      below.element
    );
    const scroller = el(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" },
      table
    );
    section("configs", "Configs", () => configs.length > 0, controls2(), scroller);
    const show2 = keyed(rows, itemKey, row);
    let all = [];
    const showRows = () => {
      const isLong = all.length > LONG;
      const window2 = isLong ? seen(scroller, all) : { items: all, above: 0, below: 0 };
      above.show(window2.above);
      below.show(window2.below);
      show2(window2.items);
    };
    const update = () => {
      all = items2();
      const isLong = all.length > LONG;
      table.classList.toggle("long", isLong);
      table.setAttribute("aria-rowcount", String(all.length + 1));
      columnWidths.replaceChildren(...isLong ? widths() : []);
      caption.textContent = `One row a config: ${data.legend}. A click or Enter on a heading sorts; a box draws the config's curves.`;
      headings.update();
      showRows();
    };
    scroller.addEventListener("scroll", () => {
      if (all.length > LONG) requestAnimationFrame(showRows);
    }, { passive: true });
    for (
      const event of
      /** @type {const} */
      ["data", "filter", "columns"]
    ) on(event, update);
    for (
      const event of
      /** @type {const} */
      ["selection", "theme"]
    ) on(event, showRows);
    update();
  }
  function spacer() {
    const row2 = el("tr", {});
    const element = el("tbody", { "aria-hidden": "true" });
    const show2 = (pixels) => {
      row2.style.height = `${pixels}px`;
      if (Boolean(pixels) !== element.hasChildNodes()) element.replaceChildren(...pixels ? [row2] : []);
    };
    return { element, show: show2 };
  }
  function controls2() {
    const count = el("span", { id: "filter-count", class: "muted", role: "status" });
    const box = el("input", {
      type: "search",
      id: "filter",
      placeholder: "words, or gap<10 dropout=0.2",
      "aria-describedby": "filter-count",
      oninput: () => filter(box.value)
    });
    const first = drawButton(() => filtered.slice(0, DRAWN_AT_FIRST));
    const update = () => {
      count.textContent = `${filtered.length} of ${configs.length} configs`;
      first.textContent = `Draw first ${Math.min(DRAWN_AT_FIRST, configs.length)}`;
      if (document.activeElement !== box) box.value = filterText();
    };
    on("filter", update);
    follow(update);
    const all = drawButton(() => filtered);
    const none = drawButton(() => []);
    all.textContent = "Draw all shown";
    none.textContent = "Draw none";
    return el(
      "div",
      { class: "controls" },
      el("label", { for: "filter" }, "Filter"),
      box,
      count,
      first,
      all,
      none,
      groupChoice(),
      ...columnControls()
    );
  }
  function drawButton(indexes) {
    return el("button", { type: "button", onclick: () => selectOnly(indexes()) });
  }

  // src/output/html/scripts/main.js
  startTheme();
  var inside = document.getElementById("data");
  if (inside) setData(JSON.parse(inside.textContent));
  tableSection();
  changesSection();
  curvesSection();
  settingsSection();
  findingsSection();
  predictionsSection();
  runsSection();
  if (!inside) startLive();
  later(() => {
    document.getElementById("js-plotly-tester")?.setAttribute("aria-hidden", "true");
  });
  later(() => document.documentElement.setAttribute("data-drawn", ""));
})();
