"""Homes with keys: a trial, and real ones whose passphrases cost nothing to try."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overt.keys import at_rest
from overt.keys.device import DeviceStorage
from overt.keys.founding import found_all_in_one, found_home
from overt.keys.passphrase import PassphraseSource
from overt.store.home import Home, Role


def answering(passphrase: str) -> PassphraseSource:
    def ask(what: str, *, new: bool = False) -> str:
        del what, new
        return passphrase

    return ask


@pytest.fixture
def knows() -> Callable[[str], PassphraseSource]:
    """Return a maker of sources that always answer the same."""
    return answering


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)


@pytest.fixture
def employee(tmp_path: Path) -> Home:
    """Return the employee's home in a trial."""
    return found_all_in_one(tmp_path / "trial")


@pytest.fixture
def real(tmp_path: Path) -> dict[Role, Home]:
    """Return four homes of a real organisation, not joined yet; every passphrase is ``correct``."""
    return {
        role: found_home(tmp_path / role.value, role, answering("correct"), device_storage=DeviceStorage.PASSPHRASE)
        for role in Role
    }
