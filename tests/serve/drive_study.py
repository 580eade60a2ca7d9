"""Drives the pages of a study and of a halving in Chromium while they go on: drive_study.py RUNNER FOLDER SCREENSHOTS.

Where there is no Chromium, says `skipped` and ends well; in CI, which sets the variable CI, it fails.
"""

import pathlib
import signal
import subprocess
import sys
import time

from drive import Server, complaints, looked_at, text, visit
import browser

STUDY = """
dataset = { kind = "synthetic", train_examples = 150, test_examples = 50, validation_examples = 50 }
network = { kind = "mlp", hidden_sizes = [16], batch_norm = true }
optimizer = { kind = "adagrad", learning_rate = 0.02 }
training = { epochs = 5, batch_size = 20 }
"""
HALVING = """
name = "halved"
dataset = { kind = "synthetic", train_examples = 300, test_examples = 100, validation_examples = 100 }
network = { kind = "mlp", hidden_sizes = [16] }
optimizer = { kind = "sgd", learning_rate = 0.05 }
training = { epochs = 9, batch_size = 20 }
halving = { min_epochs = 1, eta = 3 }
grid = { "optimizer.learning_rate" = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6] }
"""
HELD = HALVING.replace('"halved"', '"held"').replace("batch_size = 20", "batch_size = 25")
SHOWN = f"{text('h1')} !== '' && {text('#live-status')} === 'live'"
REACHED = "[...document.querySelectorAll('#rungs tbody tr')].map(row => row.children[3].innerText).join()"
QUESTIONS = "[...document.querySelectorAll('#study .question')]"


def asked(question):
    """The element of a question."""
    return f"{QUESTIONS}.find(one => one.querySelector('summary').innerText === '{question}')"


def pictured(question):
    """Whether its picture is there and can be seen."""
    return f"{asked(question)}?.querySelector('img')?.naturalWidth > 0"


def go_on(server, until, budget):
    """Asks a question more, beside the page."""
    return subprocess.Popen([server.runner, "study", "tiny.toml", "--budget", budget, "--until", until, "--runs-dir", "runs", "--quiet"],
                            cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def a_study_grows_question_by_question(page, server, shots):
    # A budget that need not be shortened where this runs: a study of this network ends long before.
    budget = next(budget for budget in ("120s", "600s", "3600s") if go_on(server, "stand", budget).wait() == 0)
    visit(page, server.address)
    page.wait(f"{text('#overview')}.includes('tiny')")
    page.run("window.sameDocument = true")
    page.click("#overview .card h3 a[href*='study=tiny']")
    page.wait(pictured("Where do I stand?"))
    page.click("#study .question summary")  # what the reader closes stays closed
    page.wait(f"!{asked('Where do I stand?')}.open && {QUESTIONS}.length === 2")
    training = go_on(server, "more-data", budget)
    page.wait(pictured("More data?"), 300)
    assert training.wait() == 0
    training = go_on(server, "together", budget)
    page.wait(pictured("Capacity?"), 300)
    together = asked("What do they do together?")
    page.wait(together, 900)
    assert training.wait() == 0
    # With steps there is a waterfall.
    page.wait(f"({pictured('What do they do together?')}) || {together}.innerText.includes('nothing is kept')", 120)
    page.wait(pictured("What closes it?"), 120)
    assert not page.run(f"{asked('Where do I stand?')}.open"), "it stays closed"
    assert page.run("window.sameDocument"), "nothing is reloaded"
    looked_at(page, f"{server.origin}/#study=tiny", "study", shots, SHOWN)


def rungs_are_reached_while_one_looks(page, server, shots):
    training = subprocess.Popen([server.runner, "run", "halved.toml", "--runs-dir", "runs", "--quiet", "--jobs", "1"],
                                cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    visit(page, server.address)
    page.run("location.hash = 'experiment=halved'")
    page.wait("document.querySelectorAll('#rungs tbody tr').length === 3")
    page.run("window.sameDocument = true")
    assert training.wait() == 0
    page.wait(f"{REACHED} === '9,3,1'", 120)
    assert page.run("window.sameDocument"), "nothing is reloaded"
    looked_at(page, f"{server.origin}/#experiment=halved", "halving", shots, SHOWN)
    page.run("location.hash = ''")
    page.wait(f"{text('h1')} === 'runner' && document.getElementById('rungs').offsetParent === null")


# What the server answers for the page stays outside until it is let go.
HOLD = """
const fetched = window.fetch;
window.fetch = async (...asked) => {
  const answer = await fetched(...asked);
  if (String(asked[0]).startsWith('/api/page') && !window.letGo) await new Promise((go) => { window.letGo = go; });
  return answer;
};
"""


def what_is_told_while_an_older_answer_is_on_its_way_is_not_lost(page, server, shots):
    visit(page, server.address)
    runs = set(pathlib.Path(server.folder, "runs").glob("*/run.json"))
    training = subprocess.Popen([server.runner, "run", "held.toml", "--runs-dir", "runs", "--quiet", "--jobs", "1"],
                                cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(set(pathlib.Path(server.folder, "runs").glob("*/run.json")) - runs) < 9 and training.poll() is None:
        time.sleep(0.002)
    training.send_signal(signal.SIGSTOP)
    time.sleep(3)  # the server looks each half second
    page.run(HOLD)
    page.run("location.hash = 'experiment=held'")
    page.wait("window.letGo !== undefined")
    training.send_signal(signal.SIGCONT)
    assert training.wait() == 0
    time.sleep(3)  # the server looks, and tells
    page.run("window.letGo()")
    page.wait(f"{REACHED} === '9,3,1'", 120)


def main(runner, folder, shots):
    path = browser.find_or_skip()
    if not path:
        return
    for name, content in (("tiny.toml", STUDY), ("halved.toml", HALVING), ("held.toml", HELD)):
        pathlib.Path(folder, name).write_text(content)
    for test, targets in ((a_study_grows_question_by_question, []), (rungs_are_reached_while_one_looks, ["halved.toml"]),
                          (what_is_told_while_an_older_answer_is_on_its_way_is_not_lost, ["held.toml"])):
        server, page, started = Server(runner, folder, *targets), browser.Browser(path), time.monotonic()
        try:
            test(page, server, shots)
            found = complaints(page, server, [])
            assert found == [], f"{test.__name__}: {found}"
        finally:
            server.stop()
            page.close()
        print(f"ok: {test.__name__.replace('_', ' ')} ({time.monotonic() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
