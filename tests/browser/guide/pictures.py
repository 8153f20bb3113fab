"""Makes a screenshot small: the 256 colours that are seen most stay, and each other one becomes the nearest of them."""

import base64
import struct
import zlib
from typing import NamedTuple

from playwright.sync_api import Page

_PALETTE = """async (png) => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const {width, height} = picture;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const dots = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const times = new Map();
  for (const dot of dots) times.set(dot, (times.get(dot) || 0) + 1);
  const parts = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const kept = [...times].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([dot]) => parts(dot));
  const nearest = new Map();
  for (const dot of times.keys()) {
    const [red, green, blue] = parts(dot);
    let [best, least] = [0, Infinity];
    kept.forEach((one, place) => {
      const far = (one[0] - red) ** 2 + (one[1] - green) ** 2 + (one[2] - blue) ** 2;
      if (far < least) [best, least] = [place, far];
    });
    nearest.set(dot, best);
  }
  let places = "";
  for (const dot of dots) places += String.fromCharCode(nearest.get(dot));
  return {width, height, palette: kept.flat(), places: btoa(places)};
}"""
_EIGHT_BITS, _BY_PALETTE = 8, 3


class Size(NamedTuple):
    width: int
    height: int


def smaller(png: bytes, blank: Page) -> bytes:
    """Return a picture with at most 256 colours, chosen on a page that forbids no script."""
    found = blank.evaluate(_PALETTE, base64.b64encode(png).decode())
    width, height = found["width"], found["height"]
    places = base64.b64decode(found["places"])
    rows = b"".join(b"\0" + places[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, _EIGHT_BITS, _BY_PALETTE, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def size_of(png: bytes) -> Size:
    """Return how wide and high a PNG says it is."""
    return Size(*struct.unpack(">II", png[16:24]))


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
