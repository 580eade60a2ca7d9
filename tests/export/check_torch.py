"""Runs exported models as programs: each has to find that it computes what the run did.

usage: check_torch.py EXPORT_FOLDER...      (needs: pip install torch)

Prints the last line of each, and exits with 1 if one of them does not exit with 0.
"""
import contextlib, io, pathlib, runpy, sys

failed = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    said, code = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(folder / "model.py"), run_name="__main__")
    except SystemExit as exit:
        code = exit.code
    print(f"{folder.name}: {said.getvalue().splitlines()[-1]}")
    failed += code != 0
sys.exit(1 if failed else 0)
