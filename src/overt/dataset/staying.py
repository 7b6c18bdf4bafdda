"""What becomes of a file of which nothing is deleted: it is copied with the rest, or stays where it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from overt.store.files import read_anywhere

Stay = Callable[[Path, Path], None]
"""Called with a file that stays as it is, and its place in what is being made; may be called again for the same one."""


def copied(source: Path, target: Path) -> None:
    """Copy *source* to *target* unless it is there; raises ``StorageError`` when it is missing."""
    if not target.exists():
        with target.open("xb") as file:
            file.write(read_anywhere(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Leaves files where they are, and knows their *names*: paths below *out*, with forward slashes."""

    out: Path
    names: set[str] = field(default_factory=set)

    def __call__(self, source: Path, target: Path) -> None:
        """Leave *source*, which need not be at *target*."""
        del source
        self.names.add(target.relative_to(self.out).as_posix())
