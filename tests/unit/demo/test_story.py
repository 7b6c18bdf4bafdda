"""A story that cannot be told says why in one line, and leaves nothing half-written."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from overt.cli.demo import command
from overt.demo import forbidden, programs, story
from overt.demo.story import ACTS
from overt.errors import BackendUnavailableError, DesktopError, UsageError


def _hidden(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in names else which(name))


def test_missing_programs_are_named_with_the_line_that_installs_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _hidden(monkeypatch, "Xvfb", "openbox")

    with pytest.raises(DesktopError, match="missing programs: Xvfb, openbox") as caught:
        story.tell(tmp_path / "out", lambda _: None, 1)

    assert caught.value.hint.startswith("apt-get install -y")
    assert "openbox" in caught.value.hint
    assert "xvfb" in caught.value.hint


def test_the_launcher_of_the_accessibility_bus_is_looked_for_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "AT_SPI_LAUNCHERS", ("/nowhere/at-spi-bus-launcher",))

    assert "at-spi-bus-launcher" in programs.missing()
    assert "at-spi2-core" in programs.apt_line(["at-spi-bus-launcher"])


def test_a_missing_extra_is_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "datasets" else object())

    with pytest.raises(BackendUnavailableError, match="datasets"):
        story.tell(tmp_path / "out", lambda _: None, 1)


def test_a_story_that_breaks_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def break_off(self: story._Story, stack: object) -> None:
        del stack
        (self._out / "home" / "keys").mkdir(parents=True)
        raise DesktopError("the window manager went away")

    monkeypatch.setattr(story._Story, "tell", break_off)
    out = tmp_path / "out"
    out.mkdir()

    with pytest.raises(DesktopError):
        story.tell(out, lambda _: None, 1)

    assert list(out.iterdir()) == []


@pytest.mark.parametrize("place", ["full", "file"])
def test_a_place_that_holds_something_is_refused_and_left_alone(tmp_path: Path, place: str) -> None:
    out = tmp_path / "out"
    if place == "full":
        out.mkdir()
        (out / "mine.txt").write_text("keep")
    else:
        out.write_text("keep")

    result = CliRunner().invoke(command, ["--out", str(out)])

    assert isinstance(result.exception, UsageError)
    assert (out / "mine.txt" if place == "full" else out).read_text() == "keep"


def test_every_forbidden_act_plants_a_secret_and_no_allowed_one_does() -> None:
    assert {act.ident for act in ACTS if act.secret} == {act.ident for act in forbidden.ALL}
    assert len({act.ident for act in ACTS}) == len(ACTS)


def test_the_same_seed_plants_the_same_secrets(tmp_path: Path) -> None:
    first, again, other = (
        story._Story(tmp_path, tmp_path, lambda _: None, seed)._canaries["terminal"].text for seed in (1, 1, 2)
    )

    assert first == again != other
