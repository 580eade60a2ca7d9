"""Writes the inputs that fuzzing starts from: corpus/<target>/seed-*. Needs nothing but Python.

They are made from what the repository ships (experiments/, tests/data/*.tar.gz, seeds/record.json), and are
written anew before each run, so that none of them goes stale.
"""

import base64
import glob
import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def read(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read()


def write(target, seeds):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(seeds):
        with open(os.path.join(folder, f"seed-{number:02}"), "wb") as file:
            file.write(seed)


def parts(*contents):
    """As `parts` of src/lib.rs takes them apart."""
    return b"".join(struct.pack("<H", len(part)) + part for part in contents[:-1]) + contents[-1]


def routes():
    run = b"/api/run/0123456789ab"
    targets = [
        b"/?token=0123456789abcdef", b"/assets/page.js", b"/api/overview", run, run + b"/note",
        run + b"/file/metrics.csv", run + b"/file/..%2f..%2fpasswd", b"/api/curves?ids=0123456789ab,ffffffffffff",
        b"/api/page?experiment=a+b%26&where=gap+%3E+0.1&run=0123456789ab", b"/api/events?version=17",
        b"/api/diff?a=0123456789ab&b=ffffffffffff", b"/api/study/a%20b/file/waterfall.svg",
    ]
    return [parts(b"GET", target) for target in targets] + [parts(b"POST", run + b"/note")]


def experiments():
    files = [open(path, "rb").read() for path in sorted(glob.glob(f"{ROOT}/experiments/*.toml"))]
    small = b"""[dataset]
kind="synthetic"
[network]
kind="mlp"
hidden_sizes=[9]
[optimizer]
kind="adam"
learning_rate=0.01
[training]
epochs=2
"""
    tail = b"""seeds=[1,2]
[[grid]]
network.dropout=[0.0,0.5]
optimizer=[{kind="sgd",learning_rate=0.1},{kind="adamw",learning_rate=1e-3}]
[[grid]]
"network.weight_init"=["he",{normal={std=0.1}}]
[[exclude]]
network.dropout=0.5
training.seeds=1
"""
    sets = b"\0".join([b"", b"network.dropout=[0.1,0.2]", b"optimizer.kind=sgd", b"name=x", b"training.seeds=3"])
    return files + [small, small + tail, small + tail + sets, small.replace(b"9", b"0") + b"x=1", b"a=[", b"\xff=1\n"]


def tar(entries, form=tarfile.USTAR_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, len(content)
            entry.linkname = "../../evil" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue().rstrip(b"\0")


def archives():
    folder, record = "cifar-10-batches-bin", bytes(3073)
    plain = tarfile.REGTYPE
    good = [(f"{folder}/{name}", record, plain) for name in ["data_batch_1.bin", "test_batch.bin"]]
    good.append((f"{folder}/batches.meta.txt", b"".join(b"c%d\n" % i for i in range(10)), plain))
    hostile = [
        ("../evil", b"x", plain), ("/evil", b"x", plain), (f"{folder}/../../evil", b"x", plain),
        (f"{folder}/data_batch_1.bin", b"", tarfile.SYMTYPE), (f"{folder}/a", b"", tarfile.LNKTYPE),
        (folder, b"", tarfile.DIRTYPE), ("a", b"", tarfile.FIFOTYPE), ("a", b"x" * 9, tarfile.GNUTYPE_SPARSE),
        ("n" * 150, b"x", plain),
    ]
    seeds = [b"\0" + tar(good, form) for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)]
    seeds += [b"\0" + tar([entry] + good[:1], tarfile.GNU_FORMAT) for entry in hostile]
    seeds.append(b"\0" + tar(hostile[-1:] + [("ü" * 9, b"x", plain)], tarfile.PAX_FORMAT))
    seeds.append(b"\2" + gzip.compress(tar(good), mtime=0))
    for name, first in [("cifar10-protocol2", b"\2"), ("cifar10-evil", b"\2"), ("cifar100-python3", b"\3")]:
        seeds.append(first + read(f"tests/data/{name}.tar.gz"))
    return seeds


def pickles():
    """The batches of tests/data, with one image instead of two: a shorter string of pixels."""
    seeds = []
    for name, meta, batch in [
        ("cifar10-protocol2", "batches.meta", "data_batch_1"), ("cifar10-protocol0", "batches.meta", "data_batch_1"),
        ("cifar10-evil", "batches.meta", "data_batch_1"), ("cifar100-python3", "meta", "test"),
    ]:
        with tarfile.open(fileobj=io.BytesIO(read(f"tests/data/{name}.tar.gz"))) as archive:
            files = {os.path.basename(entry.name): archive.extractfile(entry).read() for entry in archive}
        seeds.append((b"\1" if "100" in name else b"\0") + parts(files[meta], files[batch]))
    image = b"U\x04dataq\2cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1K\1M\0\x0c\x86" \
        b"cnumpy\ndtype\nU\2u1K\0K\1\x87R\x89T\0\x0c\0\0" + bytes(3072) + b"tb"
    small = b"\x80\2}q\1(U\6labels]q\3K\3a" + image + b"u."
    names = b"\x80\2}U\x0blabel_names](" + b"".join(b"U\2c%d" % i for i in range(10)) + b"es."
    seeds.append(b"\0" + parts(names, small))
    encoded = b"\x80\2}U\x0blabel_names](c_codecs\nencode\nX\2\0\0\0ab\x85q\1Rh\1es."
    seeds.append(b"\0" + parts(encoded, small))
    return seeds


def datasets():
    names = [b"".join(b"c%d\n" % i for i in range(count)) for count in (10, 20, 100)]
    record = bytes([3]) + bytes(3072)
    cifar = [b"\0" + parts(record, record, names[0], b""), b"\0" + parts(record, record[:9], names[0], b"")]
    cifar.append(b"\1" + parts(b"\1" + record, b"\2" + record, names[2], names[1]))
    images = [struct.pack(">4I", 0x803, count, 28, 28) + bytes(784 * count) for count in (2, 1)]
    labels = [struct.pack(">2I", 0x801, count) + bytes([7] * count) for count in (2, 1)]
    files = [images[0], labels[0], images[1], labels[1]]
    packed = [gzip.compress(file, mtime=0) for file in files]
    return cifar, [b"\0" + parts(*files), b"\x0f" + parts(*packed), b"\x0a" + parts(files[0], packed[1], files[2], packed[3])]


def records():
    record = read("fuzz/seeds/record.json")
    metrics = b"""epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,val_loss,val_accuracy,test_loss,test_accuracy,gap
0,0,0.01,,2.69,0.1,2.71,0.1,2.72,0.1,0
1,3,0.01,2.45,NaN,0.1,,,inf,0.1,-0.5
"""
    timing = b"epoch,train_seconds,evaluation_seconds,examples_per_second\n0,0.000,0.002,0\n1,NaN,1e300,5314\n"
    whole = b"\0".join([record, metrics, timing])
    odd = whole.replace(b'"tiny"', b'"\\u001b[2J\\u009b=1,\\"\\n"').replace(b"finished", b"running")
    return [whole, odd, whole.replace(b'"kind":"mlp"', b'"kind":{"a":[1,null]}'), b"{}\0\0"]


def png(width, height, depth, color, rows, *chunks):
    header = struct.pack(">2I5B", width, height, depth, color, 0, 0, 0)
    content = zlib.compress(b"".join(b"\0" + row for row in rows))
    all_chunks = [(b"IHDR", header), *chunks, (b"IDAT", content), (b"IEND", b"")]
    checked = [struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in all_chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(checked)


def pictures():
    jpeg = read("tests/data/turned.jpg")
    webp = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
    palette = png(9, 2, 1, 3, [b"\xaa\x80", b"\x55\0"], (b"PLTE", b"\1\2\3\4\5\6"), (b"tRNS", b"\x80"))
    pngs = [
        png(3, 2, 8, 2, [bytes(range(9)), bytes(9)]), png(2, 2, 16, 6, [bytes(16)] * 2), palette,
        png(5, 1, 8, 4, [bytes(10)]), png(1 << 30, 1 << 30, 8, 0, [b"\0"]),
        png(2, 1, 8, 0, [b"\1\2"], (b"eXIf", b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")),
    ]
    return [bytes([i * 37 % 256]) + picture for i, picture in enumerate([jpeg, webp, *pngs])]


def arrays():
    header = lambda descr, shape, order="False": f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    file = lambda head, elements, version=1: b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(head)) + head + elements
    return [
        file(header("|u1", "(4, 2, 2)"), bytes(range(16))), file(header(">f4", "(4, 3)", "True"), bytes(48), 2),
        file(header("<U2", "(4,)"), bytes([97, 0, 0, 0] * 8)), file(header("<f8", "(4, 99999999999)"), b""), file(header("|O", "(4,)"), b"\x80"),
    ]


def npz():
    archives = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.writestr("x_train.npy", arrays()[0])
            archive.writestr("y_train.npy", arrays()[2])
        archives.append(file.getvalue())
    return archives


cifar, idx = datasets()
write("picture", pictures())
write(
    "table",
    [
        b"\x00x,y,label\n1.5,-2e3,a\r\n3,4,\"two\nlines\"\n5,6,b\n",
        b"\x00label,x\n\"a,1\nb,2\n\"a,3\n",
        b"\x25x;label\n1,5;\xe9\n2,5;true\n",
        b"\x01\xef\xbb\xbft;label\r1700000000000000001;\"q\"\"q\"\r",
    ],
)
write("npz", [b"\0" + archive for archive in npz()] + [b"\1" + array for array in arrays()] + [b"\2" + array for array in arrays()])
write("cifar", cifar)
write("idx", idx)
write("experiment", experiments())
write("archive", archives())
write("pickle", pickles())
write("record", records())
write("checkpoint", [b"\0{}", b"\1", b"\1\1\0\0", b"\0" + struct.pack("<Q", 2) + b"{}"])
rows = b"".join(struct.pack("<Q6f", epoch, 2.0 / (1 + epoch), 0.5, 1.0, 0.4, 1e9, 0.3) for epoch in range(4))
write("plots", [b"\0" + rows, b"\x40" + rows + b"<a>&\x1b[1m", b"\x25" + rows[:32], b"\0"])
write("targets", [
    b"0123", b"latest", b"0123456789ab\0ffff", b"../outside", b"..", b"x.toml\0latest", b"0123456789ab/../../outside",
    b"runs/x\x1b[2J", "\u202e\u009b".encode(), b"", b"/",
])
write("route", routes())
write("filter", [
    b'optimizer.kind == "adam" && test_accuracy > 0.5', b"!(seed in [1, 2]) || dropout <= 1e-3 and not batch_norm",
    b"hidden_sizes == [9] || state != 'finished'", b"gap > 50% && (", "\u201cx\u201d = \x1b".encode(), b"",
])
