"""The formats by name; a format's needs are imported only when it is asked for."""

from pathlib import Path

from overt.dataset.agentnet import AgentNetWriter
from overt.dataset.interface import Format, Writer


def open_writer(name: Format, directory: Path) -> Writer:
    """Return a writer of the format *name* into *directory*.

    Raises:
        BackendUnavailableError: what the format needs is not installed.
    """
    match name:
        case Format.PARQUET:
            from overt.dataset.parquet import ParquetWriter  # noqa: PLC0415 - pyarrow is an extra, and slow to load

            return ParquetWriter(directory)
        case Format.AGENTNET:
            return AgentNetWriter(directory)
