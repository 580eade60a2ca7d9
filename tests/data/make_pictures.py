"""Two pictures with losses: fixtures of src/data/images/decode.rs, which pins what they are decoded to. Pillow 13.0.
Files that other versions make may differ in their bytes, and so in their pixels.

usage: python tests/data/make_pictures.py
"""

from pathlib import Path

import numpy
from PIL import Image

here = Path(__file__).parent
random = numpy.random.default_rng(1)
# No side is a multiple of a block's 8 or 16 pixels; edges, a slope and noise, so that no block is plain.
slope = numpy.linspace(0, 255, 27 * 37).reshape(27, 37)
pixels = numpy.stack([slope, slope[::-1], numpy.roll(slope, 9, axis=1)], axis=2)
pixels[5:14, 8:23] = (230, 40, 10)
pixels += random.normal(0, 12, pixels.shape)
picture = Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))
picture.save(here / "losses.jpg", quality=80, subsampling="4:2:0")
picture.save(here / "losses.webp", quality=60, method=4)
