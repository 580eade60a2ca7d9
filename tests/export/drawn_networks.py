"""Networks drawn at random, on tables and pictures: trained, exported, and checked by NumPy, PyTorch and ONNX Runtime.

usage: drawn_networks.py RUNNER [COUNT [SEED]]      (needs: pip install numpy, and torch or onnx onnxruntime)

Prints a line for each kind of data, and exits with 1 if a network that `plan` takes cannot be trained, exported
or loaded, or if PyTorch or ONNX Runtime computes something else of it. A line says which of the two are not installed.
"""
import contextlib, importlib.util, io, json, pathlib, random, re, struct, subprocess, sys, tempfile, zlib

import numpy as np

runner = pathlib.Path(sys.argv[1]).resolve()
count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
is_here = {name: importlib.util.find_spec(name) is not None for name in ["torch", "onnxruntime"]}
if not any(is_here.values()):
    sys.exit("neither torch nor onnxruntime is installed")
for name in [name for name, here in is_here.items() if not here]:
    print(f"skipped: {name} is not installed")


def table(layer):
    """A layer as an inline table of TOML."""
    value = lambda v: str(v).lower() if isinstance(v, bool) else json.dumps(v)
    of = lambda v: "[" + ", ".join(map(table, v)) + "]" if isinstance(v, list) else value(v)
    return "{ " + ", ".join(f"{key} = {of(v)}" for key, v in layer.items()) + " }"


def layer(depth=0):
    kinds = "conv2d conv2d max_pool average_pool batch_norm batch_norm layer_norm dropout spatial_dropout relu "
    kinds += "leaky_relu gelu sigmoid tanh linear linear flatten global_average_pool residual residual"
    kind = dice.choice(kinds.split())
    size = dice.choice([1, 1, 2, 3, 3, 4, 8])
    if kind == "conv2d":
        filters = dice.choice([1, 2, 3, 5, 16])
        keys = {"filters": filters, "kernel_size": size, "stride": dice.randint(1, 3), "padding": dice.randint(0, 2)}
        return {"kind": kind, **keys, "bias": dice.random() < 0.7}
    if kind.endswith("_pool") and kind != "global_average_pool":
        return {"kind": kind, "kernel_size": size, "stride": dice.randint(1, size + 1), "padding": dice.randint(0, size // 2)}
    if kind.endswith("dropout"):
        return {"kind": kind, "rate": dice.choice([0.0, 0.1, 0.5])}
    if kind == "linear":
        return {"kind": kind, "units": dice.randint(1, 9), "bias": dice.random() < 0.7}
    if kind == "residual":
        if depth == 2:
            return layer(depth)
        body = [layer(depth + 1) for _ in range(dice.randint(1, 3))]
        return {"kind": kind, "shortcut": dice.choice(["identity", "pad", "projection"]), "layers": body}
    return {"kind": kind}


def png(path, channels, side, seed):
    """A picture of noise."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + bytes(noise.randrange(256) for _ in range(side * channels)) for _ in range(side))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", side, side, 8, 2 if channels == 3 else 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def dataset(folder):
    """Its name and its table."""
    kind = dice.choice(["csv", "csv", "images", "images", "synthetic"])
    if kind == "csv":
        features = dice.randint(1, 20)
        names = [f"f{i}" for i in range(features)]
        row = lambda i: [str(dice.gauss(i % 3, 1) * 10 ** (j % 4)) for j in range(features)] + ["abc"[i % 3]]
        lines = [",".join(names + ["y"])] + [",".join(row(i)) for i in range(90)]
        (folder / "t.csv").write_text("\n".join(lines) + "\n")
        return f"csv of {features}", 'kind = "csv"\npath = "t.csv"\nlabel = "y"'
    if kind == "images":
        channels, side = dice.choice([1, 3]), dice.choice([1, 2, 3, 5, 8, 13, 16, 28])
        for i in range(36):
            png(folder / "pictures" / "abc"[i % 3] / f"{i}.png", channels, side, dice.random())
        color = "rgb" if channels == 3 else "gray"
        return f"images {channels}x{side}x{side}", f'kind = "images"\npath = "pictures"\nimage_size = {side}\ncolor = "{color}"'
    return "synthetic", 'kind = "synthetic"\ntrain_examples = 60\ntest_examples = 30'


def run(folder, *args):
    command = [runner, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def check(folder):
    """What the exported model says of itself, and how far its outputs are off."""
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        is_right = model.check(model.load())
    line = said.getvalue().strip()
    return is_right, line


def one(folder):
    """None if `plan` refuses what was drawn, else the kind of data, the layers, and what went wrong."""
    name, data = dataset(folder)
    layers = [layer() for _ in range(dice.randint(0, 6))]
    tail = dice.choice([["flatten"], ["global_average_pool"], []])
    layers += [{"kind": kind} for kind in tail] + [{"kind": "linear"}]
    text = f'[dataset]\n{data}\n[network]\nkind = "layers"\nlayers = [{", ".join(map(table, layers))}]\n'
    text += '[optimizer]\nkind = "sgd"\nlearning_rate = 0.001\n[training]\nepochs = 1\nbatch_size = 7\n'
    (folder / "e.toml").write_text(text)
    planned = run(folder, "plan", "e.toml")
    if planned.returncode == 3:
        assert " bug " not in planned.stderr, planned.stderr
        return None
    for args in [["run", "e.toml"], ["export", "latest", "--to", "npz", "-o", "w.npz"], ["export", "latest", "--to", "torch", "-o", "torch"],
                 ["export", "latest", "--to", "onnx", "-o", "w.onnx"]]:
        ran = run(folder, *args)
        if ran.returncode:
            return name, text, f"{args}: {ran.stdout[-400:]} {ran.stderr[-800:]}", None
    (record,) = (folder / "runs").glob("*/run.json")
    content = (record.parent / "model.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    tensors = [key for key, entry in header.items() if isinstance(entry, dict) and entry.get("dtype") == "F32"]
    arrays = np.load(folder / "w.npz")
    if sum(arrays[key].size for key in arrays.files) != sum(int(np.prod(header[key]["shape"])) for key in tensors):
        return name, text, "the arrays are not the tensors", None
    line = ""
    if is_here["onnxruntime"]:
        script = pathlib.Path(__file__).with_name("check_onnx.py")
        asked = [sys.executable, script, folder / "w.onnx", folder / "torch" / "check.safetensors"]
        ran = subprocess.run(asked, capture_output=True, text=True)
        line = ran.stdout.strip()
        if ran.returncode:
            return name, text, f"ONNX Runtime: {line} {ran.stderr[-800:]}", None
    if is_here["torch"]:
        try:
            is_right, line = check(folder / "torch")
        except Exception as error:
            return name, text, f"PyTorch: {error}", None
        if not is_right:
            return name, text, line, line
    return name, text, None, line


failures, seen, worst, tries = [], {}, 0.0, 0
while sum(seen.values()) < count:
    tries += 1
    with tempfile.TemporaryDirectory() as folder:
        result = one(pathlib.Path(folder))
    if result is None:
        continue
    name, text, problem, line = result
    kind = name.split(" of ")[0] if name.startswith("csv") else name
    seen[kind] = seen.get(kind, 0) + 1
    found = re.search(r"more than (\S+)", line or "")
    worst = max(worst, float(found.group(1))) if found else worst
    if problem:
        failures.append(problem)
        print(f"FAILED: {problem}\n{text}")
for kind in sorted(seen):
    print(f"{kind:<16} {seen[kind]}")
print(f"{count} networks ({tries} drawn), {len(failures)} failed; the largest difference of an output is {worst:.1e}")
sys.exit(1 if failures else 0)
