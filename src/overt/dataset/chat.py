"""One row shape that LLaMA-Factory, ms-swift and verl load: messages with ``<image>`` marks, and the pictures."""

import json
from pathlib import Path
from typing import Final

from overt.dataset.arrow import pa
from overt.dataset.conversation import COLUMNS, IMAGE, NO_PICTURE, ConversationWriter, Row, Turn
from overt.dataset.interface import Format, Written
from overt.dataset.manifest import create
from overt.dataset.parquet import FOLDER
from overt.dataset.qwen import SYSTEM

SCHEMA: Final = pa.schema(
    {
        "messages": pa.list_(pa.struct({"role": pa.string(), "content": pa.string()})),
        "images": pa.list_(IMAGE),
        **COLUMNS,
    }
)
INFO: Final = "dataset_info.json"
"""LLaMA-Factory's own list of data sets; the others do not read it."""
_TAGS: Final = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}


class ChatWriter(ConversationWriter):
    """Writes ``chat/data/train-*.parquet`` and LLaMA-Factory's ``chat/dataset_info.json``."""

    schema = SCHEMA
    name = Format.CHAT

    def __init__(self, directory: Path) -> None:
        """Write into the folder ``chat`` of *directory*."""
        super().__init__(directory)
        self._info = directory / Format.CHAT.value / INFO

    def messages(self, turns: list[Turn]) -> list[Row]:
        """Return the system's message, and then user and assistant by turns, as every one of the three wants it."""
        told = [{"role": "system", "content": SYSTEM}]
        for turn in turns:
            told.append({"role": "user", "content": NO_PICTURE if turn.frame is None else "<image>"})
            told.append({"role": "assistant", "content": turn.said})
        return told

    def close(self) -> Written:
        """Finish every file."""
        written = super().close()
        columns = {"messages": "messages", "images": "images"}
        about = {"overt": {"file_name": FOLDER, "formatting": "sharegpt", "columns": columns, "tags": _TAGS}}
        create(self._info, json.dumps(about, indent=2) + "\n")
        return written
