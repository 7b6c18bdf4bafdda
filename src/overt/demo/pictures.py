"""Looks at the pixels of frames for the one colour in which the local pages draw their secrets."""

import io

from overt.demo.pages.shell import SECRET_COLOUR
from overt.errors import BackendUnavailableError, FormatError


def secret_pixels(png: bytes) -> int:
    """Return how many pixels of the image *png* have the secret colour; raises ``FormatError`` if it is no image."""
    try:
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - of the demo's extra alone
    except ImportError:
        raise BackendUnavailableError("pillow is not installed", hint="pip install 'overt[demo]'") from None
    try:
        with Image.open(io.BytesIO(png)) as image:
            pixels = image.convert("RGB").tobytes()
    except (UnidentifiedImageError, OSError, ValueError):
        raise FormatError("a frame is no image that can be read") from None
    return count_colour(pixels, SECRET_COLOUR)


def count_colour(pixels: bytes, colour: tuple[int, ...]) -> int:
    """Return how many of *pixels*, each as many bytes as *colour* has, are *colour*."""
    wanted, found, at = bytes(colour), 0, pixels.find(bytes(colour))
    while at >= 0:
        found += at % len(wanted) == 0
        at = pixels.find(wanted, at + 1)
    return found
