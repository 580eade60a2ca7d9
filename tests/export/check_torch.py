"""Runs exported models as their users do: each has to find that it computes what the run did.

usage: check_torch.py EXPORT_FOLDER...      (needs: pip install torch)
"""
import pathlib, subprocess, sys

failed = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    ran = subprocess.run([sys.executable, folder / "model.py"], capture_output=True, text=True)
    lines = (ran.stdout + ran.stderr).splitlines() or ["nothing"]
    print(f"{folder.name}: {lines[-1]}")
    failed += ran.returncode != 0
sys.exit(1 if failed else 0)
