// The diagnosis of each config in words, and the mean effect of each setting with its interval.

const FINDINGS_AT_ONCE = 20; // configs
const FINDINGS_OPEN = 3; // of these

function findingLine(finding) {
  return el("li", { class: finding.severity },
    el("span", { class: "word" }, finding.severity + ": "), ...withCode(finding.text),
    finding.advice ? el("div", { class: "muted" }, ...withCode(finding.advice)) : null);
}

// Settings are between backticks.
function withCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? el("code", {}, part) : part));
}

function findingsOf(index, isOpen) {
  const { label: name, findings } = configs[index];
  const grave = findings.filter((finding) => finding.severity !== "note").length;
  const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const count = grave ? counted(grave, "warning") : counted(findings.length, "note");
  const inside = el("div", {});
  const fillIn = () => {
    if (!inside.firstChild) inside.append(el("ul", { class: "findings" }, ...findings.map(findingLine)));
  };
  if (isOpen) fillIn();
  return el("details", { class: "run", open: isOpen, ontoggle: fillIn },
    el("summary", {}, `${name} `, el("span", { class: "muted" }, `(${count})`)), inside);
}

function findingsSection() {
  if (!configs.some((config) => config.findings.length)) return;
  const list = el("div", {});
  const more = el("button", { type: "button", onclick: () => showMore() });
  let current = [];
  let shown = 0;
  const showMore = () => {
    const next = current.slice(shown, shown + FINDINGS_AT_ONCE);
    list.append(...next.map((index, at) => findingsOf(index, shown + at < FINDINGS_OPEN)));
    shown += FINDINGS_AT_ONCE;
    more.hidden = shown >= current.length;
    more.textContent = `Show ${Math.min(FINDINGS_AT_ONCE, current.length - shown)} more configs`;
  };
  const draw = () => {
    current = filtered.filter((index) => configs[index].findings.length);
    shown = 0;
    list.replaceChildren();
    showMore();
  };
  section("diagnosis", "Diagnosis", el("p", { class: "muted" }, "What each config's curves say, in the order and with the filter of the table."), list, el("p", { class: "controls" }, more));
  on("filter", draw);
  draw();
}

// One row for each value of a setting, with the mean over all other settings and its 95 % interval.
function drawEffects(key) {
  const { settings, held_out: heldOut } = data.effects;
  const text = key === "gap" ? points : percent;
  const levels = settings.flatMap((setting, at) => setting.levels.map((level) => ({ setting, level, at })));
  const places = levels.map(({ at }, i) => i + at * 0.6); // a little room between settings
  const ticks = labelled(levels.length, 30);
  const colors = palette();
  const half = ({ level }) => level.mean[key][1];
  const said = levels.map((row) => effectWords(row, key, text));
  return {
    traces: [{
      x: levels.map(({ level }) => level.mean[key][0]), y: places, mode: "markers",
      marker: { size: 10, color: levels.map(({ at }) => colors[at % colors.length]) },
      error_x: { type: "data", array: levels.map((row) => half(row) ?? 0), color: cssColor("muted"), thickness: 1.6, width: 5 },
      ...hover(said.map((words) => label(words, 400).replace(/\n/g, "<br>"))),
    }],
    shows: key,
    text: `Main effects on the ${key === "held_out" ? heldOut + " accuracy" : key === "train" ? "train accuracy" : "gap"}. ${said.slice(0, 60).map((words) => words.replace(/\n/g, ", ")).join("; ")}.`,
    layout: {
      xaxis: { title: { text: key === "gap" ? "gap in points" : `${label(key === "train" ? "train" : heldOut)} accuracy in %` } },
      yaxis: {
        tickvals: ticks.map((at) => places[at]),
        ticktext: ticks.map((at) => label(`${levels[at].setting.name} ${tickText(levels[at].level.value)}`, 34)),
        autorange: "reversed", showgrid: false, zeroline: false,
      },
    },
  };
}
function effectWords({ setting, level }, key, text) {
  const [value, half] = level.mean[key];
  const interval = half == null ? "" : ` ± ${fixed(half, 1)}`;
  const lines = [`${setting.name} ${level.value}: mean ${text(value)}${interval} over ${level.runs} runs`];
  if (level.change) {
    const [change, width] = level.change[key];
    const doubt = width == null ? ", the seeds show no spread: cannot be told from noise" : Math.abs(change) <= width ? `, within ± ${fixed(width, 1)}: cannot be told from noise` : ` ± ${fixed(width, 1)}`;
    lines.push(`${change >= 0 ? "+" : ""}${fixed(change, 1)} points from ${setting.levels[0].value}${doubt}`);
  }
  return lines.join("\n");
}

function effectsFigure() {
  const { effects } = data;
  if (!effects) return [];
  const lines = [...effects.trends, ...effects.interactions, ...effects.notes];
  const list = el("ul", { class: "notes" }, ...lines.map((line) => el("li", {}, line)));
  if (!effects.settings.length) return lines.length ? [el("figure", { class: "whole" }, list)] : [];
  let key = "gap";
  const options = [["gap", "gap"], ["held_out", `${effects.held_out} accuracy`], ["train", "train accuracy"]];
  const drawn = figure({
    id: "effects", title: "Main effects", events: [], isWhole: varied.length > 1, isTall: effects.settings.length > 2, draw: () => drawEffects(key),
    controls: [choice("On", options, key, (value) => { key = value; drawn.redraw(); })],
    caption: "Each value of a setting averaged over the same combinations of the others, with its 95 % interval from the spread of the seeds. Of all finished runs, whatever the filter.",
  });
  if (lines.length) drawn.element.append(list);
  return [drawn.element];
}
