// The diagnosis of each config in words, and the mean effect of each setting with its interval.

const FINDINGS_AT_ONCE = 20; // configs

function findingLine(finding) {
  return el("li", { class: finding.severity },
    el("span", { class: "word" }, finding.severity + ": "), finding.text,
    finding.advice ? el("span", { class: "advice" }, " " + finding.advice) : null);
}

// A part a config: those with a problem or a warning are open, the first few of them.
function findingsOf(index, isOpen) {
  const config = configs[index];
  const grave = (config.findings || []).filter((finding) => finding.severity !== "note").length;
  const count = grave ? `${grave} of ${(config.findings || []).length} findings grave` : `${config.findings.length} notes`;
  return el("details", { class: "run", open: isOpen },
    el("summary", {}, `${config.label} `, el("span", { class: "muted" }, `(${count})`)),
    el("ul", { class: "findings" }, ...(config.findings || []).map(findingLine)));
}

function findingsSection() {
  if (!configs.some((config) => (config.findings || []).length)) return;
  const list = el("div", {});
  const more = el("button", { type: "button", onclick: () => showMore() });
  let current = [];
  let shown = 0;
  const showMore = () => {
    const next = current.slice(shown, shown + FINDINGS_AT_ONCE);
    list.append(...next.map((index, at) => findingsOf(index, shown + at < 3)));
    shown += FINDINGS_AT_ONCE;
    more.hidden = shown >= current.length;
    more.textContent = `Show ${Math.min(FINDINGS_AT_ONCE, current.length - shown)} more configs`;
  };
  const draw = () => {
    current = filtered.filter((index) => (configs[index].findings || []).length);
    shown = 0;
    list.replaceChildren();
    showMore();
  };
  section("diagnosis", "Diagnosis", el("p", { class: "muted" }, "What each config's curves say, in the order and with the filter of the table."), list, el("p", { class: "controls" }, more));
  on("filter", draw);
  draw();
}

function effectsFigure() {
  return [];
}
