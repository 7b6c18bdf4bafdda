"""What openadapt-ml 0.17 and openadapt-capture 1.3 take for the same steps; runs in the environment ``export-peers``.

The steps come as JSON lines on standard input; the figures go to standard output as JSON.
"""

import importlib
import importlib.util
import json
import sys
import tempfile
import time
import types
from pathlib import Path

DIRECTION = {True: "up", False: "down"}


def package(name: str) -> None:
    """Make *name* importable module by module: its own beginning opens a desktop."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    module = types.ModuleType(name)
    module.__path__ = list(spec.submodule_search_locations or [])
    sys.modules[name] = module


def ml(steps: list[dict], runs: int) -> dict[str, float]:
    """CPU seconds of openadapt-ml: of its writer alone, and of its own checked classes and the writer."""
    package("openadapt_ml")
    to_parquet = importlib.import_module("openadapt_ml.export.parquet").to_parquet
    episodes = importlib.import_module("openadapt_ml.schema.episode")

    whole, alone = [], []
    for _ in range(runs + 1):
        with tempfile.TemporaryDirectory() as directory:
            start = time.process_time()
            episode = episodes.Episode.model_validate(
                {
                    "episode_id": "0",
                    "instruction": "",
                    "steps": [step(number, each) for number, each in enumerate(steps)],
                }
            )
            made = time.process_time()
            to_parquet([episode], str(Path(directory) / "out.parquet"))
            alone.append(time.process_time() - made)
            whole.append(time.process_time() - start)
    return {"writer_s": round(min(alone[1:]), 3), "checked_and_written_s": round(min(whole[1:]), 3)}


def step(number: int, each: dict) -> dict:
    """A step as openadapt-ml has it; what it has no name for is left out, which makes its work less."""
    action, where = each["action"], {}
    if action["x"] is not None:
        where = {
            "coordinates": {"x": action["x"], "y": action["y"]},
            "normalized_coordinates": (action["x"] / 1280, action["y"] / 800),
        }
    kind = {"navigate": "goto", "terminate": "done"}.get(action["kind"], action["kind"])
    turned = (
        {"scroll_direction": DIRECTION[action["dy"] > 0], "scroll_amount": abs(action["dy"])} if action["dy"] else {}
    )
    told = {
        "type": kind,
        "url": action["text"],
        "text": action["text"] or "",
        "key": (action["keys"] or [None])[0],
        **where,
        **turned,
    }
    return {
        "step_index": number,
        "observation": {"window_title": each["site"]},
        "action": told,
        "timestamp": 1.0 * number,
    }


def capture(steps: list[dict], runs: int) -> dict[str, float]:
    """CPU seconds of openadapt-capture's reduction of the raw events behind the same steps; it writes nothing."""
    package("openadapt_capture")
    events = importlib.import_module("openadapt_capture.events")
    process_events = importlib.import_module("openadapt_capture.processing").process_events

    taken, out = [], 0
    for _ in range(runs + 1):
        raw = [event for number, each in enumerate(steps) for event in raw_events(events, 2.0 * number, each["action"])]
        start = time.process_time()
        out = len(process_events(raw))
        taken.append(time.process_time() - start)
    return {"reduced_s": round(min(taken[1:]), 3), "raw_events": len(raw), "events_left": out}


def raw_events(events: types.ModuleType, at: float, action: dict) -> list:
    x, y = float(action["x"] or 0), float(action["y"] or 0)
    match action["kind"]:
        case "click":
            return [
                kind(timestamp=at + late, x=x, y=y, button="left")
                for late, kind in ((0, events.MouseDownEvent), (0.1, events.MouseUpEvent))
            ]
        case "scroll":
            return [events.MouseScrollEvent(timestamp=at, x=x, y=y, dx=0, dy=float(action["dy"] or 1))]
        case "type":
            return [
                kind(timestamp=at + number / 100 + late, key_char=char)
                for number, char in enumerate(action["text"] or "")
                for late, kind in ((0, events.KeyDownEvent), (0.001, events.KeyUpEvent))
            ]
        case _:
            return [
                events.KeyDownEvent(timestamp=at, key_name="enter"),
                events.KeyUpEvent(timestamp=at, key_name="enter"),
            ]


def main() -> None:
    steps = [json.loads(line) for line in sys.stdin]
    runs = int(sys.argv[1])
    result = {}
    for name, measure in (("openadapt-ml 0.17.0", ml), ("openadapt-capture 1.3.0", capture)):
        try:
            result[name] = measure(steps, runs)
        except Exception as problem:  # noqa: BLE001 - other people's code: what went wrong is the figure
            result[name] = {"failed": f"{type(problem).__name__}: {problem}"[:300]}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
