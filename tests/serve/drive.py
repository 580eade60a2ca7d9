"""Drives the page of `runner serve` beside a real sweep, as a reader would: drive.py RUNNER FOLDER SCREENSHOTS.

Where there is no Chromium, says `skipped` and ends well; in CI, which sets the variable CI, it fails.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "report"))
import browser  # noqa: E402

NAME = "<script>alert(1)</script> & <b>"
EXPERIMENT = f"""
name = "{NAME}"
[dataset]
kind = "synthetic"
train_examples = 200
test_examples = 100
[network]
kind = "mlp"
hidden_sizes = [16]
[optimizer]
kind = "sgd"
learning_rate = 0.05
[training]
epochs = EPOCHS
batch_size = 10
seeds = 1
[grid]
network.dropout = [0.0, 0.2, 0.5]
"""
LONG, SHORT = 100_000, 4  # epochs: a sweep that is killed before its end, and one that comes to it
ALL = 4  # configs: the one that was killed and three that were not
TOKEN = "0123456789abcdef0123456789abcdef"


class Server:
    """`runner serve` on a port of its own, which it has again when it is started anew."""

    def __init__(self, runner, folder, *targets):
        self.runner, self.folder, self.port, self.targets = runner, folder, "0", targets
        self.start()

    def start(self):
        environment = {**os.environ, "RUNNER_SERVE_TOKEN": TOKEN}
        self.process = subprocess.Popen(
            [self.runner, "serve", "--port", self.port, "--runs-dir", "runs", *self.targets], cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.address
        self.origin = self.address.split("/?")[0]
        self.port = self.origin.rsplit(":", 1)[1]

    def stop(self):
        self.process.kill()
        self.process.wait()


def sweep(runner, folder, epochs):
    """Begins a sweep of the experiment with so many epochs."""
    name = f"experiment-{epochs}.toml"
    with open(os.path.join(folder, name), "w") as file:
        file.write(EXPERIMENT.replace("EPOCHS", str(epochs)))
    return subprocess.Popen([runner, "run", name, "--runs-dir", "runs", "--jobs", "1", "--quiet"],
                            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def visit(page, address, width=1280, scheme="light"):
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.call("Page.navigate", url="about:blank")  # another fragment alone would not load the page anew
    page.wait("location.href === 'about:blank'")
    page.call("Page.navigate", url=address)
    page.wait("document.documentElement && document.documentElement.hasAttribute('data-drawn')")


def complaints(page, server, expected):
    """As those of a report, but the page may ask its own server, and what a test brought about is expected: the browser
    itself notes answers that are errors, some time after the page has said so."""
    found = [one for one in page.complaints() if not one.startswith(f"request to {server.origin}/")]
    return [one for one in found if not any(part in one for part in expected)]


ROWS = "document.querySelectorAll('#configs-table tbody tr').length"


def text(selector):
    return f"(document.querySelector({json.dumps(selector)})?.innerText ?? '')"


LAST = "Math.max(0, ...(document.getElementById('plot-accuracy')?.data ?? []).flatMap(trace => trace.x))"


def an_empty_folder_is_said(page, server, _):
    visit(page, server.address)
    page.wait(f"{text('#overview')}.includes('no runs yet')")
    assert "token" not in page.run("location.href"), "the token is gone from the address"


def an_experiment_appears_while_it_trains(page, server, _):
    page.run("window.sameDocument = true")
    page.wait(f"{text('#overview .card.live h3')} === {json.dumps(NAME)}")
    page.wait(f"{text('#overview .card.live .card-state')}.includes('1 running')")
    assert page.run("window.sameDocument"), "nothing is reloaded"


def curves_grow_and_nothing_is_lost(page, server, _):
    page.click("#overview .card.live h3 a")
    page.wait(f"{text('h1')} === {json.dumps(NAME)}")
    page.wait(f"{LAST} > 2")
    page.run("document.getElementById('filter').focus()")
    page.type("b")
    page.run("document.getElementById('curves').scrollIntoView()")  # what nobody sees is not drawn
    before, top = page.run(LAST), page.run("document.querySelector('#curves').getBoundingClientRect().top")
    page.wait(f"{LAST} > {before} + 2")
    assert page.run("document.activeElement.id") == "filter", "the focus stays"
    assert page.run("document.getElementById('filter').value") == "b", "what is typed stays"
    moved = page.run("document.querySelector('#curves').getBoundingClientRect().top") - top
    assert abs(moved) < 1, f"the page jumped by {moved} pixels"
    page.run("(() => { const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input')); })()")
    assert f"of {LONG}" in page.run(text("#now")), "the run that is trained has a line"
    assert page.run("window.sameDocument"), "nothing is reloaded"


def the_page_of_a_run_goes_on_with_it(page, server, state):
    """Also what does not come with its rows: layers, and columns that the plots of other pages do not have."""
    run, tab = page.run("new URLSearchParams(document.querySelector('#now a').hash.slice(1)).get('run')"), state["second"]
    visit(tab, server.address)
    tab.run(f"location.hash = 'run={run}'")
    tab.wait(f"{text('h1')} === 'Run {run}'")
    for plot in ("run-rate", "run-norms"):
        element = f"document.getElementById('plot-{plot}')"
        tab.run(f"{element}.scrollIntoView()")
        last = f"({element}.data?.[0]?.x.filter((_, at) => {element}.data[0].y[at] != null).at(-1) ?? 0)"
        tab.wait(f"{last} > 0")
        tab.wait(f"{last} > {tab.run(last)} + 2")


def a_hidden_tab_closes_its_stream(page, server, _):
    page.run("""Object.defineProperty(document, 'hidden', { value: true, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'))""")
    page.wait(f"{text('#live-status')} === 'paused'")
    page.run("window.hiddenAt = " + LAST)
    page.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait(f"{text('#live-status')} === 'live'")
    page.wait(f"{LAST} > window.hiddenAt")


def a_lost_server_is_said_and_found_again(page, server, state):
    state["expected"] += ["net::ERR_"]
    server.stop()
    page.wait(f"{text('#live-status')}.includes('connection lost')")
    before = page.run(LAST)
    server.start()
    page.wait(f"{text('#live-status')} === 'live' && {LAST} > {before}")


def a_run_that_dies_is_no_longer_trained(page, server, state):
    state["sweep"].send_signal(signal.SIGKILL)
    state["sweep"].wait()
    page.wait("document.getElementById('now').hidden")
    page.wait("[...document.querySelectorAll('#runs details')].some(d => d.textContent.includes(': lost'))")


def a_sweep_comes_to_its_end(page, server, state):
    state["sweep"] = sweep(server.runner, server.folder, SHORT)
    finished = "[...document.querySelectorAll('#runs details')].filter(d => d.textContent.includes(': finished')).length === 3"
    page.wait(finished, 300)
    page.wait(f"document.getElementById('now').hidden && {ROWS} === {ALL}")
    assert page.run("window.sameDocument"), "nothing is reloaded"


def conditions_choose_runs_and_errors_are_said(page, server, state):
    state["expected"] += ["status of 400"]
    where = "(value => { const box = document.getElementById('where'); box.value = value; box.focus(); })"
    page.run(f"{where}('gap >')")
    page.press("Enter")
    page.wait(f"!document.getElementById('where-problem').hidden && {text('#where-problem')}.length > 20")
    terminal = subprocess.run([server.runner, "list", "runs", "--where", "gap >"], cwd=server.folder,
                              capture_output=True, text=True).stderr
    first = page.run(text("#where-problem")).splitlines()[0]
    assert first in terminal, f"{first!r} is not what the terminal says: {terminal!r}"
    assert page.run("document.getElementById('where').getAttribute('aria-invalid')") == "true"
    assert page.run(ROWS) == ALL, "what was there stays"
    page.run(f"{where}('dropout >= 0.2')")
    page.press("Enter")
    page.wait(f"{ROWS} === 2")
    assert page.run("document.getElementById('where-problem').hidden")
    assert "where=dropout" in page.run("location.href"), "the view is in the address"
    page.run(f"{where}('')")
    page.press("Enter")
    page.wait(f"{ROWS} === {ALL}")


def the_address_is_the_view(page, server, _):
    page.run("document.querySelector(\"#configs-table th[data-name='gap'] button\").click()")
    page.click("#show-setting")
    page.run("[...document.querySelectorAll('#curves label')].find(l => l.innerText.includes('logarithmic')).querySelector('input').click()")
    address = page.run("location.href")
    visit(page, address)
    page.wait("document.querySelector(\"#configs-table th[data-name='gap']\")?.getAttribute('aria-sort') === 'ascending'")
    page.wait("document.querySelector(\"#configs-table th[data-name='dropout']\")?.offsetParent")
    page.wait("document.getElementById('plot-loss').layout?.yaxis.type === 'log'")


def a_run_has_its_page_and_notes_from_two_tabs(page, server, state):
    ids = page.run("[...document.querySelectorAll('#runs details summary code')].map(c => c.textContent)")
    address = f"{server.origin}/#run={ids[0]}"
    visit(page, address)
    page.wait(f"{text('h1')} === 'Run {ids[0]}'")
    page.wait("document.getElementById('plot-run-accuracy').data?.length > 1")
    assert "runner verify" in page.run(text("#run .commands"))
    second = state["second"]
    visit(second, server.address)
    second.run(f"location.hash = 'run={ids[0]}'")
    second.wait(f"{text('h1')} === 'Run {ids[0]}'")
    for tab, tag in ((page, "first"), (second, "second")):
        tab.wait("document.querySelector('.notes-editor input')")
        tab.run("document.querySelector('.notes-editor input').focus()")
        tab.type(tag)
        tab.press("Enter")
    for tab in (page, second):
        tab.wait(f"{text('.notes-editor .chips')}.includes('#first') && {text('.notes-editor .chips')}.includes('#second')")
    said = subprocess.run([server.runner, "show", f"runs/{ids[0]}"], cwd=server.folder, capture_output=True, text=True)
    assert "first" in said.stdout and "second" in said.stdout, "the terminal shows the same tags"
    subprocess.run([server.runner, "note", f"runs/{ids[0]}", "--untag", "first", "--untag", "second"], cwd=server.folder,
                   check=True, capture_output=True)
    page.wait(f"{text('.notes-editor .chips')} === ''")  # also the last one goes
    visit(page, f"{server.origin}/#a={ids[0]}&b={ids[1]}")
    page.wait(f"{text('#diff')}.includes('dropout')")
    page.wait("document.getElementById('plot-diff-accuracy').data?.length > 1")


def a_folder_that_vanishes_takes_its_row_with_it(page, server, _):
    visit(page, f"{server.origin}/#view=runs")
    page.wait(f"{ROWS} === {ALL}")
    gone = page.run("document.querySelector('#runs details summary code').textContent")
    shutil.rmtree(os.path.join(server.folder, "runs", gone))
    page.wait(f"{ROWS} === {ALL - 1}")


def everything_has_a_name_and_is_reached(page, server, _):
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    for node in (node for node in nodes if not node.get("ignored")):
        role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "").strip()
        if role in ("button", "checkbox", "combobox", "searchbox", "textbox", "slider", "link", "figure", "region"):
            assert name, node
    page.run("document.activeElement.blur(), window.scrollTo(0, 0)")
    seen = []
    for _ in range(14):
        page.press("Tab")
        seen.append(page.run("""(() => { const e = document.activeElement; const s = getComputedStyle(e);
            return [e.innerText || e.id || e.type, s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0]; })()"""))
    assert "where" in [name for name, _ in seen], seen
    assert all(is_seen for _, is_seen in seen), seen


def looked_at(page, address, name, shots, shown):
    """Pictures of a view in both widths and schemes, in which nothing scrolls sideways; `shown` says when it is there."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            visit(page, address, width, scheme)
            page.wait(shown)
            page.wait("[...document.images].every(image => image.complete)")
            page.wait("!document.documentElement.hasAttribute('data-drawing')")
            page.screenshot(os.path.join(shots, f"{name}-{width}-{scheme}.png"), whole=True)
            assert page.run("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)


def nothing_scrolls_sideways(page, server, shots):
    for address, name in (("#", "overview"), ("#view=runs", "page")):
        looked_at(page, f"{server.origin}/{address}", name, shots, f"{text('#counts')} !== ''")


def main(runner, folder, shots):
    path = browser.find_or_skip()
    if not path:
        return
    os.makedirs(os.path.join(folder, "runs"), exist_ok=True)
    server = Server(runner, folder)
    state = {"sweep": None, "second": browser.Browser(path), "expected": []}
    page = browser.Browser(path)
    try:
        an_empty_folder_is_said(page, server, state)
        state["sweep"] = sweep(runner, folder, LONG)
        for test in (an_experiment_appears_while_it_trains, curves_grow_and_nothing_is_lost,
                     the_page_of_a_run_goes_on_with_it, a_hidden_tab_closes_its_stream, a_lost_server_is_said_and_found_again,
                     a_run_that_dies_is_no_longer_trained, a_sweep_comes_to_its_end,
                     conditions_choose_runs_and_errors_are_said, the_address_is_the_view,
                     a_run_has_its_page_and_notes_from_two_tabs, a_folder_that_vanishes_takes_its_row_with_it,
                     everything_has_a_name_and_is_reached):
            started = time.monotonic()
            test(page, server, state)
            found = complaints(page, server, state["expected"])
            assert found == [], f"{test.__name__}: {found}"
            print(f"ok: {test.__name__.replace('_', ' ')} ({time.monotonic() - started:.1f} s)", flush=True)
        nothing_scrolls_sideways(page, server, shots)
        assert complaints(page, server, state["expected"]) == [], complaints(page, server, state["expected"])
    finally:
        if state["sweep"] and state["sweep"].poll() is None:
            state["sweep"].kill()
        server.stop()
        page.close()
        state["second"].close()


if __name__ == "__main__":
    main(*sys.argv[1:])
