"""Who reads the episodes of an export and where it all lies, as asked for on the command line."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from overt.cli.asking import PLACE
from overt.dataset.engines.here import Here
from overt.dataset.engines.pool import pool, usual_workers
from overt.dataset.engines.task import Engine
from overt.dataset.judges.panel import opened_judges
from overt.dataset.objects import Prefix, is_object
from overt.dataset.shelf import Copied, Folder, Shelf
from overt.dataset.upload import check_free, upload
from overt.errors import UsageError
from overt.store import files
from overt.store.home import Home

SUBMITTED: Final = "submitted"
"""Where in the admin's home submitted episodes are looked for unless told otherwise."""

_STAGING: Final = "exports"
"""Where in the admin's home an export is made that then goes to an object store."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Address(click.ParamType[str]):
    """A directory, or the address of an object store, as a text."""

    name = "address"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return an address as it is, and a path as an absolute one."""
        if isinstance(value, str) and is_object(value):
            return value
        return str(Path(str(PLACE.convert(str(value), param, ctx))).absolute())


ADDRESS: Final = _Address()


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """The *engine* that was asked for, the number of *workers* if it was said, and where a cluster is."""

    engine: str
    workers: int | None
    ray_address: str | None


def engine_options(function: _Function) -> _Function:
    """Add ``--workers``, ``--engine`` and ``--ray-address``, which are given to *function* together as *how*."""

    @wraps(function)
    def given(*, engine: str, workers: int | None, ray_address: str | None, **rest: object) -> object:
        return function(how=How(engine=engine, workers=workers, ray_address=ray_address), **rest)

    for option in (
        click.option("--ray-address", metavar="ADDR", help="An existing Ray cluster."),
        click.option("--engine", type=click.Choice(("pool", "ray")), default="pool", help="Who reads the episodes."),
        click.option("--workers", type=click.IntRange(1, 4096), metavar="N", help="Processes; 1: this one alone."),
    ):
        given = option(given)
    return given  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who is to read the episodes: as *how* says, with the *judges*; on a cluster parts lie at the address *parts*."""

    how: How
    judges: tuple[str, ...]
    parts: str

    @contextmanager
    def opened(self, episodes: int) -> Iterator[Engine]:
        """Yield what reads so many *episodes*.

        Raises:
            UsageError: a cluster is to be used and none is named, or the other way round.
            BackendUnavailableError: what is needed is not installed, or the cluster does not answer.
        """
        if (self.how.engine == "ray") != (self.how.ray_address is not None):
            raise UsageError("--engine ray and --ray-address belong together", hint="see: overt export --help")
        if self.how.ray_address is not None:
            from overt.dataset.engines.ray import cluster  # noqa: PLC0415 - Ray is an extra, and large

            with cluster(self.how.ray_address, self.how.workers, self.judges, self.parts) as team:
                yield team
        elif (workers := min(self.how.workers or usual_workers(episodes), max(episodes, 1))) == 1:
            with opened_judges(self.judges) as looking:
                yield Here(looking)
        else:
            with pool(workers, self.judges) as team:
                yield team


@contextmanager
def opened_shelf(home: Home, address: str | None) -> Iterator[Shelf]:
    """Yield the submitted episodes at *address*, by default those in *home*; raises ``UsageError``."""
    if address is not None and is_object(address):
        with tempfile.TemporaryDirectory(prefix="overt-") as directory:
            yield Copied(Prefix(address), Path(directory))
        return
    place = Path(address) if address else (home.path / SUBMITTED).absolute()
    if not place.is_dir():
        raise UsageError(f"there are no submitted episodes at {place}", hint="name their directory with --from DIR")
    yield Folder(place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an export appears: *directory*, and from there at *prefix* if that is an object store.

    *workshop* is where its parts lie meanwhile, and *parts* is the address by which a cluster reaches that place.
    """

    address: str
    directory: Path
    workshop: Path
    parts: str
    prefix: Prefix | None = None

    def deliver(self, prefix: Prefix, progress: Callable[[], None]) -> bool:
        """Bring what is in *directory* to *prefix*, and keep no copy; return whether anything was new there."""
        new = upload(self.directory, prefix, progress)
        shutil.rmtree(self.directory.parent, ignore_errors=True)
        return new


def target_of(home: Home, address: str) -> Target:
    """Return where the export to *address* appears.

    Raises:
        UsageError: the formats cannot write that name, or something else is there.
        StorageError: an object store refused.
    """
    try:
        address.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{address} is a name that the formats cannot write", hint="choose a name in UTF-8") from None
    if not is_object(address):
        directory = Path(address)
        workshop = directory.with_name(f".{directory.name}.work")
        return Target(address=address, directory=directory, workshop=workshop, parts=str(workshop))
    prefix = Prefix(address)
    check_free(prefix)
    own = hashlib.sha256(prefix.address.encode()).hexdigest()[:16]
    staging = files.ensure_directory(home.path / _STAGING / own)
    return Target(
        address=prefix.address,
        directory=staging / "dataset",
        workshop=staging / "work",
        parts=f"{prefix.address}.work",
        prefix=prefix,
    )
