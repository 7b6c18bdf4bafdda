"""The sieves by format: which episodes a data set holds in it, and a copy without some."""

from collections.abc import Collection
from pathlib import Path

from overt.dataset import sieve_lines
from overt.dataset.interface import Format
from overt.dataset.sieve_atif import atif_episodes, copy_atif
from overt.dataset.sieve_webdataset import copy_webdataset, webdataset_episodes
from overt.dataset.staying import Stay


def episodes_in(name: Format, directory: Path) -> set[str]:
    """Return the id of each episode that the format *name* of the data set *directory* holds.

    Raises:
        FormatError: it cannot be read.
        BackendUnavailableError: pyarrow is needed, and is not installed.
    """
    match name:
        case Format.PARQUET:
            from overt.dataset.sieve_parquet import parquet_episodes  # noqa: PLC0415 - pyarrow is an extra

            return {episode_id for episode_id, _ in parquet_episodes(directory)}
        case Format.CHAT | Format.TRL:
            from overt.dataset.sieve_parquet import conversation_episodes  # noqa: PLC0415 - likewise

            return conversation_episodes(directory, name.value)
        case Format.AGENTNET | Format.ANTHROPIC | Format.OPENAI:
            return _lines(name).episodes(directory)
        case Format.ATIF:
            return atif_episodes(directory)
        case Format.WEBDATASET:
            return webdataset_episodes(directory)


def copy_without(name: Format, directory: Path, doomed: Collection[str], out: Path, stay: Stay) -> dict[str, int]:
    """Write the format *name* of *directory* into *out* without the episodes *doomed*; return the rows.

    A file of which nothing is deleted is given to *stay*.

    Raises:
        FormatError: it cannot be read.
        StorageError: something is missing, or the disk refused.
        BackendUnavailableError: pyarrow is needed, and is not installed.
    """
    match name:
        case Format.PARQUET:
            from overt.dataset.sieve_parquet import copy_parquet  # noqa: PLC0415 - pyarrow is an extra

            return dict(copy_parquet(directory, doomed, out, stay))
        case Format.CHAT | Format.TRL:
            from overt.dataset.sieve_parquet import copy_conversations  # noqa: PLC0415 - likewise

            return copy_conversations(directory / name.value, doomed, out / name.value, stay)
        case Format.AGENTNET | Format.ANTHROPIC | Format.OPENAI:
            return _lines(name).copy(directory, doomed, out, stay)
        case Format.ATIF:
            return copy_atif(directory, doomed, out, stay)
        case Format.WEBDATASET:
            return copy_webdataset(directory, doomed, out, stay)


def _lines(name: Format) -> sieve_lines.Lines:
    known = {Format.ANTHROPIC: sieve_lines.ANTHROPIC, Format.OPENAI: sieve_lines.OPENAI}
    return known.get(name, sieve_lines.AGENTNET)
