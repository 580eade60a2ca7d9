"""Writes the small Python editions of CIFAR that tests/data_import.rs reads.

    python3 make_python_archives.py       (numpy is needed; the output is committed)

cifar10-protocol2.tar.gz   as the published archive is: Python 2 strings, protocol 2
cifar10-protocol0.tar.gz   the same content in the oldest, textual protocol
cifar100-python3.tar.gz    as Python 3 writes protocol 2: bytes are a call of _codecs.encode
cifar10-evil.tar.gz        a batch that would call os.system when unpickled
Pixels and labels are a formula, which the test repeats: no expected output is stored.
"""

import gzip
import io
import os
import pickle
import tarfile

import numpy as np


class Python2Pickler(pickle._Pickler):
    """Writes strings and numpy's module name as Python 2 and numpy 1 did."""

    def save_python2_string(self, value):
        raw = value.encode("ascii") if isinstance(value, str) else value
        if self.proto == 0:
            text = repr(raw)[1:]  # without the b
            self.write(b"S" + text.encode("ascii") + b"\n")
        elif len(raw) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(raw)]) + raw)
        else:
            self.write(pickle.BINSTRING + len(raw).to_bytes(4, "little") + raw)
        self.memoize(value)

    def save_global(self, value, name=None):
        if getattr(value, "__name__", "") == "_reconstruct":
            self.write(b"cnumpy.core.multiarray\n_reconstruct\n")
            self.memoize(value)
        else:
            super().save_global(value, name)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[bytes] = save_python2_string
    dispatch[str] = save_python2_string
    dispatch[type(len)] = save_global  # numpy's _reconstruct is a builtin function


def python2(value, protocol):
    buffer = io.BytesIO()
    Python2Pickler(buffer, protocol).dump(value)
    return buffer.getvalue()


def pixels(first, count):
    rows = np.arange(first, first + count).reshape(-1, 1)
    columns = np.arange(3072).reshape(1, -1)
    return ((rows * 31 + columns * 7 + columns // 256) % 256).astype(np.uint8)


def write(name, folder, files):
    with gzip.GzipFile(name, "wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for file, content in files.items():
            entry = tarfile.TarInfo(f"{folder}/{file}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def cifar10(dump):
    files = {}
    for batch in range(6):
        rows = range(2 * batch, 2 * batch + 2)
        files["test_batch" if batch == 5 else f"data_batch_{batch + 1}"] = dump({
            b"batch_label": b"batch %d" % batch,
            b"labels": [row % 10 for row in rows],
            b"data": pixels(rows[0], len(rows)),
            b"filenames": [b"image_%d.png" % row for row in rows],
        })
    files["batches.meta"] = dump({
        b"num_cases_per_batch": 2,
        b"label_names": [b"class %d" % label for label in range(10)],
        b"num_vis": 3072,
    })
    return files


def cifar100(dump):
    files = {}
    for name, rows in {"train": range(6), "test": range(6, 10)}.items():
        files[name] = dump({
            b"filenames": [b"image_%d.png" % row for row in rows],
            b"batch_label": b"batch",
            b"fine_labels": [row * 11 % 100 for row in rows],
            b"coarse_labels": [row % 20 for row in rows],
            b"data": np.asfortranarray(pixels(rows[0], len(rows))),
        })
    files["meta"] = dump({
        b"fine_label_names": [b"fine %d" % label for label in range(100)],
        b"coarse_label_names": [b"coarse %d" % label for label in range(20)],
    })
    return files


class Evil:
    def __reduce__(self):
        return os.system, ("echo this must not run",)


def evil(value):
    return pickle.dumps({**value, b"data": Evil()}, 2) if b"data" in value else python2(value, 2)


os.chdir(os.path.dirname(os.path.abspath(__file__)))
write("cifar10-protocol2.tar.gz", "cifar-10-batches-py", cifar10(lambda v: python2(v, 2)))
write("cifar10-protocol0.tar.gz", "cifar-10-batches-py", cifar10(lambda v: python2(v, 0)))
write("cifar100-python3.tar.gz", "cifar-100-python", cifar100(lambda v: pickle.dumps(v, 2)))
write("cifar10-evil.tar.gz", "cifar-10-batches-py", cifar10(evil))
