"""Measures the pages of `runner report` and `runner serve` in Chromium: how soon they can be used with many runs, and how
smoothly a long table scrolls and filters.

usage: python3 tests/soak/page_figures.py RUNNER

Trains a small sweep with RUNNER (a release build) and multiplies one of its runs. Needs Chromium, as `tests/report` does.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "report"))
import browser  # noqa: E402

TOKEN = "0123456789abcdef0123456789abcdef"
EXPERIMENT = """
dataset = { kind = "synthetic", train_examples = 500, test_examples = 200 }
network = { kind = "mlp", hidden_sizes = [16] }
optimizer = { kind = "sgd", learning_rate = 0.1 }
training = { epochs = 5, batch_size = 50 }
"""
# Moves a scroller a page at each frame; the milliseconds between frames.
SCROLL = """new Promise(done => {
  const scroller = document.querySelector('#configs .scroller'), frames = [];
  let last = performance.now(), at = 0;
  const step = now => {
    frames.push(now - last); last = now;
    scroller.scrollTop = at += 400;
    if (frames.length < 120) requestAnimationFrame(step); else done(frames.slice(2));
  };
  requestAnimationFrame(step);
})"""
# Types a word into the filter; the milliseconds until the next frame after it is drawn.
FILTER = """new Promise(done => {
  const input = document.querySelector('#filter'), start = performance.now();
  input.value = 'WORD'; input.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
DRAWN = "document.documentElement && document.documentElement.hasAttribute('data-drawn')"
IDLE = "!document.documentElement.hasAttribute('data-drawing')"
OVERVIEW = "document.querySelectorAll('#overview .cards > li').length > 0"
USEFUL = "document.querySelectorAll('#configs tbody tr').length > 0"


def run(page, script):
    """The value of a promise."""
    page.run(f"window.measured = null; {script}.then(value => {{ window.measured = value; }}); 0")
    page.wait("window.measured !== null")
    return page.run("window.measured")


def seconds_until(page, address, *conditions):
    page.call("Page.navigate", url="about:blank")
    page.wait("location.href === 'about:blank'")
    begun = time.monotonic()
    page.call("Page.navigate", url=address)
    taken = []
    for condition in conditions:
        page.wait(condition, 60)
        taken.append(time.monotonic() - begun)
    return taken


def medians(page, address, *conditions):
    rounds = [seconds_until(page, address, *conditions) for _ in range(5)]
    return [statistics.median(taken) for taken in zip(*rounds)]


def serve(runner, folder):
    environment = {**os.environ, "RUNNER_SERVE_TOKEN": TOKEN}
    server = subprocess.Popen([runner, "serve", folder, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment,
                              stderr=subprocess.DEVNULL)
    return server, server.stdout.readline().strip()


def main():
    runner = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    pathlib.Path("experiment.toml").write_text(EXPERIMENT)
    subprocess.run([runner, "run", "experiment.toml", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    run_folder = next(path for path in pathlib.Path("runs").iterdir() if path.is_dir())
    for count in (1000, 10_000):
        make = [sys.executable, HERE / "make_runs.py", run_folder, f"runs-{count}", str(count), "--metrics"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    page = browser.Browser(browser.find())
    subprocess.run([runner, "report", "runs-1000", "-o", "report.html"], check=True, stderr=subprocess.DEVNULL)
    [drawn] = medians(page, "file://" + os.path.abspath("report.html"), DRAWN)
    print(f"report of 1,000 runs: {os.path.getsize('report.html') / 1e6:.1f} MB, all drawn after {drawn:.2f} s")
    for count in (1000, 10_000):
        server, address = serve(runner, f"runs-{count}")
        try:
            seconds_until(page, address, DRAWN)  # the browser has its cookie now
            origin = address.split("/?")[0]
            [overview] = medians(page, origin + "/", OVERVIEW)
            useful, drawn = medians(page, origin + "/#view=runs", USEFUL, IDLE)
            print(f"live page of {count:,} runs: overview after {overview:.2f} s, the table of all runs after {useful:.2f} s, "
                  f"all drawn after {drawn:.2f} s")
            time.sleep(2)  # what is drawn late is no part of scrolling
            frames = sorted(run(page, SCROLL))
            word = run(page, FILTER.replace("WORD", "0.2"))
            print(f"  table: {statistics.mean(frames):.0f} ms a frame while it scrolls, 99 % within "
                  f"{frames[len(frames) * 99 // 100]:.0f} ms, at most {frames[-1]:.0f} ms; a filter {word:.0f} ms")
        finally:
            server.kill()
            server.wait()
    page.close()


if __name__ == "__main__":
    main()
