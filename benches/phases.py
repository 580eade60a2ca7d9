"""Where the time of a run goes: samples of `perf`, by what the code at each sample is for.

usage: phases.py RUNNER run FILE.toml [ARGUMENTS]
RUNNER is a release binary, which has the names of inlined functions. Needs: perf, addr2line.
Prints the share of each phase, and what is left.
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

# The first that fits, of the source files that a sample lies in, from the inlined function outwards.
PHASES = [
    ("augmentation", r"/data/augment"),
    ("reading and scaling examples", r"/data/|input_record"),
    ("convolution: transforms of tiles", r"winograd/(spread|gather|outer|tiling|scratch)"),
    ("convolution: transforms of weights", r"winograd/weight|conv/transpose"),
    ("convolution: gather without transforms", r"conv/direct"),
    ("batch norm", r"batch_norm|channel_sums"),
    ("max pool", r"max_pool|windows\.rs"),
    ("activations", r"activation\.rs|gelu|relu|sigmoid|tanh"),
    ("dropout", r"dropout"),
    ("loss", r"nn/loss"),
    ("optimizer", r"src/optim|kernel/rule|train/(average|lookahead)"),
    ("whitening", r"train/whitening"),
    ("products", r"kernel/(tile|product|run|panels|rows|split)\.rs"),
    ("evaluation and files", r"src/(train|sweep|runs|analysis|output)|sha2|deflate"),
]


def sampled(command, folder):
    """Samples by address in the binary, and those outside of it."""
    data = pathlib.Path(folder) / "perf.data"
    record = ["perf", "record", "-q", "-F", "199", "-o", data, *command]
    subprocess.run(record, check=True, stdout=subprocess.DEVNULL)
    script = ["perf", "script", "-i", data, "--show-mmap-events", "-F", "ip,comm"]
    text = subprocess.run(script, check=True, text=True, capture_output=True).stdout
    binary = pathlib.Path(command[0]).resolve()
    mapped = re.compile(r"\[0x([0-9a-f]+)\(0x([0-9a-f]+)\) @ (0x[0-9a-f]+|0) .*r-xp (\S+)$")
    start, size, offset = next(
        (int(m[1], 16), int(m[2], 16), int(m[3], 0))
        for m in map(mapped.search, text.splitlines()) if m and pathlib.Path(m[4]).resolve() == binary)
    headers = subprocess.run(["readelf", "-lW", binary], check=True, text=True, capture_output=True).stdout
    segments = [[int(x, 16) for x in line.split()[1:3]] for line in headers.splitlines() if " R E " in line]
    (in_file, address), = segments
    samples = collections.Counter()
    for line in text.splitlines():
        word = line.split()[-1] if line.split() else ""
        if not re.fullmatch(r"[0-9a-f]+", word) or "PERF_RECORD" in line:
            continue
        at = int(word, 16)
        inside = start <= at < start + size
        samples[at - start + offset - in_file + address if inside else None] += 1
    return samples


def chains(binary, addresses):
    """The source files of each address, from the innermost inlined function outwards."""
    text = "\n".join(map(hex, addresses))
    command = ["addr2line", "-e", binary, "-i", "-f", "-a"]
    lines = subprocess.run(command, input=text, check=True, text=True, capture_output=True).stdout.splitlines()
    files, at = collections.defaultdict(list), None
    for line in lines:
        if line.startswith("0x"):
            at = int(line, 16)
        elif "/" in line:
            files[at].append(line.rsplit(":", 1)[0])
    return files


def phase(files):
    for name, pattern in PHASES:
        if any(re.search(pattern, file) for file in files):
            return name
    return "else"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        command = [*sys.argv[1:], "--runs-dir", f"{folder}/runs", "--no-progress", "-q"]
        samples = sampled(command, folder)
    files = chains(sys.argv[1], [at for at in samples if at is not None])
    shares = collections.Counter()
    for at, count in samples.items():
        shares["the system and its library" if at is None else phase(files[at])] += count
    for name, count in shares.most_common():
        print(f"{name:42} {100 * count / samples.total():5.1f} %")


main()
