"""Small copies of the pictures of an export, each once, for as long as there is room."""

import base64
import hashlib
import io
import warnings
from dataclasses import dataclass, field
from typing import Final

from overt.errors import BackendUnavailableError

try:
    from PIL import Image
except ImportError:
    raise BackendUnavailableError(
        "a preview needs pillow, which is not installed", hint="pip install 'overt[export]'"
    ) from None

WIDTH: Final = 960
"""Pixels of a copy's width at most: words of a page can still be read."""
_HEIGHT: Final = 2 * WIDTH
_MOST_BYTES: Final = 64 << 20
_MOST_PIXELS: Final = 40_000_000
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_QUALITY: Final = 72


@dataclass(slots=True, repr=False)
class Pictures:
    """Copies up to *room* bytes; *left_out* counts what found none, *unreadable* what is no picture."""

    room: int
    left_out: int = 0
    unreadable: int = 0
    _numbers: dict[tuple[bytes, int, int], int | None] = field(default_factory=dict)
    _copies: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many copies there are."""
        return len(self._copies)

    def add(self, picture: bytes, width: int, height: int) -> int | None:
        """Return the number of the copy of *picture*, told to be *width* by *height*; ``None`` when there is none."""
        key = (hashlib.sha256(picture).digest(), width, height)
        if key not in self._numbers:
            self._numbers[key] = self._copy(picture, width, height)
        return self._numbers[key]

    def definitions(self) -> str:
        """Return every copy as SVG, for ``<use href="#p0">``."""
        return "".join(self._copies)

    def _copy(self, picture: bytes, width: int, height: int) -> int | None:
        small = shrunk(picture)
        if small is None:
            self.unreadable += 1
            return None
        number = len(self._copies)
        said = (
            f'<image id="p{number}" width="{width}" height="{height}" preserveAspectRatio="none" '
            f'href="data:image/webp;base64,{base64.b64encode(small).decode()}"/>'
        )
        if len(said) > self.room:
            self.left_out += 1
            return None
        self.room -= len(said)
        self._copies.append(said)
        return number


def shrunk(picture: bytes) -> bytes | None:
    """Return *picture* as a WebP file at most ``WIDTH`` wide, pixels and nothing else; ``None`` when it is none."""
    if len(picture) > _MOST_BYTES:
        return None
    small = io.BytesIO()
    try:
        with warnings.catch_warnings(action="error"), Image.open(io.BytesIO(picture), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            copy = opened.convert("RGB")
            copy.thumbnail((WIDTH, _HEIGHT))
            # Only pixels are copied: no profile, no text, no second frame.
            Image.frombytes("RGB", copy.size, copy.tobytes()).save(small, "WEBP", quality=_QUALITY, method=2)
    except (OSError, ValueError, SyntaxError, MemoryError, Warning, Image.DecompressionBombError):
        return None
    return small.getvalue()
