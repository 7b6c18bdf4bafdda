"""Object stores that speak S3: ciphertext comes from one, and a finished export goes to one, its manifest last.

Endpoint and credentials come from the environment (``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID`` and so on). No key of
Overt and nothing unfinished in the clear is ever put there.
"""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from overt.errors import BackendUnavailableError, StorageError, UsageError
from overt.store import files

SCHEME: Final = "s3://"
"""How the address of an object store begins."""

_ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_RETRIES: Final = 4
_HINT: Final = "check AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that the bucket is there"


def is_object(address: str) -> bool:
    """Say whether *address* is in an object store."""
    return address.startswith(SCHEME)


def fetch(address: str, into: Path) -> str:
    """Copy the object at *address* to the new file *into* and return its path; raises ``StorageError``."""
    place, _, key = address.rpartition("/")
    Prefix(place).get_to(key, into)
    return str(into)


def deliver(file: Path, address: str) -> None:
    """Copy *file* to *address*, over what is there; raises ``StorageError``."""
    place, _, key = address.rpartition("/")
    Prefix(place).put(key, file)


class Prefix:
    """Everything below one address ``s3://bucket/prefix``."""

    def __init__(self, address: str) -> None:
        """Look at *address*; nothing is asked of the store yet.

        Raises:
            UsageError: it is no such address.
            BackendUnavailableError: obstore is not installed.
        """
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        if not is_object(address) or not parts.netloc or parts.query or parts.fragment or ".." in parts.path.split("/"):
            raise UsageError(f"{address} is no address of an object store", hint="write s3://bucket/prefix")
        self._obstore = _module("obstore")
        self._prefix = f"{parts.path.strip('/')}/" if parts.path.strip("/") else ""
        with self._told("open"):
            self._store = _module("obstore.store").S3Store(
                parts.netloc, client_options={"allow_http": _plain_allowed()}, retry_config={"max_retries": _RETRIES}
            )

    def names(self) -> list[str]:
        """Return the name of every object, relative to the address, sorted; raises ``StorageError``."""
        with self._told("list"):
            found = [each["path"] for some in self._obstore.list(self._store, self._prefix) for each in some]
        return sorted(path.removeprefix(self._prefix) for path in found)

    def read(self, name: str) -> bytes | None:
        """Return the content of the object *name*, or nothing if there is none; raises ``StorageError``."""
        try:
            with self._told("read"):
                return bytes(self._obstore.get(self._store, self._prefix + name).bytes())
        except FileNotFoundError:
            return None

    def get_to(self, name: str, into: Path) -> None:
        """Copy the object *name* to the file *into*, a piece at a time.

        Raises:
            StorageError: there is none, or store or disk refused.
        """
        try:
            with self._told("read"), open(into, "wb", opener=_private) as file:
                file.writelines(self._obstore.get(self._store, self._prefix + name))
        except FileNotFoundError:
            raise StorageError(f"there is no {name} at {self.address}") from None

    def put(self, name: str, content: Path | bytes) -> None:
        """Put *content* in the place of the object *name*; raises ``StorageError``."""
        with self._told("write to"):
            self._obstore.put(self._store, self._prefix + name, content)

    def remove(self, names: list[str]) -> None:
        """Remove the objects *names*; raises ``StorageError``."""
        with self._told("remove from"):
            for name in names:
                self._obstore.delete(self._store, self._prefix + name)

    @contextmanager
    def _told(self, action: str) -> Iterator[None]:
        """Say of a failure that it is the store's; of the answer only its kind is told."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as problem:
            raise files.refusal(action, self.address, problem) from None
        except (self._obstore.exceptions.BaseError, ValueError) as problem:
            kind = type(problem).__name__.removesuffix("Error").lower()
            raise StorageError(f"cannot {action} {self.address}: {kind}", hint=_HINT) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _plain_allowed() -> bool:
    """Whether HTTP without TLS will do: on this very machine, or where the environment says so."""
    endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), "")
    return urlsplit(endpoint).hostname in _LOOPBACK or os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}


def _module(name: str) -> Any:  # noqa: ANN401 - an extra
    try:
        return importlib.import_module(name)
    except ImportError:
        raise BackendUnavailableError(
            "object stores need obstore, which is not installed", hint="pip install 'overt[objects]'"
        ) from None
