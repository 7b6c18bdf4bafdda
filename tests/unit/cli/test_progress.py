"""The bar for what takes long."""

import io

import pytest

from overt.cli.progress import bar


class Terminal(io.StringIO):
    """Standard error, where a person looks at it."""

    def isatty(self) -> bool:
        return True


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return what is standard error from now on; in a fixture pytest would put its own back."""
    monkeypatch.setenv("TERM", "xterm")
    seen = Terminal()
    monkeypatch.setattr("sys.stderr", seen)
    return seen


def test_a_bar_never_hides_the_passphrase_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """It used to be there before the first step, and the prompt behind it could not be seen."""
    terminal = at_terminal(monkeypatch)

    with bar("wrapping"):
        before = terminal.getvalue()

    assert before == ""


def test_the_first_step_shows_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = at_terminal(monkeypatch)

    with bar("wrapping") as move:
        move(1, 2)

    assert "wrapping" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def test_no_terminal_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("wrapping") as move:
        move(1, 2)

    assert capsys.readouterr().err == ""
