"""Asks `runner list` for the states of runs again and again, and compares them with what is there.

usage: python3 tests/soak/list_truth.py RUNNER RUNS_FOLDER STOP_FILE

Ends when STOP_FILE is there. All processes have to be on this host. Prints how often each state was seen, and
exits with 1 if one was wrong:
- `finished` without its results, or no longer `finished` later;
- `running` whose process had been gone before `list` was started;
- `lost` whose process is still there after `list` has ended.
A run that was taken up by another process meanwhile says nothing about the state before.
"""

import collections
import csv
import io
import json
import os
import subprocess
import sys
import time

RESULTS = ("metrics.csv", "model.safetensors", "test_predictions.npy", "run.json")


def record(folder):
    try:
        with open(os.path.join(folder, "run.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def is_alive(owner):
    try:
        with open(f"/proc/{owner['pid']}/stat") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return fields[0] not in "ZX" and int(fields[19]) == owner["process_start"]


def records(runs):
    names = [name for name in os.listdir(runs) if len(name) == 12] if os.path.isdir(runs) else []
    found = {name: record(os.path.join(runs, name)) for name in names}
    return {name: found for name, found in found.items() if found}


def main():
    runner, runs, stop = sys.argv[1:]
    seen, wrong, finished, samples, slowest = collections.Counter(), [], set(), 0, 0.0
    story = []
    while True:
        is_last = os.path.exists(stop)
        before = records(runs)
        was_alive = {name: is_alive(run["owner"]) for name, run in before.items()}
        started = time.monotonic()
        listed = subprocess.run([runner, "list", "--runs-dir", runs, "--format", "csv"],
                                capture_output=True, text=True, check=True).stdout
        slowest = max(slowest, time.monotonic() - started)
        states = {row["id"]: row["state"] for row in csv.DictReader(io.StringIO(listed))}
        after = records(runs)
        samples += 1
        for name, state in states.items():
            seen[state] += 1
            run = after[name]
            is_same = name in before and before[name]["attempt"] == run["attempt"]
            if name in finished and state != "finished":
                wrong.append(f"{name}: {state} after it was finished")
            if state == "finished":
                finished.add(name)
                missing = [file for file in RESULTS if not os.path.exists(os.path.join(runs, name, file))]
                if missing or run["state"] != "finished":
                    wrong.append(f"{name}: finished, but {missing} is missing or it is {run['state']}")
            elif state == "running" and is_same and not was_alive[name]:
                wrong.append(f"{name}: running, but its process is gone")
            elif state == "lost" and is_same and run["state"] == "running" and is_alive(run["owner"]):
                wrong.append(f"{name}: lost, but its process is there")
        counts = " ".join(f"{n} {state}" for state, n in sorted(collections.Counter(states.values()).items()))
        if not story or story[-1] != counts:
            story.append(counts)
            print(f"{time.strftime('%H:%M:%S')} {counts}", flush=True)
        if is_last:
            break
        time.sleep(1)
    print(f"list: {samples} times, the slowest {slowest:.2f} s; states seen: {dict(seen)}")
    print(f"wrong states: {len(wrong)}", *sorted(set(wrong)), sep="\n  ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
