"""Made-up episodes with real PNG frames, and ``datasets`` without a network."""

import hashlib
import importlib
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from overt.consent.deletion import deletion_tag
from overt.dataset.eligible import Eligible
from overt.dataset.engines.here import Here
from overt.dataset.interface import Format
from overt.dataset.pipeline import Report, Request, export
from overt.dataset.release import About, Release
from overt.events.redacted import (
    Clicked,
    Dragged,
    EndFacts,
    FrameTaken,
    PageEntered,
    PageLeft,
    Pressed,
    RedactedEvent,
    RedactedFrame,
    Scrolled,
    SessionFacts,
    Target,
    Typed,
)
from overt.format.note import NoteSigner

WIDTH, HEIGHT = 64, 48
HANDLE = "5a" * 16
"""The deletion handle of the grant under which made-up episodes were recorded."""

SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
ABOUT = About(controller="Example Org", contact="privacy@example.org", jurisdictions=("DE",))

Content = list[RedactedEvent | RedactedFrame]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(shade: int, *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes([shade, 100, 200]) * WIDTH) * HEIGHT
    middle = b"".join(chunk(b"tEXt", each) for each in extra)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + middle
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def shot(number: int, at_ms: int, visit: int = 1, png: bytes = b"") -> RedactedFrame:
    png = png or picture(number)
    sha256 = hashlib.sha256(png).hexdigest()
    event = FrameTaken(visit=visit, at_ms=at_ms, frame=number, width=WIDTH, height=HEIGHT, sha256=sha256, masks=1)
    return RedactedFrame(event=event, png=png)


def search_story() -> Content:
    """A search, a result, some reading: every kind of action, with a frame before most of them."""
    google = {"site": "google", "area": "google/search"}
    return [
        PageEntered.model_validate(
            {"at_ms": 0, "visit": 1, **google, "url": "https://www.google.com/", "title": "", "arrived": "start"}
        ),
        shot(1, 500),
        Clicked(at_ms=1_000, visit=1, button="left", x=10, y=20, target=Target(role="entry", box=(1, 2, 3, 4))),
        Typed(at_ms=1_200, visit=1, text="it's <image> [EMAIL]", withheld=("EMAIL",)),
        Pressed(at_ms=2_000, visit=1, keys=("enter",)),
        PageLeft(at_ms=2_400, visit=1, dwell_ms=2_400, off_list=False),
        PageEntered.model_validate(
            {"at_ms": 2_400, "visit": 2, **google, "url": "https://www.google.com/search?q=turing", "title": "turing"}
            | {"query": "turing", "arrived": "key"}
        ),
        shot(2, 2_900, visit=2),
        Scrolled(at_ms=3_500, visit=2, x=5, y=6, dx=0, dy=-3),
        shot(3, 4_000, visit=2),
        Clicked(at_ms=6_000, visit=2, button="left", x=63, y=47, target=Target(role="link", name="Alan Turing")),
        PageLeft(at_ms=6_300, visit=2, dwell_ms=3_900, off_list=False),
        PageEntered.model_validate(
            {"at_ms": 6_300, "visit": 3, "site": "wikipedia", "area": "wikipedia/article", "arrived": "click"}
            | {"url": "https://en.wikipedia.org/wiki/Alan_Turing", "title": "Alan Turing"}
        ),
        shot(4, 6_800, visit=3),
        Dragged(at_ms=8_000, visit=3, button="left", x=1, y=2, x2=30, y2=2),
        Pressed(at_ms=9_000, visit=3, keys=("ctrl", "c")),
        Clicked(at_ms=9_500, visit=3, button="left", count=3, x=1, y=2),
        PageLeft(at_ms=14_000, visit=3, dwell_ms=7_700, off_list=True),
    ]


def eligible(content: Sequence[RedactedEvent | RedactedFrame], number: int = 1, **session: Any) -> Eligible:
    facts = {"recorder_version": "1", "redactor_version": "1", "grant": "ab" * 16, "notice_sha256": "0" * 64}
    facts |= {"policy_sha256": "1" * 64, "purposes": ("model_training",), "signals": ("clicks", "text")}
    facts |= {"trial": False, "started_on": "2026-11-23", "os_family": "linux"}
    return Eligible(
        episode_id=f"{number:032x}",
        contributor_key="device+cd",
        consent_sha256=f"{7:064x}",
        deletion_tag=deletion_tag(HANDLE, f"{number:032x}"),
        source_sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        session=SessionFacts.model_validate({**facts, **session}),
        end=EndFacts(at_ms=14_000, armed_ms=14_000, reason="stopped"),
        content=lambda: iter(content),
    )


def exported(out: Path, *episodes: Eligible, **changes: Any) -> Report:
    formats = changes.pop("formats", (Format.PARQUET, Format.AGENTNET))
    engine = changes.pop("engine", None) or Here(changes.pop("judges", ()))
    skips = changes.pop("skips", ())
    progress = changes.pop("progress", lambda: None)
    log = changes.pop("log", lambda _: None)
    release = Release(signer=changes.pop("signer", SIGNER), about=ABOUT, holdout=changes.pop("holdout", 0))
    usual = {"purpose": "model_training", "trial": False, "release": release, "cohort_floor": 1}
    request = Request(**{**usual, "formats": formats, "out": out, **changes})
    return export(request, episodes, skips, engine=engine, progress=progress, log=log)


class Story:
    """What the tests of this room make their episodes with."""

    chunk = staticmethod(chunk)
    picture = staticmethod(picture)
    shot = staticmethod(shot)
    search = staticmethod(search_story)
    eligible = staticmethod(eligible)
    exported = staticmethod(exported)


@pytest.fixture
def story() -> type[Story]:
    return Story


@pytest.fixture
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """``datasets.load_dataset``, offline and with a cache of its own."""
    cache = tmp_path_factory.mktemp("datasets-cache")
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=str(cache))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        datasets = importlib.import_module("datasets")
        datasets.disable_progress_bars()

        def load_dataset(*arguments: Any, **options: Any) -> Any:
            if not options.get("streaming"):
                options["cache_dir"] = str(cache)
            return datasets.load_dataset(*arguments, **options)

        yield load_dataset
