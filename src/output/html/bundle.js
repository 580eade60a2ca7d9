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
  var runOf = (id) => runs[places.get(id) ?? -1];
  var keyOf = (config) => runs[config.runs[0]].id;

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
    const size2 = Math.abs(value);
    return size2 === 0 || size2 >= 1e-3 && size2 < 1e3 ? fixed(value, 3) : value.toExponential(1);
  }

  // src/output/html/scripts/data/figures.js
  var texts = {
    "%": percent,
    points,
    loss,
    epochs: (value) => fixed(value, 0),
    seconds: (value) => fixed(value, 1)
  };
  function keyed({ key: key2, name, unit }) {
    const shownUnit = ["%", "points"].includes(unit) ? unit : "";
    return [key2, { name, unit: shownUnit, of: (run2) => run2.figures[key2], text: texts[unit] }];
  }
  var figures = {};
  var presentFigures = [];
  on("data", () => {
    figures = Object.fromEntries(data.figures.map(keyed));
    const finished = runs.filter(isFinished);
    presentFigures = Object.keys(figures).filter((key2) => finished.some((run2) => figures[key2].of(run2) != null));
  });
  var isFinished = (run2) => run2.state === "finished" && run2.last != null;
  var axisTitle = (figure2) => figure2.name + (figure2.unit ? " in " + figure2.unit : "");

  // src/output/html/scripts/page/elements.js
  function byId(id) {
    const element3 = document.getElementById(id);
    if (!element3) throw new Error(`the page does not have #${id}`);
    return element3;
  }
  function el(tag, attributes, ...children) {
    const element3 = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element3.addEventListener(name.slice(2), value);
      else if (value === true) element3.setAttribute(name, "");
      else if (value !== false && value != null) element3.setAttribute(name, String(value));
    }
    element3.append(...children.filter((child) => child != null));
    return element3;
  }

  // src/output/html/scripts/page/controls.js
  function choice(text, options, chosen4, changed) {
    const select2 = el("select", { onchange: () => changed(
      /** @type {Value} */
      select2.value
    ) });
    let shown3 = "";
    const update = () => {
      const all = options();
      if (JSON.stringify(all) !== shown3) {
        select2.replaceChildren(...all.map(([value, name]) => el("option", { value }, name)));
        shown3 = JSON.stringify(all);
      }
      select2.value = chosen4();
    };
    const label2 = el("label", {}, text + " ", select2);
    on("rows", update);
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
    const element3 = el("section", { id, "aria-labelledby": id + "-h" }, heading2, ...children);
    const link = el("a", { href: "#" + id, onclick: (event) => {
      event.preventDefault();
      element3.scrollIntoView();
      heading2.focus({ preventScroll: true });
    } }, title);
    byId("sections").append(element3);
    byId("nav").append(link);
    const update = () => {
      element3.hidden = !isShown3();
      link.hidden = element3.hidden;
    };
    on("data", update);
    update();
    return element3;
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
  var known = /* @__PURE__ */ new Map();
  on("theme", () => known.clear());
  function cssColor(name) {
    const color = known.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    known.set(name, color);
    return color;
  }
  function withAlpha(color, alpha) {
    const part2 = (at) => parseInt(color.slice(at, at + 2), 16);
    return `rgba(${part2(1)},${part2(3)},${part2(5)},${alpha})`;
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
    return `rgb(${from.map((part2, i) => Math.round(part2 + (to[i] - part2) * share)).join(",")})`;
  }

  // src/output/html/scripts/page/keyed.js
  function keyed2(list, key2, make) {
    let known4 = /* @__PURE__ */ new Map();
    return (items3) => {
      const next2 = /* @__PURE__ */ new Map();
      const elements = items3.map((item, at) => {
        const made = known4.get(key2(item)) ?? make(item);
        made.update(item, at);
        next2.set(key2(item), made);
        return made.element;
      });
      known4 = next2;
      place(list, elements);
    };
  }
  function place(list, elements) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const wanted2 = new Set(elements);
    for (const child of [...list.children]) if (!wanted2.has(
      /** @type {HTMLElement} */
      child
    )) child.remove();
    elements.forEach((element3, at) => {
      if (list.children[at] !== element3) list.insertBefore(element3, list.children[at] ?? null);
    });
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }
  function setText(element3, text) {
    if (element3.textContent !== text) element3.textContent = text;
  }

  // src/output/html/scripts/plots/layout.js
  function themed(layout) {
    const [text, line] = [cssColor("text"), cssColor("line")];
    const axes = Object.entries(layout).filter(([key2]) => /^[xy]axis\d*$/.test(key2));
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: text, size: 13, family: getComputedStyle(document.body).fontFamily },
      margin: { l: 56, r: 14, t: 10, b: 44 },
      showlegend: false,
      hovermode: "closest",
      hoverlabel: { bgcolor: cssColor("raised"), bordercolor: line, font: { color: text, size: 13 }, align: "left" },
      ...layout,
      ...Object.fromEntries(axes.map(([key2, own]) => [key2, themedAxis(own)]))
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
  var MOST_NAMED = 8;
  function legend(lines2) {
    if (lines2 < 2 || lines2 > MOST_NAMED) return {};
    const font = { color: cssColor("muted"), size: 12 };
    return {
      showlegend: true,
      margin: { l: 56, r: 14, t: 34, b: 44 },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", font, bgcolor: "rgba(0,0,0,0)", itemwidth: 30 }
    };
  }

  // src/output/html/scripts/page/live.js
  var isLive = !document.getElementById("data");

  // src/output/html/scripts/plots/later.js
  var MANY = 500;
  var QUIET = 150;
  var areManyRuns = () => runs.length > MANY;
  on("data", () => document.body.classList.toggle("many", areManyRuns()));
  var waiting = [];
  var moved = -Infinity;
  for (const event of ["scroll", "input"]) {
    window.addEventListener(event, ({ target }) => {
      if (event === "scroll" || isText(target)) moved = performance.now();
    }, { capture: true, passive: true });
  }
  var isText = (target) => target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement && ["search", "text"].includes(target.type);
  function later(task) {
    if (waiting.push(task) > 1) return;
    document.documentElement.dataset.drawing = "";
    if (document.hidden) setTimeout(next, 0);
    else requestAnimationFrame(() => setTimeout(next, 0));
  }
  function next() {
    const rest = moved + QUIET - performance.now();
    if (rest > 0) {
      setTimeout(next, rest);
      return;
    }
    try {
      waiting[0]();
    } finally {
      waiting.shift();
      if (waiting.length) setTimeout(next, 0);
      else delete document.documentElement.dataset.drawing;
    }
  }

  // src/output/html/scripts/page/pace.js
  var TIMES = 100;
  var LEAST = 2e3;
  var MOST = 3e4;
  var waiting2 = /* @__PURE__ */ new Map();
  var timer;
  var isShowing = false;
  var free = 0;
  var isByItself = false;
  var comesByItself = () => isByItself;
  function whenThereIsTime(key2, show3) {
    waiting2.set(key2, show3);
    if (!isShowing) timer ??= window.setTimeout(() => void showAll(), Math.max(0, free - performance.now()));
  }
  function byItself(telling) {
    isByItself = true;
    try {
      telling();
    } finally {
      isByItself = false;
    }
  }
  async function showAll() {
    timer = void 0;
    isShowing = true;
    const started = performance.now();
    const shows2 = [...waiting2.values()];
    waiting2.clear();
    try {
      await Promise.all(shows2.map((show3) => show3()));
    } finally {
      later(() => requestAnimationFrame(() => setTimeout(() => {
        isShowing = false;
        const now2 = performance.now();
        free = now2 + Math.min(MOST, Math.max(LEAST, TIMES * (now2 - started)));
        for (const [key2, show3] of [...waiting2]) whenThereIsTime(key2, show3);
      }, 0)));
    }
  }

  // src/output/html/scripts/plots/turn.js
  var seen = /* @__PURE__ */ new WeakSet();
  var hearers = /* @__PURE__ */ new WeakMap();
  var observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) seen.delete(target);
      else if (seen.add(target)) hearers.get(target)?.();
    }
  }, { rootMargin: "100px" });
  function turnOf(plot2, draw, say2) {
    let isAsked = false;
    let isOld = false;
    const ask2 = () => {
      if (isAsked) return;
      isOld = (comesByItself() || areManyRuns()) && !seen.has(plot2);
      if (isOld && comesByItself()) return;
      isAsked = true;
      const act = isOld ? say2 : draw;
      later(() => {
        isAsked = false;
        if (plot2.offsetParent) act();
        if (isOld && seen.has(plot2)) ask2();
      });
    };
    hearers.set(plot2, () => {
      if (isOld) ask2();
    });
    observer.observe(plot2);
    return ask2;
  }
  function react(plot2, traces, layout, config) {
    if (isLive) {
      const now2 = JSON.stringify([traces, layout, plot2.offsetWidth, plot2.offsetHeight]);
      if (drawings.get(plot2) === now2) return;
      drawings.set(plot2, now2);
    }
    Plotly.react(plot2, traces, layout, config);
  }
  var drawings = /* @__PURE__ */ new WeakMap();

  // src/output/html/scripts/plots/figure.js
  var plotConfig = { displaylogo: false, responsive: true, displayModeBar: false };
  function figure({
    id,
    title,
    draw,
    drawn,
    events,
    isShown: isShown3,
    caption,
    controls: controls3 = [],
    isTall,
    isWhole,
    height
  }) {
    const plot2 = el("div", { class: isTall ? "plot tall" : "plot", id: "plot-" + id, "aria-hidden": "true" });
    const text = el("p", { class: "visually-hidden", id: "text-" + id });
    let resets = 0;
    const ask2 = turnOf(plot2, () => {
      const { traces, layout, text: words5, shows: shows2 = "" } = draw();
      setText(text, words5);
      if (height) plot2.style.height = `${height()}px`;
      react(plot2, traces, { ...themed(layout), uirevision: `${shows2} ${resets}` }, plotConfig);
      drawn?.(plot2);
    }, () => setText(text, draw().text));
    const redraw = () => {
      if (isShown3) element3.hidden = !isShown3();
      ask2();
    };
    const reset = () => {
      resets += 1;
      redraw();
    };
    const { head, caption: captionElement, name } = frame(id, plot2, title, caption, controls3, reset);
    const named = { "aria-labelledby": "title-" + id, "aria-describedby": "text-" + id };
    const element3 = el("figure", { class: isWhole ? "whole" : "", ...named }, head, plot2, text, captionElement);
    for (
      const event of
      /** @type {EventName[]} */
      [...events, "theme"]
    ) on(event, redraw);
    follow(() => {
      name();
      redraw();
    });
    return { element: element3, redraw };
  }
  function frame(id, plot2, title, caption, controls3, reset) {
    const heading2 = el("h3", { id: "title-" + id });
    const captionElement = caption ? el("figcaption", {}) : null;
    const resetButton = el("button", { type: "button", onclick: reset }, "Reset zoom");
    const saves = saveButtons(plot2, id);
    const name = () => {
      const words5 = said(title);
      setText(heading2, words5);
      resetButton.setAttribute("aria-label", `Reset zoom of ${words5}`);
      for (const save of saves) save.setAttribute("aria-label", `Save ${words5} as ${save.textContent}`);
      if (captionElement) setText(captionElement, said(caption ?? ""));
    };
    const head = el("div", { class: "head" }, heading2, ...controls3, resetButton, ...saves);
    return { head, caption: captionElement, name };
  }
  var said = (words5) => typeof words5 === "string" ? words5 : words5();
  var saveButtons = (plot2, id) => (
    /** @type {const} */
    ["svg", "png"].map((format) => el("button", { type: "button", onclick: () => savePicture(plot2, id, format) }, format.toUpperCase()))
  );
  function savePicture(element3, id, format) {
    const plot2 = (
      /** @type {PlotElement} */
      element3
    );
    const { width, height } = plot2.getBoundingClientRect();
    const picture2 = { data: plot2.data, layout: { ...plot2.layout, paper_bgcolor: cssColor("page") } };
    Plotly.downloadImage(picture2, { format, filename: id, width, height, scale: format === "png" ? 2 : 1 });
  }

  // src/output/html/scripts/data/labels.js
  function label(text, most = 60) {
    const whole = String(text);
    const cut = whole.length > most ? whole.slice(0, most - 1) + "…" : whole;
    return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }
  function lines(text, most) {
    const words5 = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${most}}`, "gu")) ?? [""]);
    const made = [];
    for (const word of words5) {
      const last = made.at(-1);
      if (last != null && last.length + word.length < most) made[made.length - 1] = `${last} ${word}`;
      else made.push(word);
    }
    return made;
  }
  var seedText = (run2) => run2.seed == null ? "" : `, seed ${run2.seed}`;
  var runName = (run2) => `${configs[run2.config].label}${seedText(run2)} (${run2.id})`;

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
  var NARROW = 640;
  var LINE = 17;
  var ABOVE_AND_BELOW = 76;
  var MORE_BELOW = 64;
  var DOTS_BELOW = 0.24;
  var isNarrow = () => document.documentElement.clientWidth < NARROW;
  var inLines = (text) => lines(text, isNarrow() ? 18 : 44).map((line) => label(line)).join("<br>");
  var rowsOf = ({ list }) => {
    const rows = [];
    let verdict = "";
    for (const change2 of list) {
      if (change2.verdict !== verdict) {
        verdict = change2.verdict;
        rows.push({ text: `<b>${inLines(verdict)}</b>`, change: null, at: rows.length });
      }
      rows.push({ text: inLines(configs[change2.config].label), change: change2, at: rows.length });
    }
    return rows;
  };
  function forestHeight(changes) {
    const rows = rowsOf(changes);
    const most = Math.max(1, ...rows.map(({ text }) => text.split("<br>").length));
    return ABOVE_AND_BELOW + (isNarrow() ? MORE_BELOW : 0) + rows.length * Math.max(28, 8 + LINE * most);
  }
  function drawForest(changes) {
    const rows = rowsOf(changes);
    const shown3 = rows.filter(({ change: change2 }) => change2);
    const told = changes.list.slice(0, 60).map(({ config, score, gap, verdict }) => `${configs[config].label}: ${changes.score} ${score.text}, ${changes.gap} ${gap.text}, ${verdict}`);
    const axis = (text, reach, domain) => {
      const air = 0.04 * (reach[1] - reach[0]) || 1;
      return {
        title: { text: isNarrow() ? lines(text, 11).join("<br>") : text },
        ...isNarrow() ? { nticks: 3, tickangle: 0 } : {},
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
        ...tracesOf(shown3, "score", "x", changes.score),
        ...tracesOf(shown3, "gap", "x2", changes.gap)
      ],
      shows: "forest",
      text: `Changes against the baseline. ${told.join("; ")}.`,
      layout: {
        margin: { l: isNarrow() ? 20 : 56, r: 14, t: 8, b: 48 },
        xaxis: axis(`${label(changes.score)}: change in points (right: better)`, changes.reach[0], [0, 0.485]),
        xaxis2: axis(`${label(changes.gap)}: change in points (left: narrower)`, changes.reach[1], [0.515, 1]),
        yaxis: {
          tickvals: rows.map(({ at }) => at),
          ticktext: rows.map(({ text }) => text),
          range: [rows.length - 0.5, -0.5],
          showgrid: false,
          zeroline: false,
          fixedrange: true,
          tickfont: { color: cssColor("text"), size: isNarrow() ? 11 : 13 }
        }
      }
    };
  }
  function tracesOf(rows, key2, xaxis, figure2) {
    const parts3 = rows.flatMap(({ change: change2, at }) => change2 ? [{ change: change2, at, of: change2[key2] }] : []);
    const seeds = parts3.flatMap(({ change: change2, at, of: of2 }) => of2.seeds.map((seed) => ({ seed, at: at + DOTS_BELOW, color: withAlphaOf(colorOfChange(change2.direction)) })));
    const colors = parts3.map(({ change: change2 }) => colorOfChange(change2.direction));
    const means2 = parts3.map(({ at, of: of2 }, i) => ({ at, of: of2, color: colors[i] })).filter(({ of: of2 }) => of2.value != null);
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
  var of = (words5) => data.changes ? words5(data.changes) : "";
  var capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

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
  function go(choices2) {
    history.pushState(null, "", addressOf(choices2));
    read();
  }
  var addressOf = (choices2) => "#" + new URLSearchParams(choices2).toString();
  function read() {
    parts = fromAddress();
    tell("address");
  }
  window.addEventListener("popstate", read);

  // src/output/html/scripts/curves/across.js
  var titles = { epoch: "epoch", step: "step", seconds: "seconds of training and evaluation" };
  var stepsOf = (index) => data.steps?.[configs[index].steps ?? -1];
  function acrossOptions() {
    const options = [["epoch", "epochs"]];
    if (configs.some((_, index) => stepsOf(index)?.length)) options.push(["step", "steps"]);
    if (runs.some((run2) => run2.curves?.seconds?.length)) options.push(["seconds", "seconds"]);
    return options;
  }
  function across() {
    const chosen4 = acrossOptions().find(([value]) => value === chosenText("x"));
    return chosen4 ? chosen4[0] : "epoch";
  }
  var acrossTitle = () => titles[across()];
  function placesOf(index, run2) {
    const epochs = data.epochs[configs[index].epochs] ?? [];
    switch (across()) {
      case "step":
        return stepsOf(index) ?? epochs;
      case "seconds": {
        const own = run2 ? [run2] : configs[index].runs.map((place2) => runs[place2]);
        return epochs.map((_, at) => mean(own.map((one) => one.curves?.seconds?.[at])));
      }
      default:
        return epochs;
    }
  }
  function placeOf(index, run2, epoch) {
    if (across() === "epoch") return epoch;
    const epochs = data.epochs[configs[index].epochs] ?? [];
    const places2 = placesOf(index, run2);
    const after = epochs.findIndex((known4) => known4 >= epoch);
    const [high, low] = [places2[after], places2[Math.max(0, after - 1)]];
    if (after < 0 || high == null || low == null) return null;
    const distance = epochs[after] - epochs[Math.max(0, after - 1)];
    return distance ? high - (epochs[after] - epoch) / distance * (high - low) : high;
  }

  // src/output/html/scripts/data/values.js
  var known2 = { of: configs, values: (
    /** @type {Map<number, readonly Value[]>} */
    /* @__PURE__ */ new Map()
  ) };
  function valuesOf(setting2) {
    if (known2.of !== configs) {
      known2.of = configs;
      known2.values.clear();
    }
    const values = known2.values.get(setting2) ?? [...new Set(configs.map((config) => config.values[setting2]))].sort(orderOfValues);
    known2.values.set(setting2, values);
    return values;
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
  var searched = null;
  on("data", () => {
    searched = null;
  });
  function textOf(index) {
    searched ??= configs.map((config) => [config.label, ...config.cells.map(([shown3]) => shown3)].join("\n").toLowerCase());
    return searched[index];
  }
  function testOf(text) {
    const tests2 = text.toLowerCase().split(/\s+/).filter(Boolean).map(testOfWord);
    return (index) => tests2.every((test) => test(index));
  }
  var COMPARISON = /^([^<>=]+)(<=|>=|==|<|>|=)([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)%?$/;
  function testOfWord(word) {
    const comparison = word.match(COMPARISON);
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
    const [shown3] = configs[index].cells[column];
    const number = parseFloat(shown3);
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
  on("address", filterAgain);
  var runsOf = (indexes) => indexes.flatMap((index) => configs[index].runs.map((run2) => runs[run2]));
  var tests = [];
  var filterAlso = (test) => tests.push(test);
  function filterAgain() {
    arrange();
    tell("filter");
  }
  var filterText = () => chosenText("find");
  function sorting() {
    const [, header, direction] = chosenText("sort").match(/^(.*):(up|down)$/) ?? [];
    const column = columns.findIndex((one) => one.header === header);
    return column < 0 ? null : { column, descends: direction === "down" };
  }
  function filter(text) {
    keep("find", text);
    filterAgain();
  }
  function sortBy(column) {
    const now2 = sorting();
    const descends = now2?.column === column && !now2.descends;
    keep("sort", `${columns[column].header}:${descends ? "down" : "up"}`);
    filterAgain();
    announce(`sorted by ${columns[column].header}, ${descends ? "descending" : "ascending"}`);
  }
  function arrange() {
    const ranked = configs.map((_, index) => index);
    const by = sorting();
    order = by ? sorted(ranked, by.column, by.descends) : ranked;
    const test = testOf(filterText());
    filtered = order.filter((index) => test(index) && tests.every((also) => also(index)));
  }
  var sorted = (indexes, column, descends) => indexes.sort((a, b) => orderOfCells(configs[a].cells[column], configs[b].cells[column], descends));
  function orderOfCells(a, b, descends) {
    if (isAbsent(a) || isAbsent(b)) return Number(isAbsent(a)) - Number(isAbsent(b));
    const upward = a[1] != null && b[1] != null ? a[1] - b[1] : orderOfValues(a[0], b[0]);
    return descends ? -upward : upward;
  }
  var isAbsent = ([shown3, number]) => number == null && (shown3 === "-" || shown3 === "NaN");

  // src/output/html/scripts/table/selection.js
  var DRAWN_AT_FIRST = 5;
  var MOST_IN_ADDRESS = 2e3;
  var [ALL, NONE] = ["all", "none"];
  var selection = /* @__PURE__ */ new Set();
  var slots = /* @__PURE__ */ new Map();
  var slotsOfRuns = /* @__PURE__ */ new Map();
  var isChosen = false;
  var kept = "";
  on("data", follow2);
  on("address", () => {
    if (chosenText("draw") === kept) return;
    readAddress();
    tell("selection");
  });
  function drawnAtFirst() {
    const best = configs.map((_, index) => index);
    if (!data.changes) return best.slice(0, DRAWN_AT_FIRST);
    const { baseline, list } = data.changes;
    const size2 = ({ score }) => Math.abs(score.value ?? 0);
    const shown3 = list.filter(({ direction }) => direction !== "unclear").sort((a, b) => size2(b) - size2(a));
    const first = [baseline.config, ...shown3.map(({ config }) => config), ...best];
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
      const slot = config.runs.map((run2) => slotsOfRuns.get(runs[run2].id)).find((known4) => known4 != null);
      if (slot == null) return;
      selection.add(index);
      slots.set(index, slot);
    });
    if (kept === ALL) configs.forEach((_, index) => selection.add(index));
    else if (!selection.size && kept !== NONE) isChosen = false;
    if (!isChosen) {
      for (const index of drawnAtFirst()) if (selection.size < DRAWN_AT_FIRST) selection.add(index);
    }
    giveSlots();
  }
  function readAddress() {
    kept = chosenText("draw");
    const ids2 = new Set(kept.split(",").filter(Boolean));
    isChosen = ids2.size > 0;
    selection.clear();
    if (isChosen) {
      configs.forEach((config, index) => {
        if (kept === ALL || config.runs.some((run2) => ids2.has(runs[run2].id))) selection.add(index);
      });
    } else {
      for (const index of drawnAtFirst()) selection.add(index);
    }
    giveSlots();
  }
  function giveSlots() {
    for (const index of slots.keys()) if (!selection.has(index)) slots.delete(index);
    const taken = new Set(slots.values());
    let free2 = 0;
    for (const index of order) {
      if (!selection.has(index) || slots.has(index)) continue;
      while (taken.has(free2)) free2 += 1;
      slots.set(index, free2);
      taken.add(free2);
    }
    slotsOfRuns.clear();
    for (const [index, slot] of slots) {
      for (const run2 of configs[index].runs) slotsOfRuns.set(runs[run2].id, slot);
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
    kept = inAddress();
    keep("draw", kept);
    tell("selection");
  }
  function inAddress() {
    if (!selection.size) return NONE;
    if (selection.size === configs.length && configs.length > DRAWN_AT_FIRST) return ALL;
    const ids2 = selected().map((index) => runs[configs[index].runs[0]].id);
    if (ids2.length > MOST_IN_ADDRESS) {
      announce(`the address keeps the first ${MOST_IN_ADDRESS} of the ${ids2.length} configs that are drawn`);
    }
    return ids2.slice(0, MOST_IN_ADDRESS).join(",");
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
    presentSplits = everySplit.filter((split) => runs.some((run2) => run2.curves?.[`${split}_accuracy`] ?? run2.last?.[split] != null));
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
    const chosen4 = chosenText("splits");
    return chosen4 ? presentSplits.filter((split) => chosen4.split(",").includes(split)) : splitsAtFirst();
  }
  var isShown = (split) => shownSplits().includes(split);
  function showSplit(split, isOn) {
    const shown3 = presentSplits.filter((one) => one === split ? isOn : isShown(one));
    const isFirst = String(shown3) === String(splitsAtFirst());
    keep("splits", isFirst ? "" : shown3.join(",") || "none");
    tell("curves");
  }
  var band = () => (
    /** @type {Band} */
    chosenText("seeds") || "range"
  );
  var comparesAll = () => chosenText("hover") === "all";
  var isLog = () => chosenText("loss") === "log";
  function choose(name, text) {
    keep(name, text);
    tell("curves");
  }

  // src/output/html/scripts/curves/best_marks.js
  function bestMarks(index, kind, text) {
    const marks = configs[index].runs.flatMap((run2) => {
      const { best } = runs[run2];
      if (!best) return [];
      const value = valueAt(best, kind);
      return value == null ? [] : [{ best, run: runs[run2], value }];
    });
    if (!marks.length) return null;
    const said2 = marks.map(({ best, run: run2, value }) => {
      const by = best.val != null ? "by validation" : "chosen on test";
      const epoch = `best epoch ${best.epoch} of seed ${run2.seed} (${by})`;
      return `<b>${label(configs[index].label)}</b><br>${epoch}: ${text(value)}`;
    });
    return {
      x: marks.map(({ best, run: run2 }) => placeOf(index, run2, best.epoch)),
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
    gap: { title: "Gap: train minus held-out accuracy", unit: "gap in points", text: points, names: gapNames },
    loss: { title: "Loss", unit: "mean cross-entropy", text: loss, names: () => shownNames("loss") }
  };
  function shownNames(figure2) {
    const shown3 = presentSplits.filter(isShown);
    return shown3.map((split) => ({ name: `${split}_${figure2}`, split }));
  }
  function gapNames() {
    const all = [{ name: "gap", split: "test" }, { name: "val_gap", split: "val" }];
    const present = all.filter(({ split }) => presentSplits.includes(split));
    const shown3 = present.filter(({ split }) => isShown(split));
    return shown3.length ? shown3 : present.slice(0, 1);
  }
  function nameWords({ name, split }) {
    if (name === "gap") return presentSplits.includes("val") ? "gap to test" : "gap";
    return name === "val_gap" ? "gap to validation" : splits[split].name;
  }
  function curveOf(run2, name) {
    if (name !== "gap" && name !== "val_gap") return run2.curves?.[name];
    const { train_accuracy: train, test_accuracy: test, val_accuracy: val } = run2.curves ?? {};
    const heldOut = name === "gap" ? test : val;
    return train && heldOut && train.map((value, i) => difference(value, heldOut[i]));
  }
  var difference = (a, b) => a == null || b == null ? null : a - b;

  // src/output/html/scripts/curves/smooth.js
  var smoothing = () => Math.min(0.99, Math.max(0, Number(chosenText("smooth")) || 0));
  function smoothed(values) {
    const share = smoothing();
    if (!share) return values;
    let [average, weight] = [0, 0];
    return values.map((value) => {
      if (value == null) return null;
      average = share * average + (1 - share) * value;
      weight = share * weight + (1 - share);
      return average / weight;
    });
  }
  function smoothingControl() {
    const words5 = el("output", {});
    const slider = el("input", { type: "range", min: 0, max: 0.98, step: 0.02, oninput: () => {
      choose("smooth", Number(slider.value) ? slider.value : "");
      words5.textContent = said2();
    } });
    const said2 = () => smoothing() ? smoothing().toFixed(2) : "off";
    follow(() => {
      slider.value = String(smoothing());
      words5.textContent = said2();
    });
    return el("label", {}, "Smoothing ", slider, " ", words5);
  }

  // src/output/html/scripts/live/api.js
  var PATIENCE = 6e4;
  var Refused = class extends Error {
    /**
     * @param {string} words
     * @param {number} status of HTTP; 0 where there is no answer
     * @param {number | null} [version] of the data, if they were looked at
     */
    constructor(words5, status, version2 = null) {
      super(words5);
      this.status = status;
      this.version = version2;
    }
  };
  async function askAt(path, options = {}) {
    let response;
    let answer;
    try {
      response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      answer = isJson ? await response.json() : null;
    } catch {
      throw new Refused("the server does not answer", 0);
    }
    const version2 = Number(response.headers.get("data-version")) || null;
    if (response.ok && answer) return { answer, version: version2 };
    throw new Refused(answer?.error ?? `the server answers ${response.status}`, response.status, version2);
  }
  var ask = async (path, options) => (await askAt(path, options)).answer;
  function query(parts3) {
    const filled2 = Object.entries(parts3).filter(([, value]) => value);
    return filled2.length ? `?${new URLSearchParams(filled2).toString()}` : "";
  }
  var send = (path, content) => ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(content)
  });

  // src/output/html/scripts/curves/grow.js
  var MOST_POINTS = 200;
  function grow({ id, epochs, steps = [], seconds = [], rows, last, best, state, seconds_left: secondsLeft }) {
    const run2 = runOf(id);
    if (!run2) return;
    if (last) run2.last = last;
    if (best) run2.best = best;
    run2.state = state;
    run2.seconds_left = secondsLeft;
    if (run2.curves) add(run2, { ...rows, epochs, steps, seconds });
    tellSoon();
  }
  function adopt(answer) {
    const added = /* @__PURE__ */ new Map();
    for (const run2 of Object.keys(answer).map(runOf)) {
      if (!run2 || run2.curves) continue;
      const config = configs[run2.config];
      added.set(config, [...added.get(config) ?? [], run2]);
    }
    for (const [config, own] of added) {
      const isFirst = !config.runs.some((place2) => runs[place2].curves?.train_accuracy?.length);
      if (isFirst) beginAt(config, own.map(({ id }) => answer[id]));
      for (const run2 of own) {
        run2.curves = {};
        add(run2, shownOf(answer[run2.id], data.epochs[config.epochs] ?? []));
      }
    }
  }
  function shownOf(curves2, epochs) {
    const known4 = new Set(epochs);
    const last = epochs.at(-1) ?? -1;
    const kept2 = curves2.epochs.map((epoch) => known4.has(epoch) || epoch > last);
    const columns2 = Object.entries(curves2).map(([name, values]) => [name, values.filter((_, at) => kept2[at])]);
    return (
      /** @type {RunCurves} */
      Object.fromEntries(columns2)
    );
  }
  function beginAt(config, all) {
    const { epochs, steps } = all.reduce((long, one) => one.epochs.length > long.epochs.length ? one : long);
    const count = Math.min(epochs.length, MOST_POINTS);
    const every = Math.max(1, (epochs.length - 1) / (MOST_POINTS - 1));
    const places2 = Array.from({ length: count }, (_, i) => Math.round(i * every));
    const lists = ownLists(config);
    lists.epochs.splice(0, Infinity, ...places2.map((at) => epochs[at]));
    lists.steps.splice(0, Infinity, ...places2.map((at) => steps[at] ?? 0));
  }
  function add(run2, { epochs, steps, seconds, ...curves2 }) {
    const config = configs[run2.config];
    const lists = ownLists(config);
    const distance = meanDistance(lists.epochs);
    const known4 = run2.curves ??= {};
    epochs.forEach((epoch, at) => {
      if (!lists.epochs.length || epoch >= lists.epochs[lists.epochs.length - 1] + 0.99 * distance) {
        lists.epochs.push(epoch);
        lists.steps.push(steps[at] ?? 0);
      }
      const place2 = lists.epochs.lastIndexOf(epoch);
      if (place2 < 0) return;
      for (const [name, values] of Object.entries({ ...curves2, seconds })) {
        put(
          /** @type {Record<string, (number | null)[]>} */
          known4,
          name,
          place2,
          values[at]
        );
      }
      if (lists.epochs.length > 2 * MOST_POINTS) halve(config, lists);
    });
  }
  function halve(config, lists) {
    const curves2 = config.runs.flatMap((place2) => Object.values(runs[place2].curves ?? {}));
    for (
      const list of
      /** @type {any[][]} */
      [lists.epochs, lists.steps, ...curves2]
    ) {
      list.splice(0, list.length, ...list.filter((_, at) => at % 2 === 0));
    }
  }
  var meanDistance = (epochs) => epochs.length > 1 ? (epochs[epochs.length - 1] - epochs[0]) / (epochs.length - 1) : 1;
  var owners = /* @__PURE__ */ new WeakSet();
  function ownLists(config) {
    const steps = data.steps ??= [];
    const epochs = [...data.epochs[config.epochs] ?? []];
    const own = { epochs, steps: [...steps[config.steps ?? -1] ?? []] };
    if (owners.has(config) && config.steps != null) {
      [data.epochs[config.epochs], steps[config.steps]] = [own.epochs, own.steps];
      return own;
    }
    owners.add(config);
    config.epochs = data.epochs.push(own.epochs) - 1;
    config.steps = steps.push(own.steps) - 1;
    return own;
  }
  function put(curves2, name, place2, value) {
    const curve = curves2[name] ??= [];
    while (curve.length < place2) curve.push(null);
    curve[place2] = value ?? null;
  }
  function tellSoon() {
    tell("progress");
    whenThereIsTime("rows", () => byItself(() => tell("rows")));
  }

  // src/output/html/scripts/curves/ask.js
  var AT_ONCE = 100;
  var MOST2 = 500;
  var AGAIN = 3e3;
  var source = null;
  var wanted = /* @__PURE__ */ new Set();
  var asked = /* @__PURE__ */ new Set();
  on("data", () => {
    asked.clear();
    for (const id of wanted) if (!runOf(id)) wanted.delete(id);
  });
  var isAsking = false;
  function setCurveSource(from) {
    source = from;
  }
  function want(ids2) {
    if (!source) return;
    for (const id of ids2) if (!asked.has(id)) wanted.add(id);
    if (!isAsking && wanted.size) setTimeout(() => void askAll(), 0);
  }
  async function answerTo(ids2) {
    if (!source) return {};
    try {
      return await source(ids2);
    } catch (error) {
      if (!(error instanceof Refused) || isOutage(error)) throw error;
      if (ids2.length === 1) return { [ids2[0]]: { epochs: [], steps: [], seconds: [] } };
      const half = Math.ceil(ids2.length / 2);
      return { ...await answerTo(ids2.slice(0, half)), ...await answerTo(ids2.slice(half)) };
    }
  }
  var isOutage = ({ status }) => status === 0 || status > 500 || status === 401;
  async function askAll() {
    if (isAsking || !source) return;
    isAsking = true;
    try {
      while (wanted.size) {
        const ids2 = nextIds();
        for (const id of ids2) {
          wanted.delete(id);
          asked.add(id);
        }
        adopt(await answerTo(ids2).catch((error) => {
          for (const id of ids2) {
            asked.delete(id);
            wanted.add(id);
          }
          throw error;
        }));
        tell("rows");
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status !== 401) setTimeout(() => void askAll(), AGAIN);
    } finally {
      isAsking = false;
    }
  }
  function nextIds() {
    const ids2 = [];
    for (const id of wanted) {
      if (ids2.includes(id)) continue;
      const config = configs[runOf(id)?.config ?? -1];
      const own = config ? config.runs.map((place2) => runs[place2].id).filter((one) => wanted.has(one)) : [id];
      if (ids2.length && ids2.length + own.length > AT_ONCE) break;
      ids2.push(...own);
    }
    return ids2.slice(0, MOST2);
  }

  // src/output/html/scripts/curves/summaries.js
  var summaries = /* @__PURE__ */ new Map();
  for (
    const event of
    /** @type {const} */
    ["data", "rows"]
  ) on(event, () => summaries.clear());
  function summary(index, name) {
    const key2 = index + name;
    const known4 = summaries.get(key2);
    if (known4 !== void 0) return known4;
    const made = summarise(index, name);
    summaries.set(key2, made);
    return made;
  }
  function summarise(index, name) {
    const epochs = data.epochs[configs[index].epochs] ?? [];
    const own = configs[index].runs.map((run2) => runs[run2]);
    want(own.filter((run2) => !run2.curves).map(({ id }) => id));
    const curves2 = own.map((run2) => curveOf(run2, name)).filter((curve) => curve != null);
    if (!curves2.length) return null;
    const values = epochs.map((_, at) => curves2.map((curve) => curve[at]).filter((value) => value != null));
    const means2 = values.map(mean);
    const deviations = values.map((seeds) => deviation(seeds) ?? 0);
    const side = (sign) => means2.map((value, i) => value == null ? null : value + sign * deviations[i]);
    return {
      epochs,
      curves: curves2,
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
    const shown3 = band();
    if (shown3 === "seeds") return seedLines(summed, index, line, text);
    const { epochs, means: means2 } = summed;
    const said2 = epochs.map((_, i) => hoverText(summed, i, index, named, text));
    const x = placesOf(index);
    const faintLine = { ...line, width: 1, color: withAlpha(color, 0.3) };
    const faint = { x, y: means2, mode: "lines", line: faintLine, hoverinfo: "skip" };
    const trace = { x, y: smoothed(means2), mode: lineMode(epochs), line, ...hover(said2) };
    const lines2 = smoothing() ? [faint, trace] : [trace];
    if (shown3 === "none" || configs[index].runs.length < 2) return lines2;
    return [bandOf(x, summed[shown3], color), ...lines2];
  }
  var lineMode = (epochs) => epochs.length > 1 ? "lines" : "lines+markers";
  function hoverText(summed, i, index, named, text) {
    const { epochs, means: means2, seeds } = summed;
    const { low, high } = band() === "std" ? summed.std : summed.range;
    const many = seeds[i] > 1 ? `<br>${text(low[i])} to ${text(high[i])} (${seeds[i]} seeds)` : "";
    const value = `${nameWords(named)} ${text(means2[i])} at epoch ${epochs[i]}`;
    return `<b>${label(configs[index].label)}</b><br>${value}${many}`;
  }
  var bandAlpha = () => (isDark() ? 0.22 : 0.17) * (selected().length > 4 ? 0.45 : 1);
  function bandOf(places2, spread, color) {
    const [low, high] = [smoothed(spread.low), smoothed(spread.high)];
    const at = places2.map((_, i) => i).filter((i) => low[i] != null && places2[i] != null);
    const back = [...at].reverse();
    return {
      x: [...at, ...back].map((i) => places2[i]),
      y: [...at.map((i) => high[i]), ...back.map((i) => low[i])],
      mode: "lines",
      line: { width: 0 },
      fill: "toself",
      fillcolor: withAlpha(color, bandAlpha()),
      hoverinfo: "skip"
    };
  }
  function seedLines({ epochs, curves: curves2 }, index, line, text) {
    return curves2.map((curve, i) => {
      const run2 = runs[configs[index].runs[i]];
      const said2 = epochs.map((epoch, at) => `<b>${label(configs[index].label)}</b><br>seed ${run2.seed}: ${text(curve[at])} at epoch ${epoch}`);
      const mode = lineMode(epochs);
      return { x: placesOf(index, run2), y: smoothed(curve), mode, line: { ...line, width: 1.1 }, ...hover(said2) };
    });
  }

  // src/output/html/scripts/curves/together.js
  var PLACES2 = { train: 0, val: 2, test: 1 };
  function linesTogether(indexes, named, text) {
    const { x, y, said: said2 } = { x: [], y: [], said: [] };
    for (const index of indexes) {
      const summed = summary(index, named.name);
      if (!summed) continue;
      const places2 = placesOf(index);
      const means2 = smoothed(summed.means);
      summed.epochs.forEach((epoch, i) => {
        const value = `${nameWords(named)} ${text(summed.means[i])} at epoch ${epoch}`;
        x.push(places2[i]);
        y.push(means2[i]);
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
      shows: `${kind} ${isLogarithmic} ${acrossTitle()}`,
      text: curvesText(kind),
      layout: {
        xaxis: { title: { text: acrossTitle() }, rangemode: "tozero", ...wholeEpochs() },
        hovermode: comparesAll() ? "x unified" : "closest",
        yaxis: {
          title: { text: kinds[kind].unit },
          type: isLogarithmic ? "log" : "linear",
          exponentformat: "power",
          rangemode: kind === "gap" ? "tozero" : "normal"
        }
      }
    };
  }
  function wholeEpochs() {
    const last = Math.max(0, ...selected().map((index) => data.epochs[configs[index].epochs]?.at(-1) ?? 0));
    return across() === "epoch" && last < 8 ? { dtick: 1 } : {};
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
    const how = smoothing() ? `, smoothed by ${smoothing()}` : "";
    return `${kinds[kind].title} by ${acrossTitle()}${how}. ${lines2.join(" ")}${more}`;
  }
  function configText(kind, index) {
    const { names, text } = kinds[kind];
    const parts3 = names().flatMap((named) => {
      const summed = summary(index, named.name);
      if (!summed) return [];
      return [`${nameWords(named)} from ${text(summed.means[0])} to ${text(summed.means.at(-1))}`];
    });
    const best = configs[index].runs.map((run2) => runs[run2].best).filter((row2) => row2 != null);
    const epochs = [...new Set(best.map((row2) => row2.epoch))].sort((a, b) => a - b);
    const bestText = epochs.length ? `; best epochs ${epochs.join(", ")}` : "";
    return `${configs[index].label}: ${parts3.join(", ")}${bestText}.`;
  }

  // src/output/html/scripts/curves/chips.js
  var MOST_CHIPS = 60;
  function chips() {
    const list = el("ul", { class: "chips", "aria-label": "Configs: a click draws one or takes it out" });
    const more = el("p", { class: "muted" });
    const show3 = keyed2(list, (index) => keyOf(configs[index]), chip);
    const draw = () => {
      const shown3 = items();
      show3(shown3);
      more.hidden = shown3.length === configs.length;
      more.textContent = `and ${configs.length - shown3.length} more: choose them in the table`;
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
    const update = (now2) => {
      index = now2;
      const [isOn, { label: label2 }] = [isSelected(index), configs[index]];
      swatch.style.background = areTogether() || !isOn ? "" : colorOf(index);
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
    const shown3 = el(
      "div",
      {},
      incomparableNote(),
      chips(),
      controls(),
      el("div", { class: "grid" }, ...all.map(plot)),
      thinnedNote()
    );
    section("curves", "Learning curves", () => runs.length > 0, none, shown3);
    const update = () => {
      none.hidden = presentSplits.length > 0;
      shown3.hidden = !none.hidden;
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
      isShown: () => kind !== "gap" || presentSplits.some((split) => split !== "train"),
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
      choice("Along", acrossOptions, across, (value) => choose("x", value === "epoch" ? "" : value)),
      smoothingControl(),
      check("logarithmic loss", isLog, (isOn) => choose("loss", isOn ? "log" : "")),
      check("read all lines at once", comparesAll, (isOn) => choose("hover", isOn ? "all" : ""))
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
  function longList({ noun, atOnce, items: items3, key: key2, make }) {
    const list = el("div", {});
    const show3 = keyed2(list, key2, make);
    let shown3 = atOnce;
    const update = () => {
      const all = items3();
      show3(all.slice(0, shown3));
      more.hidden = shown3 >= all.length;
      if (!more.hidden) more.textContent = `Show ${Math.min(atOnce, all.length - shown3)} more ${noun}`;
    };
    const more = el("button", { type: "button", onclick: () => {
      shown3 += atOnce;
      update();
    } });
    const draw = () => {
      shown3 = atOnce;
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
    let shown3 = "";
    const fillIn = () => {
      if (!element3.open || JSON.stringify(findings) === shown3) return;
      shown3 = JSON.stringify(findings);
      inside2.replaceChildren(el("ul", { class: "findings" }, ...findings.map(findingLine)));
    };
    const element3 = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, label2, " ", counts), inside2);
    const update = (index, at) => {
      findings = configs[index].findings;
      const grave = findings.filter((finding) => finding.severity !== "note").length;
      setText(label2, configs[index].label);
      setText(counts, `(${grave ? counted(grave, "warning") : counted(findings.length, "note")})`);
      if (isFirst) element3.open = at < CONFIGS_OPEN;
      isFirst = false;
      fillIn();
    };
    return { element: element3, update };
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
    return text.split("`").map((part2, at) => at % 2 ? el("code", {}, part2) : part2);
  }

  // src/output/html/scripts/data/entries.js
  var SOMETIMES = (
    /** @type {const} */
    ["reason", "model", "result_sha256", "notes"]
  );
  function adoptEntry(run2, entry) {
    for (const name of SOMETIMES) if (!(name in entry)) delete run2[name];
    Object.assign(run2, entry);
  }

  // src/output/html/scripts/live/views.js
  function view() {
    if (chosenText("run")) return "run";
    if (chosenText("a") && chosenText("b")) return "diff";
    if (chosenText("study")) return "study";
    return chosenText("experiment") || chosenText("view") === "runs" || chosenText("where") ? "page" : "overview";
  }
  var parts2 = /* @__PURE__ */ new Map();
  function part(name, element3) {
    parts2.set(name, [...parts2.get(name) ?? [], element3]);
    if (!element3.isConnected) byId("main").append(element3);
    return element3;
  }
  function showView() {
    const now2 = view();
    for (const [name, elements] of parts2) for (const element3 of elements) element3.hidden = name !== now2;
    document.body.dataset.view = now2;
  }
  function linkTo(choices2, ...children) {
    const link = el("a", { href: addressOf(choices2), onclick: (event) => {
      const { ctrlKey, metaKey, shiftKey } = (
        /** @type {MouseEvent} */
        event
      );
      if (ctrlKey || metaKey || shiftKey) return;
      event.preventDefault();
      go(choices2);
      window.scrollTo(0, 0);
    } }, ...children);
    return link;
  }

  // src/output/html/scripts/live/diff.js
  var diff = null;
  var curves = {};
  var ids = () => [chosenText("a"), chosenText("b")];
  function setDiff(difference2, both) {
    diff = difference2;
    curves = both;
    tell("diff");
  }
  function diffView() {
    const runs2 = el("p", { class: "controls" });
    const settings = el("div", { class: "scroller" });
    const figures2 = el("div", { class: "scroller" });
    part("diff", el(
      "div",
      { id: "diff" },
      runs2,
      el("h2", {}, "Settings that differ"),
      settings,
      el("h2", {}, "Figures"),
      figures2,
      el("h2", {}, "Curves"),
      el("div", { class: "grid" }, ...["accuracy", "loss"].map(curvesFigure))
    ));
    on("diff", () => {
      if (!diff) return;
      const [a, b] = ids();
      runs2.replaceChildren(
        linkTo({ run: a }, `Run ${a}`),
        linkTo({ run: b }, `Run ${b}`),
        linkTo({ a: b, b: a }, "The other way round")
      );
      const said2 = (value) => value == null ? "not set" : String(value);
      const lines2 = diff.settings.map((one) => [one.key, said2(one.a), said2(one.b)]);
      settings.replaceChildren(lines2.length ? table("Settings that differ", ["setting", a, b], lines2) : el("p", { class: "muted" }, "They have the same settings."));
      figures2.replaceChildren(table(
        "Figures of the last and the best epoch",
        ["figure", `${a} last`, `${b} last`, "change", `${a} best`, `${b} best`, "change"],
        diff.results.map(({ name, last, best }) => [
          name.replace(/_/g, " "),
          ...figureCells(name, last),
          ...figureCells(name, best)
        ])
      ));
    });
  }
  function figureCells(name, pair) {
    if (!pair) return ["-", "-", "-"];
    const { a, b, difference: difference2 } = pair;
    const isFraction = name.endsWith("accuracy") || name.endsWith("gap");
    const [value, more] = isFraction ? [name.endsWith("gap") ? points : percent, points] : [plain, plain];
    const [first, second, between2] = isFraction ? [a, b, difference2].map(times100) : [a, b, difference2];
    return [value(first), value(second), change(between2, more)];
  }
  var plain = (value) => Number.isInteger(value) ? fixed(value, 0) : loss(value);
  function change(value, text) {
    const shown3 = text(value);
    return value != null && value > 0 && /[1-9]/.test(shown3) ? `+${shown3}` : shown3;
  }
  var times100 = (value) => value == null ? null : 100 * value;
  function table(caption, head, lines2) {
    const cells = ([first, ...others]) => el(
      "tr",
      {},
      el("th", { scope: "row" }, first),
      ...others.map((text) => el("td", { class: "number" }, text))
    );
    const names = head.map((name, at) => el("th", { scope: "col", class: at ? "number" : "" }, name));
    return el(
      "table",
      {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...names)),
      el("tbody", {}, ...lines2.map(cells))
    );
  }
  function curvesFigure(kind) {
    return figure({
      id: `diff-${kind}`,
      title: kind === "accuracy" ? "Accuracy" : "Loss",
      events: ["diff"],
      draw: () => drawBoth(kind),
      caption: "The first run is blue, the second orange. Dotted: train; dashed: validation; solid: test."
    }).element;
  }
  function drawBoth(kind) {
    const text = kind === "accuracy" ? percent : loss;
    const traces = ids().flatMap((id, place2) => (
      /** @type {const} */
      ["train", "val", "test"].flatMap((split) => {
        const own = curves[id];
        const values = own?.[
          /** @type {"train_loss"} */
          `${split}_${kind}`
        ];
        if (!own || !values) return [];
        return [{
          x: own.epochs,
          y: values,
          mode: "lines",
          line: { color: palette()[place2], width: 2, dash: { train: "dot", val: "dash", test: "solid" }[split] },
          ...hover(values.map((value, at) => `<b>${id}</b><br>${split} ${text(value)} at epoch ${own.epochs[at]}`))
        }];
      })
    ));
    if (!traces.length) return sayInstead("Neither run has such a curve yet.");
    return {
      traces,
      shows: `${kind} ${ids().join(" ")}`,
      text: `${kind} by epoch of the runs ${ids().join(" and ")}.`,
      layout: {
        xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
        yaxis: { title: { text: kind === "accuracy" ? "accuracy in %" : "mean cross-entropy" } }
      }
    };
  }

  // src/output/html/scripts/live/heading.js
  function showTitle({ title, counts }) {
    if (byId("title").textContent !== title) announce(title === "runner" ? "Overview" : title);
    document.title = title === "runner" ? title : `${title} - runner`;
    setText(byId("title"), title);
    setText(byId("counts"), counts);
  }
  function showHeading(heading2) {
    showTitle(heading2);
    setText(byId("answer-text"), heading2.answer);
    const notes = byId("notes");
    const lines2 = [...notes.children].map((line) => line.textContent);
    if (JSON.stringify(lines2) === JSON.stringify(heading2.notes)) return;
    notes.replaceChildren(...heading2.notes.map((note) => el("li", {}, note)));
  }

  // src/output/html/scripts/live/load.js
  function loader(key2, load, failed2) {
    let isLoading = false;
    let isAsked = false;
    const loaded = async (how) => {
      if (isLoading) {
        isAsked = true;
        return;
      }
      isLoading = true;
      isAsked = false;
      const wanted2 = key2();
      try {
        const show3 = await load(wanted2);
        if (wanted2 === key2()) how(show3);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (wanted2 === key2()) failed2(error);
      } finally {
        isLoading = false;
        if (wanted2 !== key2()) void now2();
        else if (isAsked) soon();
      }
    };
    const now2 = () => loaded((show3) => show3());
    const soon = () => whenThereIsTime("load", () => loaded(byItself));
    return { now: now2, soon };
  }

  // src/output/html/scripts/live/times.js
  function duration(seconds) {
    if (seconds == null) return "";
    if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
    if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
    const hours = Math.floor(seconds / 3600);
    if (hours < 48) return `${hours} h ${Math.round(seconds % 3600 / 60)} min`;
    return `${Math.round(hours / 24)} days`;
  }
  function ago(time) {
    const seconds = (Date.now() - Date.parse(time)) / 1e3;
    if (Number.isNaN(seconds)) return "";
    return seconds < 60 ? "now" : `${duration(seconds)} ago`;
  }
  var SIZES = ["bytes", "kB", "MB", "GB"];
  function size(bytes) {
    const at = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return `${at ? (bytes / 1e3 ** at).toFixed(1) : bytes} ${SIZES[at]}`;
  }

  // src/output/html/scripts/live/now.js
  var MOST3 = 100;
  var BETWEEN = 500;
  function nowSection() {
    const rows = el("tbody", {});
    const head = ["run", "progress", "epoch", "train", "held out", "gap", "left"];
    const table2 = el(
      "table",
      {},
      el("caption", {}, "Trained now"),
      el("thead", {}, el("tr", {}, ...head.map((name, at) => el("th", { scope: "col", class: at > 1 ? "number" : "" }, name)))),
      rows
    );
    const scroller = el("div", { class: "scroller now" }, table2);
    const element3 = el("section", { id: "now", "aria-label": "Trained now" }, scroller);
    const show3 = keyed2(rows, (run2) => run2.id, nowRow);
    const update = () => {
      const running = runs.filter(({ state }) => state === "running").slice(0, MOST3);
      element3.hidden = !running.length;
      show3(running);
    };
    let isAsked = false;
    const soon = () => {
      if (isAsked) return;
      isAsked = true;
      setTimeout(() => {
        isAsked = false;
        update();
      }, BETWEEN);
    };
    for (
      const event of
      /** @type {const} */
      ["progress", "runs"]
    ) on(event, soon);
    byId("sections").prepend(element3);
    follow(update);
  }
  function nowRow({ id }) {
    const name = el("span", {});
    const bar = el("progress", { max: 1 });
    const cells = Array.from({ length: 5 }, () => el("td", { class: "number" }));
    const element3 = el("tr", {}, el("th", { scope: "row" }, linkTo({ run: id }, name)), el("td", {}, bar), ...cells);
    const update = (run2) => {
      const { last, total_epochs: total } = run2;
      const label2 = `${configs[run2.config].label}${seedText(run2)}`;
      const epoch = last?.epoch ?? 0;
      setText(name, label2);
      bar.value = total ? epoch / total : 0;
      bar.setAttribute("aria-label", `Progress of ${label2}`);
      const texts2 = [
        `${epoch} of ${total}`,
        percent(last?.train),
        percent(last?.test ?? last?.val),
        points(last?.gap),
        duration(run2.seconds_left)
      ];
      texts2.forEach((text, at) => setText(cells[at], text));
    };
    return { element: element3, update };
  }

  // src/output/html/scripts/live/overview.js
  var overview = { version: 0, experiments: [], studies: [] };
  var show = () => {
  };
  function overviewView() {
    const experiments = el("ul", { class: "cards" });
    const studies = el("ul", { class: "cards" });
    const empty = el(
      "p",
      { class: "answer" },
      "There are no runs yet. Train some with `runner run FILE.toml`, and they appear here."
    );
    const studiesPart = el(
      "section",
      { "aria-labelledby": "studies-h" },
      el("h2", { id: "studies-h" }, "Studies"),
      studies
    );
    const experimentsPart = el(
      "section",
      { "aria-labelledby": "experiments-h" },
      el("h2", { id: "experiments-h" }, "Experiments"),
      experiments,
      el("p", { class: "muted" }, linkTo({ view: "runs" }, "All runs on one page"))
    );
    const showExperiments = keyed2(experiments, ({ name }) => name, experimentCard);
    const showStudies = keyed2(studies, ({ name }) => name, studyCard);
    const inside2 = el("div", { hidden: true }, empty, experimentsPart, studiesPart);
    part("overview", el("div", { id: "overview" }, inside2));
    show = () => {
      if (!overview.version) return;
      inside2.hidden = false;
      empty.hidden = overview.experiments.length + overview.studies.length > 0;
      experimentsPart.hidden = !overview.experiments.length;
      studiesPart.hidden = !overview.studies.length;
      showExperiments(overview.experiments);
      showStudies(overview.studies);
    };
    setInterval(() => show(), 3e4);
  }
  function showOverview(now2) {
    const places2 = new Map(overview.experiments.map(({ name }, at) => [name, at]));
    const place2 = ({ name }) => places2.get(name) ?? -1;
    overview = now2;
    overview.experiments.sort((a, b) => Number(b.live) - Number(a.live) || place2(a) - place2(b));
    show();
  }
  function changeExperiment(changed) {
    const at = overview.experiments.findIndex(({ name }) => name === changed.name);
    if (at >= 0) overview.experiments[at] = changed;
    else overview.experiments.unshift(changed);
    overview.experiments.sort((a, b) => Number(b.live) - Number(a.live));
    show();
  }
  function overviewCounts() {
    const { experiments } = overview;
    const runs2 = experiments.flatMap(({ states, others }) => [...Object.values(states), others]).reduce((a, b) => a + b, 0);
    const live = experiments.filter((experiment) => experiment.live).length;
    const counted2 = `${experiments.length} experiment${experiments.length === 1 ? "" : "s"}, ${runs2} runs`;
    return live ? `${counted2}, ${live} in training now` : counted2;
  }
  function experimentCard({ name }) {
    const element3 = el("li", { class: "card" });
    const bar = el("progress", { max: 1, "aria-label": `Progress of ${name}` });
    const state = el("span", { class: "card-state" });
    const best = el("p", { class: "card-best" });
    const figures2 = el("dl", { class: "card-figures" });
    const when = el("span", { class: "muted" });
    element3.append(
      el("h3", {}, linkTo({ experiment: name }, name)),
      el("p", { class: "card-line" }, state, when),
      bar,
      best,
      figures2
    );
    const update = (now2) => {
      element3.classList.toggle("live", now2.live);
      bar.value = now2.progress;
      bar.hidden = now2.progress >= 1 && !now2.live;
      setText(state, stateWords(now2));
      setText(when, now2.live ? leftWords(now2) : ago(now2.updated));
      best.hidden = figures2.hidden = !now2.best;
      if (!now2.best) return;
      setText(best, now2.best.label);
      const { test, val, gap } = now2.best;
      const shown3 = test != null ? ["test", percent(test)] : ["validation", percent(val)];
      const texts2 = [shown3, ...gap == null ? [] : [["gap", points(gap)]]];
      if (figures2.textContent === texts2.flat().join("")) return;
      figures2.replaceChildren(...texts2.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
    };
    return { element: element3, update };
  }
  function stateWords({ states, trials, others }) {
    const counted2 = Object.entries(states).map(([state, count]) => `${count} ${state}`);
    const runs2 = Object.values(states).reduce((a, b) => a + b, 0);
    const waiting3 = trials != null && trials > runs2 ? [`${trials - runs2} to come`] : [];
    const more = others ? [`${others} of another version of the file`] : [];
    return [...counted2, ...waiting3, ...more].join(", ");
  }
  var leftWords = ({ progress, seconds_left: left }) => `${fixed(100 * progress, 0)} %${left == null ? "" : `, ${duration(left)} left`}`;
  function studyCard({ name }) {
    const state = el("p", { class: "card-line" });
    const answer = el("p", { class: "card-best" });
    const element3 = el("li", { class: "card" }, el("h3", {}, linkTo({ study: name }, name)), state, answer);
    const update = (now2) => {
      element3.classList.toggle("live", now2.state === "running");
      setText(state, now2.problem ?? [now2.state, now2.question].filter(Boolean).join(": "));
      setText(answer, now2.answer.join(" "));
    };
    return { element: element3, update };
  }

  // src/output/html/scripts/live/where.js
  var problem = el("pre", { class: "problem", role: "alert", hidden: true, id: "where-problem" });
  var pageQuery = () => query({ experiment: chosenText("experiment"), where: chosenText("where") });
  function whereControls() {
    const box = el("input", {
      type: "text",
      id: "where",
      placeholder: "test_accuracy > 55% && dropout == 0.2",
      spellcheck: "false",
      autocomplete: "off",
      "aria-describedby": "where-problem"
    });
    const report = el("a", { class: "button", download: true }, "Save as report");
    const apply2 = () => {
      keep("where", box.value.trim());
      if (box.value.trim() === "" && !chosenText("experiment")) keep("view", "runs");
      tell("address");
      announce("asking the server");
    };
    box.addEventListener("keydown", ({ key: key2 }) => {
      if (key2 === "Enter") apply2();
    });
    const clear = el("button", { type: "button", onclick: () => {
      box.value = "";
      apply2();
    } }, "All runs");
    follow(() => {
      if (document.activeElement !== box) box.value = chosenText("where");
      clear.hidden = !chosenText("where");
      report.href = `/api/report${pageQuery()}`;
    });
    byId("sections").prepend(el(
      "div",
      { class: "controls where" },
      el("label", { for: "where" }, "Runs where"),
      box,
      el("button", { type: "button", onclick: apply2 }, "Choose"),
      clear,
      report
    ), problem);
  }
  function sayOfWhere(words5) {
    problem.textContent = words5;
    problem.hidden = !words5;
    byId("where").setAttribute("aria-invalid", String(Boolean(words5)));
  }

  // src/output/html/scripts/live/question.js
  var addresses = {
    overview: () => "/api/overview",
    page: () => `/api/page${pageQuery()}`,
    run: () => `/api/run/${encodeURIComponent(chosenText("run"))}`,
    diff: () => `/api/diff${query({ a: chosenText("a"), b: chosenText("b") })}`,
    study: () => `/api/study/${encodeURIComponent(chosenText("study"))}`
  };
  var key = () => addresses[view()]();
  var given = null;
  async function answerOf(now2, address) {
    const [experiment, where] = [chosenText("experiment"), chosenText("where")];
    try {
      const answered = await askAt(address);
      if (now2 === "page") given = { address, experiment };
      return { ...answered, refused: "" };
    } catch (error) {
      if (!(error instanceof Refused) || now2 !== "page" || !where || ![400, 404].includes(error.status)) throw error;
      const last = given?.experiment === experiment ? given.address : `/api/page${query({ experiment })}`;
      try {
        return { ...await askAt(last), refused: error.message };
      } catch (other) {
        if (other instanceof Refused && [400, 404].includes(other.status)) given = null;
        throw other;
      }
    }
  }

  // src/output/html/scripts/live/run/current.js
  var run = null;
  var currentRun = () => run?.id === chosenText("run") ? run : null;
  function setRun(now2) {
    run = now2;
    tell("run");
  }
  function growRun(event) {
    const now2 = currentRun();
    if (!now2 || now2.id !== event.id) return false;
    const { rows } = now2;
    const added = columnsOf(event);
    const known4 = new Set(rows.epoch);
    event.epochs.forEach((epoch, at) => {
      if (known4.has(epoch)) return;
      const before = rows.epoch.length;
      for (const name of /* @__PURE__ */ new Set([...Object.keys(rows), ...Object.keys(added)])) {
        (rows[name] ??= Array.from({ length: before }, () => null)).push(added[name]?.[at] ?? null);
      }
    });
    const { last = now2.last, best = now2.best, state, seconds_left: left } = event;
    Object.assign(now2, { last, best, state, seconds_left: left });
    whenThereIsTime("run", () => byItself(() => tell("run")));
    return event.epochs.some((epoch) => !known4.has(epoch));
  }
  var columnsOf = ({ epochs, steps, seconds, rows, columns: columns2 }) => ({ ...rows, ...columns2, epoch: epochs, step: steps, seconds });
  function changeCurrentRun({ is_noted: isNoted, ...entry }) {
    const now2 = currentRun();
    if (!now2 || now2.id !== entry.id) return false;
    adoptEntry(now2, entry);
    tell("run");
    return !isNoted;
  }

  // src/output/html/scripts/predictions/calibration.js
  function drawCalibration({ bins, calibration_error: error, split }, run2) {
    const said2 = bins.map(({ confidence, accuracy, examples }) => `confidence ${percent(confidence)}: accuracy ${percent(accuracy)} of ${examples} examples`);
    const errorText = `expected calibration error ${points(error)}`;
    return {
      traces: [diagonal(), accuracies(bins)],
      text: `Accuracy by confidence on the ${split} split, with ${run2.model}, ${errorText}. ${said2.join("; ")}.`,
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
    const run2 = runName(of2);
    return [mistakes(predictions, run2), firstLayer(predictions, run2), augmented(predictions, run2)].filter((shown3) => shown3 != null);
  }
  function mistakes({ evaluation, mistakes_picture: address }, run2) {
    const title = "Most confident mistakes";
    const all = evaluation?.mistakes ?? [];
    const table2 = all.length ? mistakesTable(all) : null;
    if (!address) return table2 && el("figure", { "aria-label": title }, el("h3", {}, title), table2);
    const words5 = all.slice(0, 10).map((m) => `${m.class} taken for ${m.predicted} at ${percent(m.confidence)}`);
    return picture(title, address, `The most confident mistakes of ${run2}. ${words5.join("; ")}`, table2);
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
  function firstLayer({ first_layer_picture: address }, run2) {
    if (!address) return null;
    return picture("First layer", address, `The weights of the first layer of ${run2}, a picture a unit.`);
  }
  function augmented({ augmented_picture: address }, run2) {
    if (!address) return null;
    const text = `Training examples of ${run2}, a row each: as they are, then as epochs 1 to 8 see them.`;
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

  // src/output/html/scripts/live/run/notes.js
  function notesEditor() {
    const tags = el("ul", { class: "chips", "aria-label": "Tags" });
    const notes = el("dl", { class: "written" });
    const problem3 = el("p", { class: "problem", role: "alert", hidden: true });
    const write = async (content, done) => {
      const run2 = currentRun();
      if (!run2) return false;
      try {
        changeCurrentRun(await send(`/api/run/${run2.id}/note`, content));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const what = error.status === 0 ? "It is not known whether the note was written" : "The note was not written";
        problem3.textContent = `${what}: ${error.message}.`;
        problem3.hidden = currentRun()?.id !== run2.id;
        return false;
      }
      problem3.hidden = true;
      announce(done);
      return true;
    };
    const tag = writer("Tag", "a word", (text) => write({ tag: text.replace(/^#/, "") }, "tagged"));
    const note = writer("Note", "what you saw or did", (text) => write({ text }, "note written"));
    let id = "";
    const show3 = noteLists(tags, notes, (text) => void write({ untag: text.replace(/^#/, "") }, `tag ${text} taken away`));
    on("run", () => {
      const run2 = currentRun();
      if (run2 && run2.id !== id) problem3.hidden = true;
      id = run2?.id ?? id;
      show3();
    });
    return el(
      "section",
      { class: "notes-editor", "aria-labelledby": "run-notes-h" },
      el("h3", { id: "run-notes-h" }, "Notes"),
      tags,
      notes,
      problem3,
      tag,
      note
    );
  }
  function noteLists(tags, notes, untag) {
    let shown3 = "";
    return () => {
      const run2 = currentRun();
      const pairs = run2?.notes ?? [];
      const now2 = JSON.stringify([run2?.id, pairs]);
      if (now2 === shown3) return;
      shown3 = now2;
      const own = pairs.filter(([name]) => name === "tags").flatMap(([, text]) => text.split(" "));
      tags.replaceChildren(...own.map((text) => el("li", {}, el("button", {
        type: "button",
        "aria-label": `Take the tag ${text} away`,
        onclick: () => untag(text)
      }, `${text} ×`))));
      const others = pairs.filter(([name]) => name !== "tags");
      notes.replaceChildren(...others.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]));
    };
  }
  function writer(name, placeholder, write) {
    const box = el("input", { type: "text", placeholder, maxlength: 4e3 });
    const submit = async () => {
      const text = box.value.trim();
      if (text && await write(text)) box.value = "";
    };
    box.addEventListener("keydown", ({ key: key2 }) => {
      if (key2 === "Enter") void submit();
    });
    const button = el("button", { type: "button", onclick: () => void submit() }, "Add");
    button.setAttribute("aria-label", `Add the ${name.toLowerCase()}`);
    return el("p", { class: "controls" }, el("label", {}, `${name} `, box), button);
  }

  // src/output/html/scripts/page/copy.js
  async function copyText(text, button) {
    const before = button.textContent;
    const words5 = await isCopied(text) ? "Copied" : "The browser does not allow it";
    button.textContent = words5;
    announce(words5);
    setTimeout(() => {
      if (button.textContent === words5) button.textContent = before;
    }, 2e3);
  }
  async function isCopied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = el("textarea", { "aria-hidden": "true" });
      box.value = text;
      document.body.append(box);
      box.select();
      const isDone = document.execCommand("copy");
      box.remove();
      return isDone;
    }
  }

  // src/output/html/scripts/runs/links.js
  var chosen2 = "";
  function runLinks({ id }) {
    const words5 = () => chosen2 && chosen2 !== id ? `Compare with ${chosen2}` : "Compare with another run";
    const compare = el("button", {
      type: "button",
      onclick: () => {
        if (chosen2 && chosen2 !== id) {
          const a = chosen2;
          chosen2 = "";
          go({ a, b: id });
          return;
        }
        chosen2 = id;
        compare.textContent = "Chosen: press the button of another run";
        announce(compare.textContent);
      },
      onfocus: () => {
        if (chosen2 !== id) compare.textContent = words5();
      },
      onmouseenter: () => {
        if (chosen2 !== id) compare.textContent = words5();
      }
    }, words5());
    const open2 = el("button", { type: "button", onclick: () => go({ run: id }) }, "Everything about this run");
    return el("p", { class: "controls whole" }, open2, compare);
  }

  // src/output/html/scripts/runs/details.js
  function runDetails() {
    const id = el("code", {});
    const words5 = el("span", {});
    const inside2 = el("div", {});
    let run2 = null;
    let shown3 = "";
    const fillIn = () => {
      if (!run2 || !element3.open) return;
      const made = contents(run2);
      const text = made.map((part2) => part2.textContent).join("\n");
      if (text === shown3) return;
      shown3 = text;
      inside2.replaceChildren(...isLive ? [runLinks(run2)] : [], ...made);
    };
    const element3 = el("details", { class: "run", ontoggle: fillIn }, el("summary", {}, id, " ", words5), inside2);
    const update = (now2) => {
      run2 = now2;
      const { last } = run2;
      const test = last?.test != null ? `, test ${percent(last.test)}, gap ${points(last.gap)}` : "";
      setText(id, run2.id);
      setText(words5, `${configs[run2.config].label}${seedText(run2)}: ${run2.state}${test}${tagText(run2)}`);
      fillIn();
    };
    return { element: element3, update };
  }
  function tagText(run2) {
    const tags = run2.notes?.find(([name]) => name === "tags");
    return tags ? ` ${tags[1]}` : "";
  }
  function contents(run2) {
    const settings = [...run2.settings, ...data.shared.settings].sort((a, b) => a[0] < b[0] ? -1 : 1);
    return [
      el(
        "div",
        {},
        pairsTable("Results", results(run2, data.shared.experiments[run2.experiments])),
        pairsTable("Provenance", data.shared.provenance[run2.provenance])
      ),
      pairsTable("Settings", settings)
    ];
  }
  function pairsTable(caption, pairs) {
    const lines2 = pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
    return el("table", { class: "pairs" }, el("caption", {}, caption), el("tbody", {}, ...lines2));
  }
  function results(run2, experiments) {
    const attempts = run2.attempt === 1 ? "1 attempt" : run2.attempt + " attempts";
    return [
      ["state", run2.state + (run2.reason ? ": " + run2.reason : "")],
      ["epochs", `${run2.last ? run2.last.epoch : 0} of ${run2.total_epochs}`],
      ...rowPairs("last", run2.last),
      ...rowPairs("best", run2.best),
      .../** @type {Pair[]} */
      run2.model ? [["model", run2.model]] : [],
      ["trained for", `${run2.train_seconds} s, ${attempts}`],
      ["started", run2.started],
      ["updated", run2.updated],
      ["experiments", experiments],
      ...run2.notes ?? [],
      ["result SHA-256", run2.result_sha256 || "-"]
    ];
  }
  function rowPairs(name, row2) {
    if (!row2) return [];
    const val = row2.val == null ? "" : `, validation ${percent(row2.val)}`;
    const test = row2.test == null ? "" : `, test ${percent(row2.test)}, gap ${points(row2.gap)}`;
    return [[name, `epoch ${row2.epoch}: train ${percent(row2.train)}${val}${test}`]];
  }

  // src/output/html/scripts/live/run/parts.js
  var settingPairs = (run2) => [
    el(
      "div",
      {},
      pairsTable("Results", results({ ...run2, notes: [] }, run2.experiments)),
      pairsTable("Provenance", run2.provenance)
    ),
    pairsTable("Settings", run2.settings)
  ];
  function commandList({ commands }) {
    const lines2 = commands.flatMap(({ what, command }) => {
      const copy = el("button", {
        type: "button",
        "aria-label": `Copy the command: ${what}`,
        onclick: () => void copyText(command, copy)
      }, "Copy");
      return [el("dt", {}, what), el("dd", {}, el("code", {}, command), " ", copy)];
    });
    return el("dl", { class: "commands" }, ...lines2);
  }
  function fileList({ id, files }) {
    const link = (name) => name.startsWith("checkpoint") ? name : el("a", { href: `/api/run/${id}/file/${encodeURIComponent(name)}`, download: name }, name);
    const lines2 = files.map(({ name, bytes }) => el(
      "tr",
      {},
      el("td", {}, link(name)),
      el("td", { class: "number" }, size(bytes))
    ));
    return el("table", { class: "pairs" }, el("caption", {}, "Files"), el("tbody", {}, ...lines2));
  }

  // src/output/html/scripts/live/run/plots.js
  var accuracies2 = [
    { name: "train_accuracy", words: "train", dash: "dot", place: 0 },
    { name: "val_accuracy", words: "validation", dash: "dash", place: 2 },
    { name: "test_accuracy", words: "test", place: 1 }
  ];
  var losses = accuracies2.map((line) => ({ ...line, name: line.name.replace("accuracy", "loss") }));
  function runPlots() {
    return [
      rowsFigure("run-accuracy", "Accuracy", "accuracy in %", percent, accuracies2, true),
      rowsFigure("run-gap", "Gap", "gap in points", points, [{ name: "gap", words: "gap", place: 3 }]),
      rowsFigure("run-loss", "Loss", "mean cross-entropy", loss, losses),
      rowsFigure(
        "run-rate",
        "Learning rate",
        "learning rate",
        loss,
        [{ name: "learning_rate", words: "learning rate", place: 4 }]
      ),
      layersFigure("run-norms", "Norms of weights", "weight_norm", "norm", loss),
      layersFigure("run-gradients", "Norms of gradients", "gradient_norm", "norm", loss),
      layersFigure("run-dead", "Dead units", "dead_share", "share in %", percent),
      layersFigure("run-saturated", "Saturated units", "saturated_share", "share in %", percent)
    ];
  }
  var hasColumn = (name) => Boolean(currentRun()?.rows[name]?.some((value) => value != null));
  function rowsFigure(id, title, unit, text, lines2, isMain) {
    return figure({
      id,
      title,
      events: ["run"],
      isWhole: isMain,
      isShown: () => lines2.some(({ name }) => hasColumn(name)),
      draw: () => drawRows(lines2.filter(({ name }) => hasColumn(name)), title, unit, text)
    }).element;
  }
  function drawRows(lines2, title, unit, text) {
    const run2 = currentRun();
    if (!run2) return sayInstead("This run is not here yet.");
    const { rows } = run2;
    const said2 = lines2.map(({ name, words: words5 }) => {
      const values = rows[name].filter((value) => value != null);
      return `${words5} from ${text(values[0])} to ${text(values.at(-1))}`;
    });
    return {
      traces: lines2.map(({ name, words: words5, dash, place: place2 }) => ({
        x: rows.epoch,
        y: rows[name],
        mode: rows.epoch.length > 1 ? "lines" : "markers",
        connectgaps: true,
        name: words5,
        line: { color: palette()[place2], width: 2, dash },
        ...hover(rows[name].map((value, at) => `${words5} ${text(value)} at epoch ${rows.epoch[at]}`))
      })),
      shows: `${title} ${run2.id}`,
      text: `${title} by epoch of run ${run2.id}: ${said2.join("; ")}.`,
      layout: {
        xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
        yaxis: { title: { text: unit }, rangemode: title === "Learning rate" ? "tozero" : "normal" },
        ...legend(lines2.length)
      }
    };
  }
  function layersFigure(id, title, name, unit, text) {
    const layers = () => (currentRun()?.layers ?? []).filter((layer) => layer[name]?.some((value) => value != null));
    return figure({
      id,
      title,
      events: ["run"],
      isShown: () => layers().length > 0,
      draw: () => drawLayers(layers(), title, name, unit, text)
    }).element;
  }
  function drawLayers(layers, title, name, unit, text) {
    const colors = palette();
    const said2 = layers.slice(0, 40).map((layer) => `layer ${layer.layer} ${text(layer[name].at(-1))}`);
    return {
      traces: layers.map((layer, at) => ({
        name: label(`layer ${layer.layer}`, 24),
        x: layer.epochs,
        y: layer[name],
        mode: layer.epochs.length > 1 ? "lines" : "markers",
        line: { color: colors[at % colors.length], width: 1.6 },
        ...hover(layer[name].map((value, i) => `<b>${label(`layer ${layer.layer}`)}</b><br>${text(value)} at epoch ${layer.epochs[i]}`))
      })),
      shows: `${title} ${currentRun()?.id}`,
      text: `${title} by layer, at the last epoch: ${said2.join("; ")}.`,
      layout: {
        xaxis: { title: { text: "epoch" }, rangemode: "tozero" },
        yaxis: { title: { text: unit }, rangemode: name.endsWith("share") ? "tozero" : "normal" },
        ...legend(layers.length)
      }
    };
  }

  // src/output/html/scripts/live/run/view.js
  function runView() {
    const summary2 = el("p", { class: "answer" });
    const links = el("p", { class: "controls" });
    const findings = el("ul", { class: "findings" });
    const problems = el("ul", { class: "notes" });
    const facts = el("div", { class: "facts" });
    const log = el("pre", { class: "log", tabindex: "0", "aria-label": "Log" });
    const pictures = el("div", { class: "grid" });
    const commands = el("div", {});
    const files = el("div", {});
    part("run", el(
      "div",
      { id: "run" },
      summary2,
      links,
      problems,
      findings,
      notesEditor(),
      el("h2", {}, "Curves and layers"),
      el("div", { class: "grid" }, ...runPlots()),
      el("div", { class: "grid judged" }, confusionFigure(), calibrationFigure()),
      pictures,
      el("h2", {}, "What to do with it"),
      el("div", { class: "facts" }, commands, files),
      el("h2", {}, "Settings and provenance"),
      facts,
      el("h2", {}, "End of the log"),
      log
    ));
    on("run", () => {
      const run2 = currentRun();
      if (!run2) return;
      setText(summary2, words());
      const names = run2.experiments.split(", ").filter(Boolean);
      fill(links, names, () => names.map((name) => linkTo({ experiment: name }, `All runs of ${name}`)));
      fill(problems, run2.problems, () => run2.problems.map((text) => el("li", {}, text)));
      fill(findings, run2.findings, () => run2.findings.map(findingLine));
      fill(facts, [run2.id, run2.state, run2.updated, run2.settings], () => settingPairs(run2));
      fill(commands, run2.commands, () => [commandList(run2)]);
      fill(files, [run2.id, run2.files], () => [fileList(run2)]);
      fill(pictures, [run2.id, run2.pictures, pictureVersion(run2)], runPictures);
      setText(log, run2.log || "The log is empty.");
    });
  }
  var filled = /* @__PURE__ */ new WeakMap();
  function fill(element3, content, make) {
    const now2 = JSON.stringify(content);
    if (filled.get(element3) === now2) return;
    filled.set(element3, now2);
    element3.replaceChildren(...make());
  }
  var pictureVersion = ({ state, attempt, updated }) => state === "running" ? String(attempt) : updated;
  function words() {
    const run2 = currentRun();
    if (!run2) return "";
    const { last, state, reason, total_epochs: total } = run2;
    const epoch = `epoch ${last?.epoch ?? 0} of ${total}`;
    const val = last?.val == null ? "" : `, validation ${percent(last.val)}`;
    const test = last?.test == null ? "" : `, test ${percent(last.test)}, gap ${points(last.gap)}`;
    const figures2 = last ? `: train ${percent(last.train)}${val}${test}` : "";
    return `${state}${reason ? ` (${reason})` : ""}, ${epoch}${figures2}.`;
  }
  function confusionFigure() {
    return figure({
      id: "run-confusion",
      title: "Confusion",
      events: ["run"],
      isTall: true,
      isShown: () => Boolean(currentRun()?.confusion),
      draw: () => {
        const confusion = currentRun()?.confusion;
        return confusion ? drawConfusion(confusion) : sayInstead("This run has no confusion.");
      }
    }).element;
  }
  function calibrationFigure() {
    return figure({
      id: "run-calibration",
      title: "Calibration",
      events: ["run"],
      isTall: true,
      isShown: () => Boolean(currentRun()?.evaluation),
      draw: () => {
        const run2 = currentRun();
        return run2?.evaluation ? drawCalibration(run2.evaluation, run2) : sayInstead("This run has no calibration.");
      }
    }).element;
  }
  var titles2 = {
    "mistakes.png": "Most confident mistakes",
    "first_layer.png": "First layer",
    "augmented.png": "Augmented examples"
  };
  function runPictures() {
    const run2 = currentRun();
    if (!run2) return [];
    const mistakes2 = run2.evaluation?.mistakes ?? [];
    const address = (name) => `/api/run/${run2.id}/file/${name}?${pictureVersion(run2)}`;
    return run2.pictures.map((name) => el(
      "figure",
      { class: "pictures", "aria-label": titles2[name] ?? name },
      el("h3", {}, titles2[name] ?? name),
      el("img", { src: address(name), alt: `${titles2[name] ?? name} of ${run2.id}` }),
      name === "mistakes.png" && mistakes2.length ? mistakesTable(mistakes2) : null
    ));
  }

  // src/output/html/scripts/live/rungs.js
  var element = el("section", { id: "rungs", "aria-labelledby": "rungs-h", hidden: true });
  var shown = "";
  function rungsSection() {
    const around = el("div", {}, element);
    byId("sections").before(around);
    return around;
  }
  function showRungs(rungs) {
    element.hidden = !rungs.length;
    if (JSON.stringify(rungs) === shown) return;
    shown = JSON.stringify(rungs);
    element.replaceChildren(el("h2", { id: "rungs-h" }, "Rungs"), ...rungs.flatMap(contents2));
  }
  function contents2({ lines: lines2, head, rows }) {
    const kind = (column) => head[column].is_number ? "number" : "";
    const names = head.map(({ header }, at) => el("th", { scope: "col", class: kind(at) }, header));
    const cells = (row2) => row2.map((text, at) => el("td", { class: kind(at) }, text));
    return [...lines2.map((line) => el("p", {}, line)), el("div", { class: "scroller" }, el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...names)),
      el("tbody", {}, ...rows.map((row2) => el("tr", {}, ...cells(row2))))
    ))];
  }

  // src/output/html/scripts/live/status.js
  var words2 = {
    loading: "loading",
    live: "live",
    paused: "paused",
    lost: "connection lost: trying again",
    ended: "the server was started anew: open the address that it printed"
  };
  var element2 = el("span", { id: "live-status", class: "status" }, words2.loading);
  var now = (
    /** @type {Status} */
    "loading"
  );
  var statusElement = () => element2;
  function say(status) {
    if (status === now) return;
    if (status === "lost" || status === "ended" || now === "lost") announce(words2[status]);
    now = status;
    element2.textContent = words2[status];
    element2.dataset.status = status;
  }

  // src/output/html/scripts/live/stream.js
  var FIRST_WAIT = 1e3;
  var LONGEST_WAIT = 2e4;
  var LONGEST_SILENCE = 4e4;
  var source2 = null;
  var hearers2 = {};
  var version = null;
  var wait = FIRST_WAIT;
  var wasLost = false;
  var hasEnded = false;
  var silence;
  var trying;
  function listen(from, listeners2) {
    version = from;
    hearers2 = listeners2;
    document.addEventListener("visibilitychange", follow3);
    follow3();
  }
  function follow3() {
    if (document.hidden) {
      close();
      wasLost = true;
      say("paused");
    } else if (!source2 && !hasEnded) {
      connect();
    }
  }
  function close() {
    source2?.close();
    source2 = null;
    clearTimeout(silence);
  }
  function connect() {
    clearTimeout(trying);
    const own = new EventSource(`/api/events${version == null ? "" : `?version=${version}`}`);
    source2 = own;
    clearTimeout(silence);
    silence = window.setTimeout(() => void lost(), LONGEST_SILENCE);
    own.onopen = () => {
      if (wasLost && version == null) hearers2.runs({});
      wasLost = false;
    };
    own.onerror = () => void lost();
    own.addEventListener("beat", heard);
    for (const [name, hear2] of Object.entries(hearers2)) {
      own.addEventListener(name, (event) => {
        heard();
        version = Number(event.lastEventId) || version;
        hear2(JSON.parse(event.data));
      });
    }
  }
  function heard() {
    wait = FIRST_WAIT;
    say("live");
    clearTimeout(silence);
    silence = window.setTimeout(() => void lost(), LONGEST_SILENCE);
  }
  async function lost() {
    close();
    wasLost = true;
    if (document.hidden) return;
    say("lost");
    try {
      await ask("/api/overview");
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        hasEnded = true;
        say("ended");
        return;
      }
    }
    clearTimeout(trying);
    trying = window.setTimeout(follow3, wait);
    wait = Math.min(LONGEST_WAIT, 2 * wait);
  }

  // src/output/html/scripts/live/study.js
  var showStudy = () => {
  };
  function studyView() {
    const problem3 = el("p", { class: "problem" });
    const answer = el("p", { class: "answer" });
    const state = el("p", { class: "muted" });
    const questions = el("div", {});
    const rest = el("div", {});
    const inside2 = el(
      "div",
      { hidden: true },
      problem3,
      answer,
      state,
      el("h2", {}, "Questions and answers"),
      questions,
      rest
    );
    part("study", el("div", { id: "study" }, inside2));
    const showQuestions = keyed2(questions, (one) => one.question, question);
    let shown3 = "";
    showStudy = (study) => {
      inside2.hidden = false;
      problem3.hidden = !study.problem;
      setText(problem3, study.problem ?? "");
      setText(answer, study.answer.length ? study.answer.join(" ") : "It has no answer yet.");
      setText(state, study.question ? `${study.state}: ${study.question}` : study.state);
      showQuestions(study.answers);
      const { name, decisions, files } = study;
      const now2 = JSON.stringify([name, decisions, files]);
      if (now2 === shown3) return;
      shown3 = now2;
      rest.replaceChildren(...decisionsAndFiles(study));
    };
  }
  function question({ question: asked2 }) {
    const inside2 = el("div", {});
    const element3 = el("details", { class: "run question", open: true }, el("summary", {}, asked2), inside2);
    let shown3 = "";
    const update = ({ sentences, picture: picture2, table: table2 }) => {
      const now2 = JSON.stringify([sentences, picture2, table2]);
      if (now2 === shown3) return;
      shown3 = now2;
      inside2.replaceChildren(
        el("p", {}, sentences.join(" ")),
        ...pictured(asked2, picture2),
        ...table2 ? [el("pre", { class: "log", tabindex: "0", "aria-label": `Table of ${asked2}` }, table2)] : []
      );
    };
    return { element: element3, update };
  }
  function pictured(asked2, picture2) {
    if (!picture2) return [];
    const src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture2)}`;
    return [el("img", { src, alt: `Picture of ${asked2} The sentences above say the same` })];
  }
  function decisionsAndFiles({ name, decisions, files }) {
    const file = (one) => `/api/study/${encodeURIComponent(name)}/file/${encodeURIComponent(one)}`;
    return [
      ...decisions.length ? [el("h2", {}, "Decisions")] : [],
      el("dl", { class: "commands" }, ...decisions.flatMap(([what, why]) => [el("dt", {}, what), el("dd", {}, why)])),
      el("h2", {}, "Its experiments and files"),
      el("ul", {}, ...files.map(({ name: one, experiment }) => el(
        "li",
        {},
        el("a", { href: file(one), download: one }, one),
        ...experiment ? [" ", linkTo({ experiment }, "its runs")] : []
      )))
    ];
  }

  // src/output/html/scripts/live/start.js
  var problem2 = el("p", { class: "problem", role: "alert", hidden: true });
  var AGAIN2 = 3e3;
  var STUDY_AGAIN = 5e3;
  var STUDY_AFTER = 6e4;
  var isListening = false;
  var studiesUntil = 0;
  function startLive() {
    byId("theme").before(statusElement());
    byId("nav").prepend(linkTo({}, "Overview"));
    byId("main").prepend(problem2);
    part("page", byId("answer"));
    part("page", rungsSection());
    part("page", byId("sections"));
    overviewView();
    nowSection();
    whereControls();
    setCurveSource((ids2) => ask(`/api/curves${query({ ids: ids2.join(",") })}`));
    runView();
    diffView();
    studyView();
    on("address", open);
    open();
  }
  var opened = "";
  function open() {
    showView();
    if (key() === opened) return;
    opened = key();
    problem2.hidden = true;
    void loading.now();
  }
  var shows = {
    overview: (answer) => {
      showOverview(answer);
      showTitle({ title: "runner", counts: overviewCounts() });
    },
    page: ({ heading: heading2, data: data2 }) => {
      showHeading(heading2);
      showRungs(heading2.rungs);
      setData(data2);
    },
    run: (run2) => {
      showTitle({ title: `Run ${run2.id}`, counts: run2.experiments });
      setRun(run2);
    },
    diff: ([difference2, curves2]) => {
      showTitle({ title: `Runs ${chosenText("a")} and ${chosenText("b")}`, counts: "" });
      setDiff(difference2, curves2);
    },
    study: (study) => {
      showTitle({ title: `Study ${study.name}`, counts: "" });
      showStudy(study);
    }
  };
  var missed = null;
  function hear(telling) {
    missed?.push(telling);
    telling();
  }
  var loading = loader(key, async (address) => {
    const now2 = view();
    const ids2 = `${chosenText("a")},${chosenText("b")}`;
    const more = now2 === "diff" ? [ask(`/api/curves${query({ ids: ids2 })}`)] : [];
    const meanwhile = [];
    missed = meanwhile;
    const [{ answer, version: version2, refused }, ...others] = await Promise.all([answerOf(now2, address), ...more]).finally(() => {
      missed = null;
    });
    return () => {
      problem2.hidden = true;
      sayOfWhere(refused);
      shows[now2](more.length ? [answer, ...others] : answer);
      meanwhile.forEach((telling) => telling());
      settled(version2);
    };
  }, failed);
  function failed(error) {
    problem2.textContent = error.message;
    problem2.hidden = false;
    if (error.status === 0) setTimeout(() => loading.soon(), AGAIN2);
    else settled(error.version);
  }
  function settled(version2) {
    if (isListening) return;
    isListening = true;
    listen(version2, {
      rows: (rows) => hear(() => addRows(rows)),
      run: (run2) => hear(() => changeRun(run2)),
      runs: () => loading.soon(),
      overview: (entry) => hear(() => changeOverview(entry))
    });
    setInterval(() => {
      if (document.hidden) return;
      if (view() === "study") loading.soon();
      if (view() === "overview" && performance.now() < studiesUntil) loading.soon();
    }, STUDY_AGAIN);
  }
  function changeOverview(entry) {
    studiesUntil = performance.now() + STUDY_AFTER;
    if (view() === "overview") {
      changeExperiment(entry);
      showTitle({ title: "runner", counts: overviewCounts() });
    }
    if (view() === "study") loading.soon();
  }
  function addRows(rows) {
    switch (view()) {
      case "run":
        if (growRun(rows)) loading.soon();
        break;
      case "diff":
        if (isCompared(rows.id)) loading.soon();
        break;
      default:
        grow(rows);
    }
  }
  var isOfPage = (of2) => !chosenText("experiment") || of2.includes(chosenText("experiment"));
  var isCompared = (id) => [chosenText("a"), chosenText("b")].includes(id);
  function changeRun(changed) {
    const { of: of2, is_noted: isNoted, ...entry } = changed;
    const run2 = runOf(entry.id);
    switch (view()) {
      case "run":
        if (changeCurrentRun(changed)) loading.soon();
        break;
      case "diff":
        if (isCompared(entry.id) && !isNoted) loading.soon();
        break;
      case "page":
        if (run2 ? run2.state !== entry.state || !isNoted && entry.state !== "running" : isOfPage(of2)) loading.soon();
        if (run2) {
          adoptEntry(run2, entry);
          tell("runs");
        }
        break;
      default:
    }
  }

  // src/output/html/scripts/predictions/section.js
  var nothing2 = {
    traces: [],
    layout: { xaxis: { visible: false }, yaxis: { visible: false } },
    text: "This run has no such figures."
  };
  var chosen3 = () => data.predictions.find(({ run: run2 }) => runs[run2].id === chosenText("judged")) ?? data.predictions[0];
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
      el("div", { class: "grid" }, confusionFigure2(), calibrationFigure2()),
      pictures
    );
    let shown3 = "";
    const show3 = () => {
      const now2 = chosen3();
      if (JSON.stringify(now2) === shown3) return;
      shown3 = JSON.stringify(now2);
      judged.textContent = now2 ? judgedBy(now2) : "";
      pictures.replaceChildren(...now2 ? picturesOf(now2, runs[now2.run]) : []);
    };
    on("predictions", show3);
    follow(() => {
      note.hidden = data.predictions.length >= runs.length;
      note.textContent = `Of ${data.predictions.length} of the ${runs.length} runs: one of each config first, the first config's before others; pictures of fewer.`;
      show3();
    });
  }
  function confusionFigure2() {
    return figure({
      id: "confusion",
      title: "Confusion",
      events: ["predictions"],
      isTall: true,
      isShown: () => data.predictions.some((predictions) => predictions.confusion),
      draw: () => {
        const confusion = chosen3()?.confusion;
        return confusion ? drawConfusion(confusion) : nothing2;
      },
      caption: "Colour: share of the true class. Point at a cell for its counts."
    }).element;
  }
  function calibrationFigure2() {
    return figure({
      id: "calibration",
      title: "Calibration",
      events: ["predictions"],
      isTall: true,
      isShown: () => data.predictions.some((predictions) => predictions.evaluation),
      draw: () => {
        const now2 = chosen3();
        return now2?.evaluation ? drawCalibration(now2.evaluation, runs[now2.run]) : nothing2;
      },
      caption: "On the dashed line confidence is right; below it the network is too sure. Larger dots stand for more examples."
    }).element;
  }
  function runChoice() {
    const options = () => data.predictions.map(({ run: run2 }) => (
      /** @type {Option<string>} */
      [runs[run2].id, runName(runs[run2])]
    ));
    const now2 = () => {
      const one = chosen3();
      return one ? runs[one.run].id : "";
    };
    return choice("Run", options, now2, (value) => {
      keep("judged", value);
      tell("predictions");
    });
  }
  function judgedBy({ evaluation, run: run2 }) {
    const examples = evaluation ? `${evaluation.examples} ${evaluation.split} examples` : "Examples";
    return `${examples}, with ${runs[run2].model || "the newest weights"}.`;
  }

  // src/output/html/scripts/runs/section.js
  var RUNS_AT_ONCE = 100;
  var INTRODUCTION2 = "In the order and with the filter of the table; open one for its settings and where its numbers come from.";
  function runsSection() {
    const { list, more, draw, update } = longList({
      noun: "runs",
      atOnce: RUNS_AT_ONCE,
      items: () => runsOf(filtered),
      key: (run2) => run2.id,
      make: runDetails
    });
    section("runs", "Runs", () => runs.length > 0, el("p", { class: "muted" }, INTRODUCTION2), list, more);
    let isWaiting = false;
    on("filter", () => {
      if (isWaiting) return;
      isWaiting = true;
      later(() => {
        isWaiting = false;
        draw();
      });
    });
    for (
      const event of
      /** @type {const} */
      ["data", "rows", "runs"]
    ) on(event, update);
    draw();
  }

  // src/output/html/scripts/settings/crossed.js
  var NOT_CROSSED = "Left out: its means average over the other settings, and these configs are not a full grid of them.";
  function areCrossed(settings) {
    const shown3 = filtered.filter((index) => runsOf([index]).some(isFinished)).map((index) => configs[index]);
    const own = settings.map((setting2) => partition(shown3, setting2));
    const isChoice = (key2) => !/(^|[._])seeds?$/.test(key2) && !key2.startsWith("evaluation.");
    const others = varied.map((_, index) => index).filter((index) => !settings.includes(index) && isChoice(varied[index].key) && !own.includes(partition(shown3, index)));
    const valuesOf2 = (config, of2) => JSON.stringify(of2.map((at) => config.values[at]));
    const contexts = /* @__PURE__ */ new Map();
    for (const config of shown3) {
      const key2 = valuesOf2(config, settings);
      contexts.set(key2, (contexts.get(key2) ?? /* @__PURE__ */ new Set()).add(valuesOf2(config, others)));
    }
    const sorted2 = [...contexts.values()].map((set) => [...set].sort().join("\n"));
    return sorted2.every((set) => set === sorted2[0]);
  }
  function partition(shown3, setting2) {
    const numbers = /* @__PURE__ */ new Map();
    return shown3.map(({ values }) => {
      const number = numbers.get(values[setting2]) ?? numbers.size;
      numbers.set(values[setting2], number);
      return number;
    }).join(" ");
  }

  // src/output/html/scripts/settings/groups.js
  function runsByValues(settings) {
    const groups = /* @__PURE__ */ new Map();
    for (const index of filtered) {
      const key2 = JSON.stringify(settings.map((setting2) => configs[index].values[setting2]));
      const own = runsOf([index]).filter(isFinished);
      const group = groups.get(key2) ?? [];
      group.push(...own);
      groups.set(key2, group);
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
      const places2 = new Map(values.map((value, place2) => [value, place2]));
      return { at: (value) => places2.get(value) ?? -1, axis: { title, ...valueTicks(values), range } };
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
  function drawScatter(setting2, key2) {
    const figure2 = figures[key2];
    const { of: of2, text, name } = figure2;
    const runs2 = shownRuns(figure2);
    const places2 = settingPlaces(setting2);
    const said2 = runs2.map((run2) => `${valueText(valueOf(run2, setting2))}: ${text(of2(run2))}`);
    return {
      traces: [{
        x: runs2.map((run2) => places2.at(valueOf(run2, setting2))),
        y: runs2.map(of2),
        mode: "markers",
        marker: { color: withAlpha(palette()[0], 0.7), size: 8 },
        ...hover(runs2.map((run2) => `<b>${label(configs[run2.config].label)}</b><br>seed ${run2.seed}: ${text(of2(run2))}`))
      }],
      shows: `${setting2} ${key2}`,
      text: `${name} by ${varied[setting2].short}, a dot a run. ${someOf(said2)}`,
      layout: {
        xaxis: places2.axis,
        yaxis: { title: { text: axisTitle(figure2) }, rangemode: figure2.unit === "points" ? "tozero" : "normal" }
      }
    };
  }
  function drawMap(across2, up, key2) {
    const figure2 = figures[key2];
    const { of: of2, text, name, unit } = figure2;
    const runs2 = shownRuns(figure2);
    const [x, y] = [settingPlaces(across2), settingPlaces(up)];
    const said2 = runs2.map((run2) => `${hoverWords(run2, across2)}<br>${hoverWords(run2, up)}<br>seed ${run2.seed}: <b>${text(of2(run2))}</b>`);
    const told = runs2.map((run2) => `${words3(run2, across2)}, ${words3(run2, up)}: ${text(of2(run2))}`);
    return {
      traces: [{
        x: runs2.map((run2) => x.at(valueOf(run2, across2))),
        y: runs2.map((run2) => y.at(valueOf(run2, up))),
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
      shows: `${across2} ${up}`,
      text: `${name} by ${varied[across2].short} and ${varied[up].short}, a dot a run. ${someOf(told)}`,
      layout: { xaxis: x.axis, yaxis: y.axis }
    };
  }
  var shownRuns = ({ of: of2 }) => runsOf(filtered).filter((run2) => isFinished(run2) && of2(run2) != null);
  var valueOf = (run2, setting2) => configs[run2.config].values[setting2];
  var words3 = (run2, setting2) => `${varied[setting2].short} ${valueText(valueOf(run2, setting2))}`;
  var hoverWords = (run2, setting2) => `${label(varied[setting2].short)} ${label(valueText(valueOf(run2, setting2)))}`;
  var someOf = (said2) => `${said2.slice(0, 60).join("; ")}${said2.length > 60 ? "; and more" : ""}.`;

  // src/output/html/scripts/settings/by_setting.js
  function drawBySetting(setting2, key2) {
    if (hasManyNumbers(setting2)) return drawScatter(setting2, key2);
    if (!areCrossed([setting2])) return sayInstead(NOT_CROSSED);
    const figure2 = figures[key2];
    const groups = groupsOf(setting2, figure2);
    const short = varied[setting2].short;
    const said2 = groups.slice(0, 60).map((group) => `${valueText(group.value)}: ${figure2.text(group.mean)} over ${group.runs.length} runs`);
    const ticks = valueTicks(groups.map((group) => group.value));
    return {
      traces: [dots(groups, figure2), means(groups, figure2, short)],
      shows: `${setting2} ${key2}`,
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
      const runs2 = runsWith(value).filter((run2) => of2(run2) != null);
      const numbers = runs2.map(of2);
      return runs2.length ? [{ value, runs: runs2, mean: mean(numbers), deviation: deviation(numbers) ?? 0 }] : [];
    });
  }
  function dots(groups, { of: of2, text }) {
    const said2 = (run2) => `<b>${label(configs[run2.config].label)}</b><br>seed ${run2.seed}: ${text(of2(run2))}`;
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
    const key2 = () => (
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
      draw: () => data.effects ? drawEffects(data.effects, key2()) : sayInstead("There are no effects to show."),
      controls: [choice("On", options, key2, (value) => {
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
  function drawEffects(effects, key2) {
    const rows = effects.settings.flatMap((setting2, at) => setting2.levels.map((level) => ({ setting: setting2, level, at })));
    const places2 = rows.map(({ at }, i) => i + at * 0.6);
    const ticks = labelled(rows.length, 30);
    const said2 = rows.map((row2) => words4(row2, key2));
    const accuracy = `${key2 === "train" ? "train" : effects.held_out} accuracy`;
    const told = said2.slice(0, 60).map((lines2) => lines2.join(", "));
    return {
      traces: [effectsTrace(rows, key2, places2, said2)],
      shows: key2,
      text: `Main effects on the ${key2 === "gap" ? "gap" : accuracy}. ${told.join("; ")}.`,
      layout: {
        xaxis: {
          title: { text: key2 === "gap" ? "gap in points" : `${label(accuracy)} in %` },
          rangemode: key2 === "gap" ? "tozero" : "normal"
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
  function effectsTrace(rows, key2, places2, said2) {
    const colors = palette();
    const halves = rows.map(({ level }) => level.mean[key2][1] ?? 0);
    return {
      x: rows.map(({ level }) => level.mean[key2][0]),
      y: places2,
      mode: "markers",
      marker: { size: 10, color: rows.map(({ at }) => colors[at % colors.length]) },
      error_x: { type: "data", array: halves, color: cssColor("muted"), thickness: 1.6, width: 5 },
      ...hover(said2.map((lines2) => label(lines2.join("\n"), 400).replace(/\n/g, "<br>")))
    };
  }
  function words4({ setting: setting2, level }, key2) {
    const text = key2 === "gap" ? points : percent;
    const [value, half] = level.mean[key2];
    const interval = half == null ? "" : ` ± ${fixed(half, 1)}`;
    const lines2 = [`${setting2.name} ${level.value}: mean ${text(value)}${interval} over ${level.runs} runs`];
    if (level.change) {
      const [change2, width] = level.change[key2];
      const sign = change2 >= 0 ? "+" : "";
      lines2.push(`${sign}${fixed(change2, 1)} points from ${setting2.levels[0].value}${doubt(change2, width)}`);
    }
    return lines2;
  }
  function doubt(change2, half) {
    if (half == null) return ", the seeds show no spread: cannot be told from noise";
    const width = fixed(half, 1);
    return Math.abs(change2) <= half ? `, within ± ${width}: cannot be told from noise` : ` ± ${width}`;
  }

  // src/output/html/scripts/settings/heat_map.js
  var MOST_CELLS = 4e3;
  function drawHeatMap(across2, up, key2) {
    if (hasManyNumbers(across2) || hasManyNumbers(up)) return drawMap(across2, up, key2);
    const [xs, ys] = [valuesOf(across2), valuesOf(up)];
    if (xs.length * ys.length > MOST_CELLS) {
      return sayInstead(`${xs.length} times ${ys.length} values are too many for a heat map.`);
    }
    if (!areCrossed([across2, up])) return sayInstead(NOT_CROSSED);
    const runsWith = runsByValues([across2, up]);
    const cells = ys.map((y) => xs.map((x) => ({ x, y, value: mean(runsWith(x, y).map(figures[key2].of)) })));
    const axis = (setting2, values) => ({ title: { text: label(varied[setting2].short) }, showgrid: false, ...valueTicks(values) });
    return {
      traces: [heatMap2(cells, across2, up, key2)],
      shows: `${across2} ${up}`,
      text: heatMapText(cells.flat(), across2, up, key2),
      layout: { xaxis: axis(across2, xs), yaxis: axis(up, ys) }
    };
  }
  function heatMap2(cells, across2, up, key2) {
    const { text, unit } = figures[key2];
    const hasRoom = cells[0].length <= 14 && cells.length <= 20;
    const digits = key2.endsWith("loss") ? 3 : 1;
    const [nameAcross, nameUp] = [label(varied[across2].short), label(varied[up].short)];
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
  function heatMapText(cells, across2, up, key2) {
    const { name, text } = figures[key2];
    const [nameAcross, nameUp] = [varied[across2].short, varied[up].short];
    const said2 = cells.slice(0, 60).map(({ x, y, value }) => `${nameAcross} ${valueText(x)}, ${nameUp} ${valueText(y)}: ${text(value)}`);
    return `Mean ${name} by ${nameAcross} and ${nameUp}. ${said2.join("; ")}${cells.length > 60 ? "; and more" : ""}.`;
  }

  // src/output/html/scripts/settings/axes.js
  var known3 = { of: configs, axes: (
    /** @type {Axis[] | null} */
    null
  ) };
  on("runs", () => {
    known3.axes = null;
  });
  function parallelAxes() {
    if (known3.of === configs && known3.axes) return known3.axes;
    const keys = ["train", "val", "test", "gap"].filter((key2) => presentFigures.includes(key2));
    const axes = [...varied.map(settingAxis), ...keys.map(figureAxis)];
    known3.of = configs;
    known3.axes = axes;
    return axes;
  }
  var finishedOf = (config) => config.runs.map((run2) => runs[run2]).filter(isFinished);
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
  function figureAxis(key2) {
    const { of: of2, text, name, unit } = figures[key2];
    const means2 = new Map(configs.map((config) => [config, mean(finishedOf(config).map(of2))]));
    const value = (config) => means2.get(config) ?? null;
    const all = [...means2.values()].filter((v) => v != null);
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

  // src/output/html/scripts/settings/brush.js
  var read2 = {
    text: "",
    parts: (
      /** @type {Part[]} */
      []
    ),
    configs,
    axes: (
      /** @type {Map<string, Axis>} */
      /* @__PURE__ */ new Map()
    )
  };
  function brushed() {
    const text = chosenText("brush");
    if (text !== read2.text) {
      read2.parts = text.split(";").filter(Boolean).map((part2) => {
        const [axis, low, high] = part2.split("~");
        return [axis, Number(low), Number(high)];
      });
    }
    if (read2.parts.length && (read2.configs !== configs || !read2.axes.size)) {
      read2.configs = configs;
      read2.axes = new Map(parallelAxes().map((axis) => [axis.name, axis]));
    }
    read2.text = text;
    return read2.parts;
  }
  filterAlso((index) => brushed().every(([name, low, high]) => {
    const axis = read2.axes.get(name);
    if (!axis) return true;
    const at = axis.at(configs[index]);
    return at != null && at >= low && at <= high;
  }));
  function setBrush(text) {
    keep("brush", text);
    filterAgain();
    announce(text ? `${filtered.length} of ${configs.length} configs are in the box` : "all configs again");
  }
  function brush(element3) {
    const plot2 = (
      /** @type {PlotElement} */
      element3
    );
    plot2.removeAllListeners("plotly_selected");
    plot2.on("plotly_selected", (event) => {
      const range = event?.range;
      if (!range?.x || !range.y) return;
      const [left, right] = [...range.x].sort((a, b) => a - b);
      const [low, high] = [...range.y].sort((a, b) => a - b);
      const own = parallelAxes().filter((_, at) => at >= left && at <= right);
      const kept2 = brushed().filter(([name]) => !own.some((axis) => axis.name === name));
      const added = own.map(({ name }) => (
        /** @type {Part} */
        [name, low, high]
      ));
      setBrush([...kept2, ...added].map(([name, from, to]) => `${name}~${from.toFixed(3)}~${to.toFixed(3)}`).join(";"));
    });
  }
  function brushShapes() {
    const parts3 = brushed();
    if (!parts3.length) return [];
    const names = parallelAxes().map(({ name }) => name);
    return parts3.flatMap(([name, low, high]) => {
      const at = names.indexOf(name);
      return at < 0 ? [] : [{ x0: at - 0.06, x1: at + 0.06, y0: low, y1: high }];
    });
  }
  function brushButton() {
    const button = el("button", { type: "button", onclick: () => setBrush("") }, "Clear the box");
    const update = () => {
      button.hidden = !brushed().length;
    };
    for (
      const event of
      /** @type {const} */
      ["data", "address", "filter"]
    ) on(event, update);
    update();
    return button;
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
      drawn: brush,
      controls: [brushButton()],
      caption: () => `A line a config of those that the table's filter leaves, from blue to orange by ${parallelAxes().at(-1)?.name ?? "the last figure"}. Draw a box over parts of axes to leave those whose lines go through it.`
    }).element;
  }
  function drawParallel(axes) {
    const shown3 = filtered.filter((index) => finishedOf(configs[index]).length);
    return { traces: tracesOf3(axes, shown3), layout: layoutOf(axes), text: textOf2(axes, shown3) };
  }
  function tracesOf3(axes, shown3) {
    const isMany = shown3.length > MANY_CONFIGS;
    const bins = Array.from({ length: BINS }, () => (
      /** @type {number[]} */
      []
    ));
    const shares = shown3.map((index) => axes[axes.length - 1].at(configs[index]) ?? 0);
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    shown3.forEach((index, at) => {
      const share = high > low ? (shares[at] - low) / (high - low) : 0.5;
      bins[Math.min(BINS - 1, Math.floor(share * BINS))].push(index);
    });
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
      shapes: [
        ...axes.map((_, i) => ({ type: "line", x0: i, x1: i, y0: 0, y1: 1, line, layer: "below" })),
        ...brushShapes().map((shape) => ({
          ...shape,
          type: "rect",
          line: { color: cssColor("text"), width: 1 },
          fillcolor: withAlpha(palette()[0], 0.18)
        }))
      ],
      dragmode: "select",
      newselection: { line: { color: cssColor("text"), width: 1, dash: "dot" } },
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
  function textOf2(axes, shown3) {
    const lines2 = shown3.slice(0, 20).map((index) => axes.map((axis) => `${axis.name} ${axis.text(configs[index])}`).join(", "));
    const more = shown3.length > 20 ? ` And ${shown3.length - 20} more configs.` : "";
    return `Parallel coordinates of ${shown3.length} configs. ${lines2.join(". ")}.${more}`;
  }

  // src/output/html/scripts/settings/section.js
  var DOTS = "A dot a run, whatever its other settings.";
  var DOTS_AND_MEANS = "A dot a run; diamonds are means over all other settings and seeds, with their standard deviation.";
  var CELLS = "Means over all other settings and seeds; an empty cell has no finished run. Settings of many numbers: a dot a run.";
  function figureKey() {
    const chosen4 = chosenText("figure");
    if (presentFigures.includes(chosen4)) return chosen4;
    return presentFigures.includes("gap") ? "gap" : presentFigures[0];
  }
  function settingOf(role) {
    const chosen4 = varied.findIndex(({ key: key2 }) => key2 === chosenText(role));
    return chosen4 >= 0 ? chosen4 : role === "up" ? Math.min(1, varied.length - 1) : 0;
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
    const options = () => varied.map(({ key: key2, short }) => (
      /** @type {Option<string>} */
      [key2, short]
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
    const options = () => presentFigures.map((key2) => (
      /** @type {Option<string>} */
      [key2, figures[key2].name]
    ));
    return choice("Figure", options, () => figureKey() ?? "", (value) => {
      keep("figure", value);
      tell("settings");
    });
  }

  // src/output/html/scripts/page/frames.js
  function oncePerFrame(show3) {
    let isAsked = false;
    return () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        show3();
      });
    };
  }

  // src/output/html/scripts/table/groups.js
  var closed = /* @__PURE__ */ new Set();
  var setting = () => varied.findIndex(({ key: key2 }) => key2 === chosenText("group"));
  function items2() {
    const by = setting();
    if (by < 0) return [...filtered];
    const groups = /* @__PURE__ */ new Map();
    for (const index of filtered) {
      const value = configs[index].values[by];
      const known4 = groups.get(value);
      if (known4) known4.push(index);
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
      [["", "nothing"], ...varied.map(({ key: key2, short }) => [key2, short])]
    );
    return choice("Group by", options, () => setting() < 0 ? "" : chosenText("group"), (value) => {
      keep("group", value);
      tell("filter");
    });
  }

  // src/output/html/scripts/table/shown_columns.js
  var shown2 = /* @__PURE__ */ new Set();
  var choices = 0;
  on("data", readAddress2);
  on("address", () => {
    readAddress2();
    tell("columns");
  });
  var mainOnes = () => columns.filter(({ group }) => group === "main").map(({ header }) => header);
  function readAddress2() {
    const known4 = new Set(columns.map(({ header }) => header));
    const chosen4 = chosenText("columns").split(",").filter((header) => known4.has(header));
    shown2 = new Set(chosen4.length ? chosen4 : mainOnes());
    choices += 1;
  }
  var isShown2 = (column) => shown2.has(columns[column].header);
  function show2(headers, isOn) {
    for (const header of headers) {
      if (isOn) shown2.add(header);
      else shown2.delete(header);
    }
    choices += 1;
    const all = columns.map(({ header }) => header).filter((header) => shown2.has(header));
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
      const isOn = () => own().length > 0 && own().every((header) => shown2.has(header));
      const button = el(
        "button",
        { type: "button", id: `show-${group}`, onclick: () => show2(own(), !isOn()) },
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
      list.replaceChildren(...headers.slice(1).map((header) => check(header, () => shown2.has(header), (isOn) => show2([header], isOn))));
    };
    follow(update);
    on("columns", () => list.querySelectorAll("input").forEach((box, at) => {
      box.checked = shown2.has(columns[at + 1].header);
    }));
    return el("details", { class: "menu" }, el("summary", {}, "Columns"), list);
  }

  // src/output/html/scripts/table/headings.js
  function makeHeadings() {
    const row2 = el("tr", { "aria-rowindex": 1 });
    let made = [];
    let shown3 = "";
    const update = () => {
      if (JSON.stringify(columns) !== shown3) {
        shown3 = JSON.stringify(columns);
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
      setText(arrow, "↕");
      return;
    }
    th.setAttribute("aria-sort", by.descends ? "descending" : "ascending");
    setText(arrow, by.descends ? "▼" : "▲");
  }
  function heading(column, index) {
    const arrow = el("span", { class: "arrow", "aria-hidden": "true" });
    const parts3 = column.is_number ? [arrow, column.header] : [column.header, arrow];
    const button = el("button", { type: "button", onclick: () => sortBy(index) }, ...parts3);
    const kind = column.is_number ? "number" : "";
    return { th: el("th", { scope: "col", class: kind, "data-name": column.header }, button), arrow };
  }

  // src/output/html/scripts/table/markdown.js
  function markdownButton() {
    const copy = () => void copyText(markdown(), button);
    const button = el("button", { type: "button", onclick: copy }, "Copy as Markdown");
    return button;
  }
  function markdown() {
    const shown3 = columns.map((_, at) => at).filter(isShown2);
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const rows = filtered.map((index) => shown3.map((at) => escaped(configs[index].cells[at][0])));
    const head = shown3.map((at) => escaped(columns[at].header));
    const rule = shown3.map((at) => columns[at].is_number ? "---:" : "---");
    return [head, rule, ...rows].map(line).join("\n") + "\n";
  }
  var escaped = (text) => text.replace(/\s+/g, " ").replace(/[|\\*`]/g, "\\$&").replace(/&/g, "&amp;").replace(/</g, "&lt;").replaceAll("](", "]\\(");

  // src/output/html/scripts/table/rows.js
  var itemKey = (item) => typeof item === "number" ? keyOf(configs[item]) : `group ${item.name}`;
  function row(item) {
    return typeof item === "number" ? configRow(item) : groupRow(item);
  }
  function configRow(first) {
    let index = first;
    let known4 = [];
    const box = el("input", { type: "checkbox", onchange: () => select([index], box.checked) });
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    const element3 = el("tr", {}, el("th", { scope: "row" }, box, swatch));
    const update = (item) => {
      index = /** @type {number} */
      item;
      const { label: label2, cells } = configs[index];
      box.checked = isSelected(index);
      const color = isSelected(index) ? colorOf(index) : "";
      const now2 = [index, cells, color, columns, choices];
      if (now2.every((part2, at) => part2 === known4[at])) return;
      known4 = now2;
      box.dataset.config = String(index);
      box.setAttribute("aria-label", "Draw the curves of " + label2);
      swatch.style.background = color;
      showCells(element3, cells.map(([shown3]) => shown3));
    };
    return { element: element3, update };
  }
  function groupRow(first) {
    let group = first;
    const button = el("button", { type: "button", onclick: () => toggle(group) });
    const element3 = el("tr", { class: "group" }, el("th", { scope: "rowgroup" }, button));
    const update = (item) => {
      group = /** @type {Group} */
      item;
      const count = `${group.indexes.length} config${group.indexes.length === 1 ? "" : "s"}`;
      button.setAttribute("aria-expanded", String(!isClosed(group)));
      button.setAttribute("aria-label", `${isClosed(group) ? "Show" : "Hide"} the configs of ${group.name}`);
      setText(button, isClosed(group) ? "▸" : "▾");
      const means2 = columns.map((_, at) => at === 0 ? `${group.name}: ${count}` : meanOf(group, at));
      showCells(element3, means2);
    };
    return { element: element3, update };
  }
  function meanOf({ indexes }, column) {
    const { scale } = columns[column];
    const value = scale == null ? null : mean(indexes.map((index) => configs[index].cells[column][1]));
    if (scale == null || value == null) return "";
    return `mean ${scale === 1 ? loss(value) : fixed(scale * value, 1)}`;
  }
  function showCells(element3, texts2) {
    while (element3.children.length > texts2.length + 1) element3.lastElementChild?.remove();
    texts2.forEach((text, column) => {
      const known4 = element3.children[column + 1];
      const cell = known4 instanceof HTMLElement ? known4 : element3.appendChild(el("td", {}));
      setText(cell, text);
      const kind = columns[column].is_number ? "number" : "";
      if (cell.className !== kind) cell.className = kind;
      if (cell.hidden === isShown2(column)) cell.hidden = !isShown2(column);
    });
  }

  // src/output/html/scripts/table/window.js
  var LONG = 200;
  var ROW = 33;
  var AROUND = 12;
  var MOST_CHARACTERS = 30;
  function seen2(scroller, all) {
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - AROUND);
    const count = Math.ceil(scroller.clientHeight / ROW) + 2 * AROUND;
    const items3 = all.slice(first, first + count);
    return { items: items3, above: first * ROW, below: Math.max(0, all.length - first - count) * ROW };
  }
  var widest = null;
  on("data", () => {
    widest = null;
  });
  var countWidest = () => columns.map(({ header }, column) => {
    const longestWord = Math.max(...header.split(" ").map((word) => word.length)) + 3;
    const longest = configs.reduce((most, { cells }) => Math.max(most, cells[column][0].length), longestWord);
    return Math.min(longest, column ? MOST_CHARACTERS : 2 * MOST_CHARACTERS);
  });
  function widths() {
    widest ??= countWidest();
    const shown3 = widest.filter((_, column) => isShown2(column));
    return [el("col", { style: "width: 64px" }), ...shown3.map((characters) => el("col", { style: `width: ${characters + 3}ch` }))];
  }

  // src/output/html/scripts/table/section.js
  function tableSection() {
    const headings = makeHeadings();
    const rows = el("tbody", {});
    const legend2 = el("span", {});
    const columnWidths = el("colgroup", {});
    const [above, below] = [spacer(), spacer()];
    const table2 = el(
      "table",
      { id: "configs-table" },
      el("caption", {}, legend2),
      columnWidths,
      el("thead", {}, headings.row),
      above.element,
      rows,
      below.element
    );
    const scroller = el(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": "Table of configs" },
      table2
    );
    section("configs", "Configs", () => configs.length > 0, controls2(), scroller);
    const show3 = keyed2(rows, itemKey, row);
    let all = [];
    const showRows = () => {
      const isLong = all.length > LONG;
      const window2 = isLong ? seen2(scroller, all) : { items: all, above: 0, below: 0 };
      above.show(window2.above);
      below.show(window2.below);
      show3(window2.items);
      numberRows(rows, window2.items.length ? all.indexOf(window2.items[0]) : 0);
    };
    const showSoon = oncePerFrame(showRows);
    const update = () => {
      all = items2();
      const isLong = all.length > LONG;
      table2.classList.toggle("long", isLong);
      table2.setAttribute("aria-rowcount", String(all.length + 1));
      columnWidths.replaceChildren(...isLong ? widths() : []);
      setText(legend2, legendText());
      headings.update();
      showRows();
    };
    scroller.addEventListener("scroll", () => {
      if (all.length > LONG) showSoon();
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
  var legendText = () => `One row a config: ${data.legend}. A click or Enter on a heading sorts; a box draws the config's curves.`;
  var numberRows = (rows, first) => [...rows.children].forEach((row2, at) => numberRow(row2, first + at + 2));
  function numberRow(row2, number) {
    if (row2.getAttribute("aria-rowindex") !== String(number)) row2.setAttribute("aria-rowindex", String(number));
  }
  function spacer() {
    const row2 = el("tr", {});
    const element3 = el("tbody", { "aria-hidden": "true" });
    const show3 = (pixels) => {
      row2.style.height = `${pixels}px`;
      if (Boolean(pixels) !== element3.hasChildNodes()) element3.replaceChildren(...pixels ? [row2] : []);
    };
    return { element: element3, show: show3 };
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
      ...columnControls(),
      markdownButton()
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
