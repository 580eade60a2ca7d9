"""What the live page takes from the sweep that it shows: the CPU of Chromium and of the server as a share of what they and
the sweep take, which on a machine that does nothing else is what the sweep loses; and on a quiet machine the ratio of times.

usage: python3 tests/soak/page_beside_sweep.py RUNNER [--seconds N] [--pairs N] [--scroll SELECTOR]

RUNNER is a release build. The page of the experiment is opened as a reader opens it, at its top or at SELECTOR (`#curves`),
and stays open. CPU is counted from when the page is drawn until the sweep ends, or for N seconds (60 unless given). With
`--pairs`, whole sweeps are timed in turn with and without the page. Needs Chromium, as `tests/report` does; Linux, because it
reads /proc.
"""

import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "report"))
import browser  # noqa: E402
from page_figures import DRAWN, serve, seconds_until  # noqa: E402

# Runs of some seconds each, as many as there are cores at a time: rows, ends of runs and a table that changes.
EXPERIMENT = """
name = "beside"
dataset = { kind = "synthetic", train_examples = 4000, test_examples = 1000 }
network = { kind = "mlp", hidden_sizes = [256, 128] }
optimizer = { kind = "momentum", learning_rate = 0.05 }
training = { epochs = EPOCHS, batch_size = 64, seeds = 3 }
grid = { "network.dropout" = [0.0, 0.2, 0.4, 0.6], "optimizer.learning_rate" = [0.02, 0.05] }
"""
TICKS = os.sysconf("SC_CLK_TCK")


def processes():
    """The parent and the CPU seconds of each process, with those of its ended children."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has ended
            found[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    return found


def cpu(*roots):
    """The CPU seconds of these processes and of all that they started."""
    found, total, todo = processes(), 0.0, list(roots)
    while todo:
        process = todo.pop()
        total += found.get(process, (0, 0.0))[1]
        todo += [child for child, (parent, _) in found.items() if parent == process]
    return total


def sweep(runner, folder):
    return subprocess.Popen([runner, "run", "beside.toml", "--quiet", "--runs-dir", folder], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def shown(runner, folder, scroll):
    """A server of the folder, and a browser with the page of the experiment."""
    server, address = serve(runner, folder)
    page = browser.Browser(browser.find())
    page.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    seconds_until(page, address, DRAWN)  # the browser has its cookie now
    seconds_until(page, address.split("/?")[0] + "/#experiment=beside", DRAWN)
    page.wait("document.querySelectorAll('#configs-table tbody tr').length > 0")
    if scroll:
        page.run(f"document.querySelector({scroll!r}).scrollIntoView()")
    return server, page


def end(server, page):
    server.send_signal(signal.SIGTERM)
    server.wait()
    page.close()


def share(runner, seconds, scroll):
    training = sweep(runner, "runs")
    while not list(pathlib.Path("runs").glob("*/run.json")):
        assert training.poll() is None, "the sweep does not begin: `runner run beside.toml` says why"
        time.sleep(0.1)
    server, page = shown(runner, "runs", scroll)
    time.sleep(3)  # what is drawn late
    roots = {"Chromium": page.process.pid, "server": server.pid, "sweep": training.pid}
    before, begun = {name: cpu(root) for name, root in roots.items()}, time.monotonic()
    used = {}
    while time.monotonic() - begun < seconds and training.poll() is None:
        used = {name: cpu(root) - before[name] for name, root in roots.items()}
        time.sleep(0.5)
    taken = time.monotonic() - begun
    training.kill()
    training.wait()
    end(server, page)
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in used.items())
    looking, all_of_it = used["Chromium"] + used["server"], sum(used.values())
    print(f"CPU in {taken:.0f} s: {parts}; the page takes {looking / all_of_it:.2%} of it", flush=True)


def timed(runner, folder, scroll):
    """The seconds of a sweep; `scroll` is none without a page."""
    pathlib.Path(folder).mkdir()
    looking = None if scroll is None else shown_soon(runner, folder)
    begun = time.monotonic()
    training = sweep(runner, folder)
    if looking:
        server, page = looking
        page.wait("document.querySelectorAll('#configs-table tbody tr').length > 0")
        if scroll:
            page.run(f"document.querySelector({scroll!r}).scrollIntoView()")
    training.wait()
    seconds = time.monotonic() - begun
    if looking:
        end(*looking)
    return seconds


def shown_soon(runner, folder):
    """As `shown`, before there are runs: the start of a browser is no part of the sweep."""
    server, address = serve(runner, folder)
    page = browser.Browser(browser.find())
    seconds_until(page, address, DRAWN)
    page.call("Page.navigate", url=address.split("/?")[0] + "/#view=runs")
    time.sleep(2)
    return server, page


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runner")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--scroll", default="")
    parser.add_argument("--epochs", type=int, default=40)
    asked = parser.parse_args()
    runner = os.path.abspath(asked.runner)
    os.chdir(tempfile.mkdtemp())
    pathlib.Path("beside.toml").write_text(EXPERIMENT.replace("EPOCHS", str(asked.epochs)))
    if not asked.pairs:
        share(runner, asked.seconds, asked.scroll)
        return
    ratios = []
    for pair in range(asked.pairs):
        without, beside = timed(runner, f"without-{pair}", None), timed(runner, f"with-{pair}", asked.scroll)
        ratios.append(without / beside)
        print(f"without the page {without:.1f} s, with it {beside:.1f} s: {ratios[-1]:.3f} of the speed", flush=True)
    print(f"median {statistics.median(ratios):.3f} of the speed")


if __name__ == "__main__":
    main()
