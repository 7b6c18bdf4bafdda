"""Whatever a person gives it: one clear line, a hint, the documented exit code, never a traceback."""

import os
import shutil
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
        (("inspect",), 2, "missing argument 'FILE'"),
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


@pytest.mark.parametrize(
    "words",
    [
        ("consent", "status", "--home", ""),
        ("init", "--all-in-one", "--home", ""),
        ("inspect", ""),
        ("verify", ""),
        ("episodes", "submit", ""),
        ("export", "--purpose", "model_training", "--out", ""),
        ("policy", "sign", "", "--out", ""),
    ],
)
def test_an_empty_path_is_refused_and_never_means_here(overt: Overt, words: tuple[str, ...]) -> None:
    """An unset variable of a script handed episodes over into whatever directory the script was in."""
    overt("init", "--all-in-one")

    outcome = overt(*words)

    assert outcome.code == 2
    assert "a path must not be empty" in outcome.err
    assert is_one_clear_line(outcome.err)


def nothing(place: Path) -> None:
    place.unlink(missing_ok=True)


def empty(place: Path) -> None:
    place.write_bytes(b"")


def bytes_of_no_meaning(place: Path) -> None:
    place.write_bytes(bytes(range(256)) * 8)


def deep_brackets(place: Path) -> None:
    place.write_bytes(b"[" * 100_000)


def a_piece(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:-40] if place.exists() else b"overt")


def a_huge_file(place: Path) -> None:
    place.touch()
    os.truncate(place, 5 << 30)


def a_named_pipe(place: Path) -> None:
    nothing(place)
    os.mkfifo(place)


def a_directory(place: Path) -> None:
    nothing(place)
    place.mkdir()


def a_link_to_nothing(place: Path) -> None:
    nothing(place)
    place.symlink_to("nowhere")


RUBBISH = [
    nothing, empty, bytes_of_no_meaning, deep_brackets, a_piece, a_huge_file, a_named_pipe, a_directory,
    a_link_to_nothing,
]  # fmt: skip
DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
TAKES_A_FILE = [
    ("inspect", "FILE"),
    ("verify", "FILE"),
    ("policy", "check", "FILE"),
    ("policy", "show", "FILE"),
    ("policy", "sign", "FILE"),
    ("policy", "sign", "POLICY", "--keys", "FILE"),
    ("join", "FILE", "--yes", "--home", "HOME/employee"),
    ("keys", "recover", "--role", "auditor", "--from", "FILE"),
    ("vault", "put", "FILE", "--out", "NEW", "--home", "HOME/vault"),
    ("vault", "release", "FILE", "--out", "NEW", "--home", "HOME/vault"),
    ("vault", "shred", "FILE", "--home", "HOME/vault"),
    ("vault", "shred", "FILE", "--unsigned", "--home", "HOME/vault"),
    ("shares", "confirm", "FILE", "--home", "HOME/employee"),
    ("log", "accept", "FILE", "--home", "HOME/employee"),
    ("audit", "cosign", "FILE", "--out", "NEW", "--home", "HOME/officer"),
    ("verify", "POLICY", "--device", "VKEY", "--log", "HOME/employee/log", "--seen", "FILE"),
    ("init", "--role", "admin", "--home", "NEW", "--passphrase-file", "FILE"),
]


@pytest.fixture
def filled(overt: Overt, tmp_path: Path) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """Return what puts paths into the words of a command."""
    (tmp_path / "policy").write_text(overt("policy", "new", "--trial").out)
    overt("init", "--all-in-one")
    for role in ("employee", "vault"):
        overt("log", "heartbeat", "--home", tmp_path / "home" / role)
    (tmp_path / "home/officer/witnessed").mkdir(mode=0o700)
    places = {
        "FILE": tmp_path / "given",
        "POLICY": tmp_path / "policy",
        "HOME": tmp_path / "home",
        "NEW": tmp_path / "new",
        "VKEY": (tmp_path / "home/employee/keys/device.pub").read_text().strip(),
    }

    def fill(words: tuple[str, ...]) -> tuple[str, ...]:
        for name, place in places.items():
            words = tuple(word.replace(name, str(place)) for word in words)
        return words

    return fill


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_the_place_of_a_file_is_refused_in_one_line(
    overt: Overt, filled: Any, tmp_path: Path, rubbish: Callable[[Path], None]
) -> None:
    before = sorted(path for path in tmp_path.rglob("*"))
    rubbish(tmp_path / "given")

    for words in TAKES_A_FILE:
        outcome = overt(*filled(words))

        assert outcome.code in DOCUMENTED - {0}, words
        assert is_one_clear_line(outcome.err), (words, outcome.err)
    made = set(tmp_path.rglob("*")) - {*before, tmp_path / "given"}
    assert made == set()


KEPT = [
    "home.json", "employee/home.json", "employee/bundle.note", "employee/admin.vkey", "employee/consent/grants/*.note",
    "employee/consent/notices/*.txt", "employee/episodes/*.ep", "employee/episodes/*.keys", "employee/keys/device.txt",
    "employee/keys/device.pub", "employee/keys/employee.txt", "employee/log/checkpoint", "vault/log/checkpoint",
    "vault/shares/*/*.c.age", "vault/keys/vault.txt", "admin/keys/exporter.txt", "admin/bundle.note",
]  # fmt: skip
USES_A_HOME = [
    ("doctor", "--json"), ("keys", "list"), ("keys", "new", "--role", "auditor"), ("keys", "rotate"),
    ("consent", "notice"), ("consent", "status"), ("consent", "receipt"), ("record",), ("episodes", "list"),
    ("episodes", "show", "EPISODE"), ("episodes", "approve", "--all", "--yes"), ("episodes", "submit", "INBOX"),
    ("episodes", "sweep"), ("export", "--purpose", "model_training", "--from", "SENT", "--out", "OUT"),
    ("policy", "show"), ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "research", "--yes"),
    ("consent", "withdraw"), ("episodes", "erase", "EPISODE", "--yes"),
]  # fmt: skip


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("rubbish", [nothing, bytes_of_no_meaning, a_piece, a_named_pipe, a_link_to_nothing])
def test_rubbish_in_the_place_of_what_a_home_keeps_is_refused_in_one_line(
    overt: Overt, episode: str, tmp_path: Path, kept: str, rubbish: Callable[[Path], None]
) -> None:
    overt("keys", "rotate")
    shutil.copytree(tmp_path / "home/employee/episodes", tmp_path / "sent")
    for place in list((tmp_path / "home").glob(kept)):
        rubbish(place)
    places = {"EPISODE": episode, "INBOX": tmp_path / "inbox", "SENT": tmp_path / "sent", "OUT": tmp_path / "out"}

    for words in USES_A_HOME:
        outcome = overt(*(places.get(word, word) for word in words))

        assert outcome.code in DOCUMENTED, (words, outcome.err)
        assert outcome.code == 0 or words[0] == "doctor" or is_one_clear_line(outcome.err), (words, outcome.err)
        assert "zebra" not in outcome.err


@pytest.mark.parametrize("rubbish", [empty, a_named_pipe, a_link_to_nothing])
def test_an_export_overwrites_nothing(overt: Overt, episode: str, tmp_path: Path, rubbish: Any) -> None:
    sent, out = tmp_path / "sent", tmp_path / "out"
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", sent)
    words = ("export", "--purpose", "model_training", "--from", sent, "--out")
    rubbish(out)

    refused = [overt(*words, out), overt(*words, sent), overt(*words, tmp_path / "home")]

    assert [each.code for each in refused] == [2, 2, 2]
    assert all(is_one_clear_line(each.err) for each in refused)
    assert [path.name for path in tmp_path.iterdir() if ".tmp-" in path.name] == []
    assert overt(*words, os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).code == 2
    assert overt(*words, tmp_path / "done").code == 0


@pytest.mark.parametrize(
    ("words", "role"),
    [
        (("consent", "status"), "officer"),
        (("record",), "vault"),
        (("episodes", "list"), "admin"),
        (("policy", "sign", "x"), "employee"),
        (("export", "--purpose", "x", "--out", "x"), "employee"),
        (("keys", "rotate", "--role", "vault"), "employee"),
        (("verify", "x", "--home"), "vault"),
    ],
)
def test_another_roles_home_is_refused(overt: Overt, tmp_path: Path, words: tuple[str, ...], role: str) -> None:
    overt("init", "--all-in-one")

    home = (tmp_path / "home" / role,) if words[-1] == "--home" else ("--home", tmp_path / "home" / role)
    outcome = overt(*words, *home)

    assert outcome.code == 9
    assert f"is a home for the {role}" in outcome.err


def test_a_key_that_is_a_link_is_called_a_link(overt: Overt, tmp_path: Path) -> None:
    """The remedy was to change its mode, which a link has none of."""
    overt("init", "--all-in-one")
    key = tmp_path / "home/employee/keys/device.txt"
    key.rename(tmp_path / "elsewhere")
    key.symlink_to(tmp_path / "elsewhere")

    outcome = overt("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")

    assert outcome.code == 6
    assert "symbolic link" in outcome.err
    assert "chmod" not in outcome.err


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
