"""Pictures as files in a folder, each once, named by their SHA-256."""

import os
from pathlib import Path
from typing import Final

from overt.dataset.interface import FrameReader
from overt.trajectory.step import Frame

PICTURES: Final = "images"


class PictureFolder:
    """The folder ``images`` of one format."""

    def __init__(self, folder: Path) -> None:
        """Make the folder ``images`` in *folder*."""
        self._directory = folder / PICTURES
        self._directory.mkdir(mode=0o700)

    def name(self, frame: Frame, frames: FrameReader) -> str:
        """Return the bare file name of *frame*, which is written unless it is there."""
        name = f"{frame.sha256}.png"
        path = self._directory / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(frames(frame.sha256))
        return name
