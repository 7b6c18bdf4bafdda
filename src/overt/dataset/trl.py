"""TRL's row shape: messages of parts, with every picture in a turn of the user's."""

import json
from typing import Final

from overt.dataset.arrow import pa
from overt.dataset.conversation import COLUMNS, IMAGE, NO_PICTURE, ConversationWriter, Row, Turn
from overt.dataset.interface import Format
from overt.dataset.qwen import SYSTEM

_PART: Final = pa.struct({"type": pa.string(), "text": pa.string()})
_FEATURES: Final = {"images": {"feature": {"_type": "Image"}, "_type": "List"}}
SCHEMA: Final = pa.schema(
    {
        "messages": pa.list_(pa.struct({"role": pa.string(), "content": pa.list_(_PART)})),
        "images": pa.list_(IMAGE),
        **COLUMNS,
    },
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)


class TrlWriter(ConversationWriter):
    """Writes ``trl/data/train-*.parquet``."""

    schema = SCHEMA
    name = Format.TRL

    def messages(self, turns: list[Turn]) -> list[Row]:
        """Return the turns as parts: with plain text all pictures would go to the first turn, and a tool's are lost."""
        told = [_message("system", "text", SYSTEM)]
        for turn in turns:
            told.append(_message("user", "text", NO_PICTURE) if turn.frame is None else _message("user", "image", None))
            told.append(_message("assistant", "text", turn.said))
        return told


def _message(role: str, kind: str, text: str | None) -> Row:
    return {"role": role, "content": [{"type": kind, "text": text}]}
