"""The Arrow schemas of the canonical tables, written out: a schema guessed from rows loses columns."""

import json
from typing import Final

from overt.dataset.arrow import pa

_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(pa.string())
_INT: Final = pa.int32()
_INTS: Final = pa.list_(pa.int32())

ACTION: Final = pa.struct(
    {
        "kind": _TEXT,
        "button": _TEXT,
        "count": pa.int8(),
        "x": _INT,
        "y": _INT,
        "x2": _INT,
        "y2": _INT,
        "dx": _INT,
        "dy": _INT,
        "text": _TEXT,
        "keys": _TEXTS,
        "modifiers": _TEXTS,
        "status": _TEXT,
        "redacted": pa.bool_(),
        "redaction_types": _TEXTS,
    }
)
TARGET: Final = pa.struct({"role": _TEXT, "name": _TEXT, "box": _INTS})
IMAGE: Final = pa.struct({"bytes": pa.binary(), "path": _TEXT})
QUALITY: Final = pa.struct(
    {
        "no_frame": pa.bool_(),
        "stale_frame": pa.bool_(),
        "duplicate_frame": pa.bool_(),
        "out_of_bounds": pa.bool_(),
        "resumed": pa.bool_(),
        "edited": pa.bool_(),
        "incomplete": pa.bool_(),
    }
)
CLICK: Final = pa.struct({"step_index": _INT, "role": _TEXT, "name": _TEXT, "to_visit": _INT, "off_list": pa.bool_()})

_WHICH: Final = {"schema_version": _TEXT, "episode_id": _TEXT, "trajectory": _INT}
_RIGHTS: Final = {
    "contributor": _TEXT,
    "consent_receipt_sha256": _TEXT,
    "deletion_tag": _TEXT,
    "policy_sha256": _TEXT,
    "trial": pa.bool_(),
    "synthetic": pa.bool_(),
    "split": _TEXT,
}
_PLACE: Final = {"site": _TEXT, "area": _TEXT}


def _image_metadata() -> dict[str, str]:
    """What makes ``datasets`` decode the column; it derives the other features from the Arrow types."""
    return {"huggingface": json.dumps({"info": {"features": {"image": {"_type": "Image"}}}})}


STEPS: Final = pa.schema(
    {
        **_WHICH,
        "step_index": _INT,
        "n_steps": _INT,
        "instruction": _TEXT,
        **_PLACE,
        "visit": _INT,
        "task": _INT,
        "gap_bucket": pa.int8(),
        "action": ACTION,
        "target": TARGET,
        "image": IMAGE,
        "image_width": _INT,
        "image_height": _INT,
        "image_sha256": _TEXT,
        "frame_rule": _TEXT,
        "quality": QUALITY,
        **_RIGHTS,
    },
    metadata=_image_metadata(),
)
"""One row per action."""

EPISODES: Final = pa.schema(
    {
        **_WHICH,
        "instruction": _TEXT,
        "sites": _TEXTS,
        "n_steps": _INT,
        "n_visits": _INT,
        "action_sequence": _TEXTS,
        "end": _TEXT,
        "end_reason": _TEXT,
        "signals": _TEXTS,
        "os_family": _TEXT,
        "created_month": _TEXT,
        "recorder_version": _TEXT,
        "redactor_version": _TEXT,
        "exporter_version": _TEXT,
        "source_sha256": _TEXT,
        **_RIGHTS,
    }
)
"""One row per trajectory."""

VISITS: Final = pa.schema(
    {
        **_WHICH,
        "visit": _INT,
        **_PLACE,
        "url": _TEXT,
        "title": _TEXT,
        "query": _TEXT,
        "arrived": _TEXT,
        "left": _TEXT,
        "dwell_s": _INT,
        "first_step": _INT,
        "n_steps": _INT,
        **_RIGHTS,
    }
)
"""One row per stay on a page."""

QUERIES: Final = pa.schema(
    {**_WHICH, "query_index": _INT, **_PLACE, "query": _TEXT, "visits": _INTS, "clicks": pa.list_(CLICK), **_RIGHTS}
)
"""One row per search."""

TASKS: Final = pa.schema(
    {
        **_WHICH,
        "task_index": _INT,
        "kind": _TEXT,
        "query": _TEXT,
        "queries": _INTS,
        "sites": _TEXTS,
        "visits": _INTS,
        "first_step": _INT,
        "n_steps": _INT,
        "dwell_s": _INT,
        "results_opened": _INT,
        **_RIGHTS,
    }
)
"""One row per task."""

TABLES: Final = {"steps": STEPS, "episodes": EPISODES, "visits": VISITS, "queries": QUERIES, "tasks": TASKS}
