"""Pictures as Pillow resizes them, and a JPEG that EXIF says to turn: fixtures of src/data/images.
Pillow 10.4 to 12.2; 13.0 resizes the columns of tall pictures first, which rounds some pixels to another value.

usage: python tests/parity/make_resize.py
"""

import json
from pathlib import Path

import numpy
from PIL import Image

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
CASES = [  # width and height from, to, channels
    ((7, 5), (3, 4), 3),
    ((12, 9), (5, 5), 1),
    ((3, 2), (8, 6), 3),
    ((16, 16), (4, 4), 1),
    ((1, 1), (4, 3), 3),
    ((20, 3), (3, 7), 1),
    ((31, 23), (8, 8), 1),
]

here = Path(__file__).parent
random = numpy.random.default_rng(1)
cases = []
for (width, height), to, channels in CASES:
    shape = (height, width, 3) if channels == 3 else (height, width)
    pixels = random.integers(0, 256, shape, dtype=numpy.uint8)
    image = Image.fromarray(pixels)
    case = {"from": [width, height], "to": list(to), "channels": channels, "pixels": pixels.flatten().tolist()}
    for name, filter in FILTERS.items():
        case[name] = numpy.asarray(image.resize(to, filter)).flatten().tolist()
    cases.append(case)
text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(here / "resize.json").write_text(f"[\n{text}\n]\n")

turned = numpy.zeros((8, 16, 3), dtype=numpy.uint8)
turned[:, :8, 0] = 255
turned[:, 8:, 2] = 255
exif = Image.Exif()
exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees clockwise to show it
Image.fromarray(turned).save(here.parent / "data/turned.jpg", exif=exif, quality=95, subsampling=0)
