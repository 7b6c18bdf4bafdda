"""A story as it is told when everything goes well, small enough to be changed in one place and judged again."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from overt.demo.act import Act
from overt.demo.canary import Canary
from overt.demo.loading import Loaded
from overt.demo.opened import Opened
from overt.demo.search import Searched
from overt.demo.story import Played, Told
from overt.demo.tool import Ran

CANARY = Canary(act="password", text="vokuzajiwexoku")
ACTION: dict[str, Any] = dict.fromkeys(
    ("button", "count", "x", "y", "x2", "y2", "dx", "dy", "text", "status"), None
) | {"keys": [], "modifiers": [], "redacted": False, "redaction_types": []}


def png(colour: tuple[int, int, int] = (9, 9, 9)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(data, "PNG")
    return data.getvalue()


def step(index: int, **action: object) -> dict[str, Any]:
    return {
        "step_index": index,
        "trajectory": 0,
        "visit": 1,
        "area": "google/home",
        "action": ACTION | action,
        "image_sha256": "ab" * 32,
        "image_width": 8,
        "image_height": 6,
    }


def tables() -> dict[str, list[dict[str, Any]]]:
    visit = {"trajectory": 0, "visit": 1, "title": "Google <b>", "url": "https://www.google.com/", "arrived": "start"}
    return {
        "steps": [
            step(0, kind="navigate", text="https://www.google.com/"),
            step(1, kind="click", button="left", count=1, x=4, y=3),
            step(2, kind="type", text="lamp"),
            step(3, kind="type", redacted=True, redaction_types=["secret_field"]),
            step(4, kind="drag", button="left", x=1, y=1, x2=5, y2=1),
            step(5, kind="hotkey", keys=["ctrl", "a"]),
            step(6, kind="scroll", x=1, y=1, dx=0, dy=-2),
            step(7, kind="terminate"),
        ],
        "episodes": [{}],
        "visits": [visit | {"left": None, "dwell_s": 3}],
        "queries": [
            {
                "trajectory": 0,
                "site": "google",
                "query": "lamp",
                "clicks": [{"name": "", "to_visit": 1}, {"name": "A lamp", "to_visit": None}],
            }
        ],
    }


def opened() -> Opened:
    content = [
        {"kind": "page_entered", "visit": 1, "title": "Sign", "url": "https://www.google.com/"},
        {"kind": "withheld", "visit": 1, "reason": "secret_field"},
        {"kind": "type", "visit": 1, "text": "[EMAIL]", "withheld": ["EMAIL"]},
        {"kind": "page_entered", "visit": 2, "title": "Other", "url": "https://www.google.com/"},
        {"kind": "withheld", "visit": 2, "reason": "elsewhere"},
    ]
    return Opened(
        content=content,
        metadata=[],
        frames=[png()],
        withheld=Counter(secret_field=2),
        dropped=Counter(),
        lost=0,
        armed_ms=100,
    )


@pytest.fixture
def told() -> Told:
    """Return a story without a flaw: one allowed act, one forbidden."""
    acts = (
        Act(ident="search", did="typed & clicked", why="allowed", play=lambda _: []),
        Act(ident="password", did="typed a password", why="secret", play=lambda _: [], secret=True, page="Sign"),
    )
    wanted: dict[str, Any] = {
        "search": [{"kind": "click", "x": 4, "y": 3}, {"kind": "type", "text": "lamp"}],
        "password": [],
    }
    return Told(
        acts=acts,
        played=Played(wanted=wanted, planted={"password"}, shown={"password": 50}),
        episode_id="ab" * 16,
        episode_size=4096,
        verdict={"state": "closed", "finding": "", "flushes": 2, "trial": True},
        inspected={},
        tampered=Ran(words=("verify", "/x/changed.ep"), code=1, out="", err="", seconds=0.1),
        opened=opened(),
        loaded=Loaded(tables=tables(), images=[png()] * 8, decoded=8),
        searched=Searched(files=3, size=100),
        records=Searched(strings=7),
        canaries=(CANARY,),
        commands=(Ran(words=("verify", "/x/changed.ep"), code=1, out="", err="", seconds=0.1),),
        stop_seconds=0.25,
        seconds={"total": 9.0},
    )


@pytest.fixture
def but(told: Told) -> Callable[..., Told]:
    """Return what tells the same story with something else in it."""
    return lambda **changes: replace(told, **changes)


@pytest.fixture
def make_png() -> Callable[[tuple[int, int, int]], bytes]:
    return png
