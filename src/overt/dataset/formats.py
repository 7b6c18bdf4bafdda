"""The formats by name; a format's needs are imported only when it is asked for."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from overt.dataset import anthropic, openai
from overt.dataset.agentnet import AgentNetWriter
from overt.dataset.atif import AtifWriter
from overt.dataset.interface import Format, Writer
from overt.dataset.lines import ActionListWriter
from overt.dataset.webdataset import WebDatasetWriter

ALL: Final = "all"
"""What stands for every format on the command line."""


def open_writer(name: Format, directory: Path) -> Writer:
    """Return a writer of the format *name* into *directory*.

    Raises:
        BackendUnavailableError: what the format needs is not installed.
    """
    return _WRITERS[name](directory)


def chosen(names: tuple[str, ...]) -> tuple[Format, ...]:
    """Return the formats that *names* ask for, each once, in the order in which they are asked for."""
    return tuple(Format) if ALL in names else tuple(dict.fromkeys(Format(name) for name in names))


def _parquet(directory: Path) -> Writer:
    from overt.dataset.parquet import ParquetWriter  # noqa: PLC0415 - pyarrow is an extra, and slow to load

    return ParquetWriter(directory)


def _chat(directory: Path) -> Writer:
    from overt.dataset.chat import ChatWriter  # noqa: PLC0415 - likewise

    return ChatWriter(directory)


def _trl(directory: Path) -> Writer:
    from overt.dataset.trl import TrlWriter  # noqa: PLC0415 - likewise

    return TrlWriter(directory)


_WRITERS: Final[Mapping[Format, Callable[[Path], Writer]]] = {
    Format.PARQUET: _parquet,
    Format.AGENTNET: AgentNetWriter,
    Format.ATIF: AtifWriter,
    Format.CHAT: _chat,
    Format.TRL: _trl,
    Format.ANTHROPIC: partial(ActionListWriter, name=anthropic.NAME, words=anthropic.WORDS, tool=anthropic.TOOL),
    Format.OPENAI: partial(ActionListWriter, name=openai.NAME, words=openai.WORDS, tool=openai.TOOL),
    Format.WEBDATASET: WebDatasetWriter,
}
