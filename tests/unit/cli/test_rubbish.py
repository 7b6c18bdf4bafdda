"""Whatever a person gives it: one clear line, a hint, the documented exit code, never a traceback."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]


def is_one_clear_line(said: str) -> bool:
    """Whether *said* is one error and at most one hint, with nothing that steers a terminal."""
    lines = [line for line in said.splitlines() if not line.startswith("overt: note: ")]
    starts = [line.partition(": ")[2].partition(": ")[0] for line in lines]
    return starts in (["error"], ["error", "hint"]) and said.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nosuch",), 2, "no such command 'nosuch'"),
        (("--nosuch",), 2, "no such option"),
        (("verify",), 2, "missing argument 'PATH'"),
        (("verify", "a", "b"), 2, "unexpected extra argument"),
        (("export", "--out", "x"), 2, "missing option '--purpose'"),
        (("export", "--purpose", "p", "--out", "x", "--format", "csv"), 2, "'csv' is not one of"),
        (("record", "--minutes", "0"), 2, "0 is not in the range"),
        (("init", "--role", "boss"), 2, "'boss' is not one of"),
        (("inspect", "no\x1b[2J\nsuch"), 7, r"no\x1b[2J\nsuch"),
        (("inspect", os.fsdecode(b"\xff")), 7, r"\udcff"),
        (("consent", "give", "--site", os.fsdecode(b"\xff")), 9, "no home"),
    ],
)
def test_words_that_it_does_not_know_are_refused_in_one_line(
    overt: Overt, words: tuple[str, ...], code: int, said: str
) -> None:
    outcome = overt(*words)

    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err
    assert is_one_clear_line(outcome.err)


def test_wrong_use_names_the_help_of_the_command(overt: Overt) -> None:
    assert overt("consent", "give", "--days", "x").err.endswith("overt: hint: see: overt consent give --help\n")


def run(shell: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run *shell*, in which ``overt`` is a word of its own, as a person would."""
    script = f'overt() {{ "{sys.executable}" -m overt "$@"; }}\n{shell}'
    env = {"PATH": os.environ["PATH"], "OVERT_HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-c", script],
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("overt --help | true; exit ${PIPESTATUS[0]}", 141),
        ("overt consent notice | true; exit ${PIPESTATUS[0]}", 141),
        ("overt consent notice >/dev/full", 7),
        ("overt consent notice >&-", 0),
        ("overt inspect nosuch 2>&-", 7),
        ("overt inspect nosuch 2>/dev/full", 7),
        ("overt inspect nosuch 2>&1 | true; exit ${PIPESTATUS[0]}", 7),
        ("overt consent give <&-", 2),
        ("PYTHONIOENCODING=latin-1 overt doctor", 3),
    ],
)
def test_streams_that_are_closed_full_or_narrow_change_nothing_but_the_exit_code(
    overt: Overt, tmp_path: Path, shell: str, code: int
) -> None:
    overt("init", "--all-in-one")

    done = run(shell, tmp_path / "home")

    assert done.returncode == code
    assert done.stderr == "" or is_one_clear_line(done.stderr)


def test_a_termination_is_an_interruption(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    code = (
        "import overt.cli.episodes as each; from overt.cli.app import main;"
        f"each.opened = lambda *_: (print(flush=True), open({str(tmp_path / 'gate')!r})); main()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "episodes", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()

    child.send_signal(signal.SIGTERM)
    _, err = child.communicate(timeout=20)

    assert (child.returncode, err) == (130, "overt: error: interrupted\n")
