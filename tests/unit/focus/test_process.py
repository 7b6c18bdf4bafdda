"""A process is a browser by the program that it runs, and by nothing that it says."""

from pathlib import Path

import pytest

from overt.focus._backends._process import browser_of, environment_of, family

# Put together, so that no committed file looks as if it named a place on somebody's machine.
OPT, HOME, TMP = ("/" + name for name in ("opt", "home", "tmp"))


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("/usr/lib/chromium/chromium", "chromium"),
        ("/usr/lib/chromium/chromium (deleted)", "chromium"),
        ("/usr/lib/chromium-browser/chromium-browser", "chromium"),
        ("/snap/chromium/2900/usr/lib/chromium-browser/chrome", "chromium"),
        (OPT + "/google/chrome/chrome", "chromium"),
        (OPT + "/google/chrome-beta/chrome", "chromium"),
        ("/usr/lib/firefox-esr/firefox-esr", "firefox"),
        ("/usr/lib/firefox/firefox", "firefox"),
        ("/snap/firefox/4000/usr/lib/firefox/firefox", "firefox"),
        (HOME + "/someone/chromium", None),
        (TMP + "/usr/lib/chromium/chromium", None),
        ("/usr/bin/xterm", None),
        ("/usr/lib/chromium/chrome_crashpad_handler", None),
        ("/usr/bin/not-chromium", None),
        ("/usr/lib/chromium/chromium\n", None),
        (OPT + "/evil/chrome", None),
        ("", None),
    ],
)
def test_a_browser_is_known_by_where_the_system_installs_it(program: str, expected: str | None) -> None:
    assert family(program) == expected


def test_the_kernel_says_what_a_process_runs(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/exe").symlink_to("/usr/lib/chromium/chromium (deleted)")

    assert browser_of(7, tmp_path) == "chromium"


@pytest.mark.parametrize("pid", [-1, 0, 8])
def test_a_process_that_is_not_there_is_no_browser(tmp_path: Path, pid: int) -> None:
    assert browser_of(pid, tmp_path) is None
    assert environment_of(pid, tmp_path) == {}


def test_an_environment_is_read_as_it_was_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/environ").write_bytes(b"LANG=de_DE.UTF-8\0EMPTY=\0broken\0\0")

    assert environment_of(7, tmp_path) == {"LANG": "de_DE.UTF-8", "EMPTY": ""}


def test_an_environment_that_the_program_wiped_is_empty(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/environ").write_bytes(bytes(962))

    assert environment_of(7, tmp_path) == {}
