"""The account as one HTML file that needs nothing else: table, figures, and the steps as a model will see them."""

import base64
import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from overt.demo.account import Account
from overt.demo.show import figures, outcome
from overt.demo.story import Told
from overt.errors import BackendUnavailableError

HTML: Final = "summary.html"
JSON: Final = "summary.json"


def write(out: Path, account: Account, told: Told) -> None:
    """Write ``summary.html`` and ``summary.json`` into *out*; ``BackendUnavailableError`` without jinja2."""
    (out / JSON).write_text(json.dumps(account.json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / HTML).write_text(render(account, told), encoding="utf-8")


def render(account: Account, told: Told) -> str:
    """Return the HTML."""
    try:
        jinja2: Any = importlib.import_module("jinja2")
    except ImportError:
        raise BackendUnavailableError("jinja2 is not installed", hint="pip install 'overt[demo]'") from None
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(Path(__file__).with_name("summary.html.j2").read_text(encoding="utf-8"))
    page: str = template.render(
        good=account.good,
        problems=account.problems,
        figures=figures(account),
        tiles=_tiles(account),
        lines=[{"line": line, "kept": outcome(line)[0], "withheld": outcome(line)[1]} for line in account.lines],
        steps=_steps(told),
        visits=told.loaded.tables["visits"],
        queries=_queries(told),
        commands=account.figures["commands"],
        recorder=account.figures["recorder"],
    )
    return page


def _tiles(account: Account) -> list[tuple[str, str]]:
    each = account.figures
    return [
        (f"{each['search']['found']}", f"of {each['search']['secrets']} planted secrets found"),
        (f"{each['actions']['found']}/{each['actions']['wanted']}", "allowed actions exported, in order"),
        (f"{each['frames']['secret_pixels']}", f"secret pixels in {each['frames']['searched']} frames"),
        (each["episode"]["state"], "episode verified without a key"),
        (f"{each['dataset']['rows']['steps']}", "steps loaded with datasets"),
    ]


def _queries(told: Told) -> list[dict[str, Any]]:
    """Return each search with what was opened from its results: the name of the link, or the page that it led to."""
    titles = {(row["trajectory"], row["visit"]): row["title"] for row in told.loaded.tables["visits"]}
    return [
        {
            **row,
            "opened": [
                click["name"] or titles.get((row["trajectory"], click["to_visit"])) or "something"
                for click in row["clicks"]
            ],
        }
        for row in told.loaded.tables["queries"]
    ]


def _steps(told: Told) -> list[dict[str, Any]]:
    """Return each step with its picture (once: a picture that repeats is not repeated) and its mark on it."""
    steps: list[dict[str, Any]] = []
    shown: str | None = None
    for row, image in zip(told.loaded.tables["steps"], told.loaded.images, strict=True):
        same = row["image_sha256"] == shown
        shown = row["image_sha256"]
        picture = (
            f"data:image/png;base64,{base64.b64encode(image).decode()}" if image is not None and not same else None
        )
        steps.append({"row": row, "words": words(row["action"]), "picture": picture, "mark": _mark(row)})
    return steps


def words(action: Mapping[str, Any]) -> str:
    """Return the exported *action* in words."""
    say = _WORDS.get(action["kind"])
    return say(action) if say else str(action["kind"])


def _click(action: Mapping[str, Any]) -> str:
    button = "" if action["button"] == "left" else f"{action['button']} "
    times = {1: "click", 2: "double click", 3: "triple click"}[action["count"]]
    return f"{button}{times} at {action['x']}, {action['y']}"


def _type(action: Mapping[str, Any]) -> str:
    kinds = f" (withheld: {', '.join(action['redaction_types'])})" if action["redacted"] else ""
    return f"type {action['text'] or 'nothing that may be kept'}{kinds}"


def _keys(action: Mapping[str, Any]) -> str:
    return f"press {' + '.join(action['keys'])}"


_WORDS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "click": _click,
    "drag": lambda action: f"drag from {action['x']}, {action['y']} to {action['x2']}, {action['y2']}",
    "scroll": lambda action: f"scroll by {action['dy']} at {action['x']}, {action['y']}",
    "type": _type,
    "key": _keys,
    "hotkey": _keys,
    "navigate": lambda action: f"go to {action['text']}",
}


def _mark(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return where to draw the action on its picture, in the picture's own pixels, or ``None``."""
    action = row["action"]
    if action["x"] is None or not row["image_width"]:
        return None
    return {
        "width": row["image_width"],
        "height": row["image_height"],
        "x": action["x"],
        "y": action["y"],
        "x2": action["x2"],
        "y2": action["y2"],
    }
