"""Looks at experiment files as editors do: `taplo check` and `tombi lint` with the committed schema.

usage: python3 tests/editors/check.py    (needs both on the PATH: pip install taplo==0.9.3 tombi==1.9.6)

The shipped experiments, what `runner init` writes, the whole examples of the documents and the files in `right/` must have no
finding, not even a warning.
Each file in `wrong/` must have the finding that its second and third lines name, one for each editor.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "experiment.schema.json"
STARTERS = ROOT / "src" / "cli" / "starters"  # what `runner init` writes below a line with the schema
RIGHT, WRONG = (ROOT / "tests" / "editors" / name for name in ("right", "wrong"))
DOCUMENTS = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
EDITORS = {
    "taplo": ["taplo", "check", "--schema", SCHEMA.as_uri()],
    "tombi": ["tombi", "lint", "--offline"],
}


def look(editor, path):
    """Whether an editor has nothing to say of a file, and what it says."""
    run = subprocess.run([*EDITORS[editor], str(path)], capture_output=True, text=True, cwd=ROOT)
    text = run.stdout + run.stderr
    return run.returncode == 0 and "Warning" not in text, text


def examples(folder):
    """The whole experiments among the examples of the documents, as files of `folder`."""
    paths = []
    for name in DOCUMENTS:
        for number, block in enumerate(re.findall(r"```toml\n(.*?)```", (ROOT / name).read_text(), re.S)):
            if all(f"[{table}]" in block or f"{table}." in block for table in ("dataset", "network", "training")):
                path = folder / f"{pathlib.Path(name).stem}-{number}.toml"
                path.write_text(f"#:schema {SCHEMA}\n{block}")
                paths.append(path)
    return paths


def starters(folder):
    """What `runner init` writes of each preset, as files of `folder`."""
    paths = []
    for starter in sorted(STARTERS.glob("*.toml")):
        path = folder / f"starter-{starter.name}"
        path.write_text(f"#:schema {SCHEMA}\n{starter.read_text()}")
        paths.append(path)
    return paths


def main():
    failures, right, wrong = [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        shipped = sorted((ROOT / "experiments").glob("*.toml"))
        documented, written = examples(pathlib.Path(name)), starters(pathlib.Path(name))
        if not shipped or not documented or not written:
            failures.append("no experiments, no examples or no starters were found")
        for path in [*shipped, *documented, *written, *sorted(RIGHT.glob("*.toml"))]:
            for editor in EDITORS:
                is_right, text = look(editor, path)
                right += 1
                if not is_right:
                    failures.append(f"{editor} finds fault with {path.name}:\n{text}")
    for path in sorted(WRONG.glob("*.toml")):
        lines = path.read_text().split("\n")
        for line, editor in zip(lines[1:3], EDITORS, strict=True):
            finding = line.removeprefix(f"# of {editor}: ")
            is_right, text = look(editor, path)
            wrong += 1
            if is_right or finding not in text:
                failures.append(f"{editor} does not say {finding!r} of {path.name}:\n{text}")
    print("\n".join(failures))
    print(f"{right} looks at right files, {wrong} at wrong ones, {len(failures)} not as they should be")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
