"""The one place that imports pyarrow, which only an exporter's machine has and which has no types of its own."""

import importlib
from typing import Any, Final

from overt.errors import BackendUnavailableError

Arrow = Any
"""A value of pyarrow's."""

try:
    pa: Final[Any] = importlib.import_module("pyarrow")
    pq: Final[Any] = importlib.import_module("pyarrow.parquet")
except ImportError:
    raise BackendUnavailableError(
        "writing parquet needs pyarrow, which is not installed", hint="pip install 'overt[export]'"
    ) from None
