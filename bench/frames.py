"""Codecs for frames on real pages: size and processor time of each way to write a masked frame without loss.

    python bench/frames.py [--json]

Thirty-six frames: six of the local pages, each at six sizes of the window, masked as the recorder masks them. PNG by
this project's own writer at several levels and filters, palettes where a frame has few colours, and lossless WebP by
Pillow (an extra of the demo, not of the recorder).
"""

import argparse
import asyncio
import io
import json
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image

from overt.capture.select import open_frames
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages import google, linkedin, wikipedia
from overt.demo.site import LocalSite
from overt.events.context import Context
from overt.events.raw import RawFrame
from overt.focus._backends._x11 import X11Focus
from overt.recorder.shutter import Shutter
from overt.redact import pixels

PAGES: Final = (
    f"https://{google.HOST}/",
    f"https://{google.HOST}/search?q=lighthouse",
    f"https://{wikipedia.HOST}/wiki/Lighthouse",
    f"https://{wikipedia.HOST}/wiki/Fresnel_lens",
    f"https://{linkedin.HOST}/jobs/search/?keywords=lamp",
    f"https://{linkedin.HOST}{linkedin.JOB}",
)
SIZES: Final = ((1180, 740), (1180, 600), (900, 740), (900, 500), (700, 740), (1240, 760))
"""Of the window, in pixels: each shows another part of the page and breaks its lines elsewhere."""


async def gather(desktop: PrivateDesktop, url: str, site: LocalSite) -> list[RawFrame]:
    """Return masked frames of *url* in windows of all sizes."""
    browser = Chromium(desktop, site)
    browser.open(url)
    focus = X11Focus(display=desktop.display, session_bus=desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    await focus.start()
    camera = open_frames(environ=desktop.env)
    taken = []
    for width, height in SIZES:
        words = ["xdotool", "getactivewindow", "windowsize", str(width), str(height)]
        await asyncio.to_thread(subprocess.run, words, env=desktop.env, check=True)
        await asyncio.sleep(0.8)
        taken.append(await one(focus, Shutter(focus=focus, frames=camera, now=time.monotonic_ns)))
    await focus.close()
    camera.close()
    browser.close()
    return taken


async def one(focus: X11Focus, shutter: Shutter) -> RawFrame:
    """Wait for a frame and mask it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        context = await focus.check()
        shot = await shutter.take(context) if isinstance(context, Context) else None
        if shot is not None:
            pixels.mask(shot[0], shot[1])
            return shot[0]
        await asyncio.sleep(0.1)
    raise SystemExit("waited 20 s in vain for a frame")


def rgb(frame: RawFrame) -> bytes:
    """Return the frame's pixels, three bytes each."""
    return Image.frombuffer("RGB", (frame.rect.width, frame.rect.height), frame.pixels, "raw", "BGRX").tobytes()


def own(level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY, *, up: bool = False) -> Callable[[RawFrame], bytes]:
    """Return a writer of PNG bodies at *level* and *strategy*, each row as it is or less the row *up*."""

    def write(frame: RawFrame) -> bytes:
        row = frame.rect.width * 3
        data = rgb(frame)
        if up:
            data = less(data, bytes(row) + data[:-row])
        mark = b"\2" if up else b"\0"
        lines = b"".join(mark + data[at : at + row] for at in range(0, len(data), row))
        packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
        return packer.compress(lines) + packer.flush()

    return write


def less(one: bytes, other: bytes) -> bytes:
    """Return *one* minus *other*, byte by byte modulo 256, with no loop: both are one large number."""
    high = int.from_bytes(b"\x80" * len(one))
    a, b = int.from_bytes(one), int.from_bytes(other)
    return (((a | high) - (b & ~high)) ^ ((a ^ ~b) & high)).to_bytes(len(one) + 1)[1:]


def palette(level: int) -> Callable[[RawFrame], bytes]:
    """Return a writer that uses a palette where a frame has few enough colours, else none."""

    def write(frame: RawFrame) -> bytes:
        data = rgb(frame)
        pieces = [data[at : at + 3] for at in range(0, len(data), 3)]
        places = {colour: place for place, colour in enumerate(dict.fromkeys(pieces))}
        if len(places) > 256:
            return own(level)(frame)
        return zlib.compress(bytes(map(places.__getitem__, pieces)), level) + b"".join(places)

    return write


def webp(method: int) -> Callable[[RawFrame], bytes]:
    """Return Pillow's writer of lossless WebP with *method* 0 (fast) to 6."""

    def write(frame: RawFrame) -> bytes:
        image = Image.frombuffer("RGB", (frame.rect.width, frame.rect.height), frame.pixels, "raw", "BGRX")
        out = io.BytesIO()
        image.save(out, "WEBP", lossless=True, method=method, quality=50)
        return out.getvalue()

    return write


CODECS: Final = {
    "recorder's PNG": lambda frame: (pixels.png(frame, frame.rect) or (b"", 0, 0))[0],
    "PNG level 1": own(1),
    "PNG level 1, up": own(1, up=True),
    "PNG level 3": own(3),
    "PNG level 4": own(4),
    "PNG level 6": own(6),
    "PNG level 6, up": own(6, up=True),
    "PNG level 6, filtered": own(6, zlib.Z_FILTERED),
    "PNG level 9": own(9),
    "PNG palette, level 6": palette(6),
    "WebP method 0": webp(0),
    "WebP method 4": webp(4),
}


def measure(write: Callable[[RawFrame], bytes], frames: list[RawFrame]) -> tuple[float, float, float]:
    """Return the median and the largest size in KB, and the median of processor time in milliseconds."""
    sizes, times = [], []
    for frame in frames:
        began = time.process_time()
        sizes.append(len(write(frame)) / 1_000)
        times.append((time.process_time() - began) * 1_000)
    return statistics.median(sizes), max(sizes), statistics.median(times)


def main() -> int:
    """Take the frames, write each in each way, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    frames: list[RawFrame] = []
    with PrivateDesktop() as desktop, LocalSite(desktop.directory) as site:
        for url in PAGES:
            frames += asyncio.run(gather(desktop, url, site))
    found = {name: measure(write, frames) for name, write in CODECS.items()}
    if asked.json:
        sys.stdout.write(json.dumps({"frames": len(frames), "codecs": found}) + "\n")
        return 0
    sys.stdout.write(f"{len(frames)} frames\n")
    for name, (size, largest, ms) in found.items():
        sys.stdout.write(f"{name:24} {size:8.1f} KB median {largest:8.1f} KB largest {ms:8.1f} ms\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
