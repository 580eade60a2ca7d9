"""Exports runs to a real server of MLflow on this machine, with SQLite behind it, and asks its own client for them.

usage: check_mlflow.py RUNNER FOLDER TARGET      (needs: pip install mlflow)

FOLDER is where TARGET's runs are; the server keeps its files in FOLDER/mlflow. Prints what runner said of each export, and a line of
JSON with each run's name, status, params and metrics. Exits with 1 if a second export changes anything.
"""
import json, os, pathlib, signal, socket, subprocess, sys, time, urllib.request

import mlflow

runner, folder, target = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
home = folder / "mlflow"
home.mkdir()
address = f"http://127.0.0.1:{port}"
server = subprocess.Popen(
    [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
     "--backend-store-uri", f"sqlite:///{home}/mlflow.db", "--default-artifact-root", str(home)],
    stdout=open(home / "log", "w"), stderr=subprocess.STDOUT, start_new_session=True,
)


def export(*args):
    ran = subprocess.run([runner, "export", target, "--to", "mlflow", "-o", address, *args], cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"exit code {ran.returncode}: {ran.stderr}")
    print(ran.stderr.strip().replace(address, "ADDRESS"))


def shown():
    client = mlflow.MlflowClient(address)
    experiments = client.search_experiments()
    runs = client.search_runs([e.experiment_id for e in experiments], max_results=1000)
    named = {e.experiment_id: e.name for e in experiments}
    curve = lambda run, key: [[m.step, m.value] for m in client.get_metric_history(run.info.run_id, key)]
    return sorted((dict(
        experiment=named[run.info.experiment_id], name=run.info.run_name, status=run.info.status, params=run.data.params,
        metrics={key: curve(run, key) for key in run.data.metrics}, id=run.data.tags["runner.id"], key=run.info.run_id,
        seconds=(run.info.end_time - run.info.start_time) / 1000,
    ) for run in runs), key=lambda run: run["id"])


try:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).read()
            break
        except OSError:
            if server.poll() is not None:
                sys.exit((home / "log").read_text())
            time.sleep(0.5)
    export()
    first = shown()
    export()
    if shown() != first:
        sys.exit("a second export changed something")
    # An export that was cut off has no last tag: it is made anew, and only it.
    mlflow.MlflowClient(address).delete_tag(first[0]["key"], "runner.updated")
    export()
    again = shown()
    if [run["key"] == old["key"] for run, old in zip(again, first)] != [False] + [True] * (len(first) - 1):
        sys.exit("what was cut off was not made anew")
    export("--force")
    last = shown()
    for runs in (first, last):
        for run in runs:
            del run["key"]
    if last != first:
        sys.exit("--force did not give the same runs")
    print(json.dumps(first))
finally:
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(30)
