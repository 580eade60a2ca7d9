// Each run in full, in an element to open; its content is created when it is opened.

const RUNS_AT_ONCE = 100;

function pairs(caption, lines) {
  const line = ([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value));
  return el("table", { class: "pairs" }, el("caption", {}, caption), el("tbody", {}, ...lines.map(line)));
}

function resultLines(run) {
  const row = (name, figures) => (figures
    ? [[name, `epoch ${figures.epoch}: train ${percent(figures.train)}` +
      (figures.val == null ? "" : `, validation ${percent(figures.val)}`) +
      (figures.test == null ? "" : `, test ${percent(figures.test)}, gap ${points(figures.gap)}`)]] : []);
  return [
    ["state", run.state + (run.reason ? ": " + run.reason : "")],
    ["epochs", `${run.last ? run.last.epoch : 0} of ${run.total_epochs}`],
    ...row("last", run.last), ...row("best", run.best), ...(run.model ? [["model", run.model]] : []),
    ["trained for", `${run.train_seconds} s, ${run.attempt === 1 ? "1 attempt" : run.attempt + " attempts"}`],
    ["started", run.started], ["updated", run.updated],
    ["experiments", data.shared.experiments[run.experiments]],
    ["result SHA-256", run.result_sha256 || "-"],
  ];
}

function fill(run, place) {
  place.append(
    el("div", {}, pairs("Results", resultLines(run)), pairs("Provenance", data.shared.provenance[run.provenance])),
    pairs("Settings", [...run.settings, ...data.shared.settings].sort((a, b) => (a[0] < b[0] ? -1 : 1))));
}

function runDetails(run) {
  const inside = el("div", {});
  const test = run.last && run.last.test != null ? `, test ${percent(run.last.test)}, gap ${points(run.last.gap)}` : "";
  const seed = run.seed == null ? "" : `, seed ${run.seed}`;
  const details = el("details", {
    class: "run", ontoggle: () => { if (details.open && !inside.firstChild) fill(run, inside); },
  }, el("summary", {}, el("code", {}, run.id), ` ${configs[run.config].label}${seed}: ${run.state}${test}`), inside);
  return details;
}

function runsSection() {
  const list = el("div", {});
  let shown = 0;
  let current = [];
  const more = el("button", { type: "button", onclick: () => showMore() });
  const showMore = () => {
    list.append(...current.slice(shown, shown + RUNS_AT_ONCE).map(runDetails));
    shown += RUNS_AT_ONCE;
    more.hidden = shown >= current.length;
    more.textContent = `Show ${Math.min(RUNS_AT_ONCE, current.length - shown)} more runs`;
  };
  const draw = () => {
    current = runsOf(filtered);
    shown = 0;
    list.replaceChildren();
    showMore();
  };
  section("runs", "Runs", el("p", { class: "muted" }, "In the order and with the filter of the table; open one for its settings and where its numbers come from."), list, el("p", { class: "controls" }, more));
  on("filter", draw);
  draw();
}
