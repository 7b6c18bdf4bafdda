"""What a second look costs: seconds per frame, and per 1,000 characters, of each judge that is installed.

Run: ``nice python bench/second_look.py [JUDGE ...]``; wall time, first look left out. One JSON object per judge.
"""

import io
import json
import resource
import statistics
import sys
import time

from PIL import Image, ImageDraw, ImageFont

from overt.dataset.judge import RULES, SLOW, Judge, Sight
from overt.dataset.judges.panel import opened_judges
from overt.errors import BackendUnavailableError

WORDS = "lighthouse keepers of the northern coast opened their lanterns at dusk and wrote the weather down "
LOOKS = 5


def frame(number: int) -> bytes:
    """A page of text, 1280 by 800."""
    image = Image.new("RGB", (1280, 800), "white")
    font = ImageFont.load_default(16)
    for line in range(30):
        shown = f"{line + number} {WORDS}"[:100]
        ImageDraw.Draw(image).text((40, 20 + 25 * line), shown, fill="black", font=font)
    kept = io.BytesIO()
    image.save(kept, "png")
    return kept.getvalue()


def cost(judge: Judge) -> dict[str, float | str]:
    pictures = Sight.PICTURE in judge.sights
    shown = [frame(number) if pictures else f"{number} {WORDS * 11}"[:1000] for number in range(LOOKS + 1)]
    spent = []
    for each in shown:
        began = time.perf_counter()
        judge.findings(each)
        spent.append(time.perf_counter() - began)
    unit = "s_per_frame" if pictures else "s_per_1000_characters"
    return {"judge": judge.name, "version": judge.version, unit: round(statistics.median(spent[1:]), 5)}


def main(names: list[str]) -> None:
    for name in names:
        try:
            began = time.perf_counter()
            with opened_judges([] if name == RULES else [name]) as judges:
                started = round(time.perf_counter() - began, 2)
                told = cost(judges[-1]) | {"start_s": started}
        except BackendUnavailableError as problem:
            told = {"judge": name, "left_out": str(problem)}
        told["resident_mb_of_any_yet"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:] or [RULES, *SLOW])
