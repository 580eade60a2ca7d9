"""Measures `runner serve` with many runs: memory, CPU while nothing changes, the time of the page, and how late a row is.

usage: python3 tests/soak/serve_figures.py RUNNER [COUNT]

Trains a small sweep with RUNNER (a release build), multiplies one of its runs COUNT times (10,000 unless given), and serves
them. Then a sweep trains in a folder with 1,000 runs while a client listens: a row is as late as the time between the
replacement of metrics.csv and the event. Needs nothing but Python; Linux, because it reads /proc.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

TOKEN = "0123456789abcdef"
EXPERIMENT = """
name = "figures"
[dataset]
kind = "synthetic"
train_examples = {examples}
test_examples = 500
[network]
kind = "mlp"
hidden_sizes = [32]
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
epochs = {epochs}
batch_size = 50
seeds = 1
"""


class Serving:
    def __init__(self, runner, runs):
        environment = {**os.environ, "RUNNER_SERVE_TOKEN": TOKEN}
        self.process = subprocess.Popen([runner, "serve", runs, "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env=environment)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        answer = self.ask(f"/?token={TOKEN}", {})
        self.cookie = answer.getheader("set-cookie").split(";")[0]

    def ask(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path, headers={"Cookie": self.cookie} if headers is None else headers)
        return connection.getresponse()

    def timed(self, path):
        started = time.monotonic()
        size = len(self.ask(path).read())
        return time.monotonic() - started, size

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            lines = dict(line.split(":", 1) for line in status if ":" in line)
        return {name: int(lines[name].split()[0]) / 1000 for name in ("VmRSS", "VmHWM")}

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.process.terminate()
        self.process.wait()


def train(runner, folder, examples, epochs, runs):
    path = os.path.join(folder, "figures.toml")
    with open(path, "w") as file:
        file.write(EXPERIMENT.format(examples=examples, epochs=epochs))
    return subprocess.Popen([runner, "run", path, "--quiet", "--runs-dir", runs, "--jobs", "1"], cwd=folder,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def multiplied(folder, source, count):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make_runs.py")
    target = os.path.join(folder, f"runs-{count}")
    subprocess.run([sys.executable, script, source, target, str(count), "--metrics"], check=True)
    return target


def lateness(serving, runs, process):
    """Seconds from the replacement of metrics.csv to the event with its last row."""
    events = serving.ask("/api/events")
    late, kind = [], None
    for line in events:
        line = line.decode().rstrip("\n")
        if line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: ") and kind == "rows":
            run = json.loads(line[6:])["id"]
            changed = os.stat(os.path.join(runs, run, "metrics.csv")).st_mtime
            late.append(time.time() - changed)
        if process.poll() is not None:
            return late
    return late


def main():
    runner = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    folder = tempfile.mkdtemp()
    try:
        runs = os.path.join(folder, "runs")
        train(runner, folder, 200, 2, runs).wait()
        source = next(entry.path for entry in os.scandir(runs) if not entry.name.startswith("."))
        serving = Serving(runner, multiplied(folder, source, count))
        seconds, _ = serving.timed("/api/overview")
        print(f"{count} runs: overview after {seconds:.2f} s, {serving.memory()['VmRSS']:.0f} MB")
        time.sleep(5)
        before = serving.cpu()
        time.sleep(60)
        print(f"while nothing changes: {(serving.cpu() - before) / 60:.2%} of a core")
        for _ in range(3):
            seconds, size = serving.timed("/api/page")
        memory = serving.memory()
        print(f"page: {size / 1e6:.1f} MB in {seconds:.2f} s; {memory['VmRSS']:.0f} MB, at most {memory['VmHWM']:.0f} MB")
        serving.end()

        few = multiplied(folder, source, 1_000)
        serving = Serving(runner, few)
        seconds, size = serving.timed("/api/page")
        print(f"1000 runs: page of {size / 1e6:.1f} MB in {seconds:.2f} s")
        process = train(runner, folder, 2_000, 300, few)
        late = sorted(lateness(serving, few, process))
        serving.end()
        if late:
            print(f"a row is on its way after {late[len(late) // 2]:.2f} s (median), {late[-1]:.2f} s (most) of {len(late)}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
