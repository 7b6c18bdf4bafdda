"""The word list lies in the keychain or nowhere; where it should be and is not, it is said and not passed over."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from overt.errors import BackendUnavailableError, KeyAccessError
from overt.keys.keychain import Keychain
from overt.keys.word_list import clear_words, has_words, read_words, write_words
from overt.store.home import Home

TOOLS = ("dbus-run-session", "gnome-keyring-daemon", "dbus-send")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
WORDS = ("Soo-jin Kim", "canary-lane 7")


class Chain:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.locked = False

    def put(self, name: str, secret: str) -> None:
        self._check()
        self.kept[name] = secret

    def get(self, name: str) -> str:
        self._check()
        if name not in self.kept:
            raise KeyAccessError("missing")
        return self.kept[name]

    def remove(self, name: str) -> None:
        self._check()
        self.kept.pop(name, None)

    def _check(self) -> None:
        if self.locked:
            raise KeyAccessError("locked")


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_no_byte_of_the_home_tells_a_word_or_how_many(employee: Home, chain: Chain) -> None:
    write_words(employee, WORDS, lambda: chain)

    held = b"".join(file.read_bytes() for file in employee.path.rglob("*") if file.is_file())
    assert read_words(employee, lambda: chain) == WORDS
    assert not any(piece in held.lower() for piece in (b"soo-jin", b"soojin", b"canary-lane"))
    assert len((employee.path / "lexicon").read_bytes()) == len("lexicon-") + 33


def test_a_list_that_cannot_be_read_is_never_taken_for_an_empty_one(employee: Home, chain: Chain) -> None:
    def none() -> Keychain:
        raise BackendUnavailableError("no keyring")

    write_words(employee, WORDS, lambda: chain)
    chain.locked = True
    with pytest.raises(KeyAccessError, match="cannot be read"):
        read_words(employee, lambda: chain)
    with pytest.raises(KeyAccessError, match="cannot be read"):
        read_words(employee, none)
    chain.locked, chain.kept = False, {}
    with pytest.raises(KeyAccessError, match="cannot be read"):
        read_words(employee, lambda: chain)
    (employee.path / "lexicon").write_text("rubbish")
    with pytest.raises(KeyAccessError, match="cannot be read"):
        read_words(employee, lambda: chain)


def test_where_the_keychain_refuses_no_marker_is_left_to_block_the_recorder(employee: Home, chain: Chain) -> None:
    chain.locked = True

    with pytest.raises(KeyAccessError):
        write_words(employee, WORDS, lambda: chain)

    assert not has_words(employee)


def test_without_a_keychain_it_is_said_that_no_file_takes_its_place(employee: Home) -> None:
    def none() -> Keychain:
        raise KeyAccessError("there is no OS keychain on this desktop")

    with pytest.raises(KeyAccessError) as caught:
        write_words(employee, WORDS, none)

    assert "not at all" in caught.value.hint
    assert not has_words(employee)


def test_clearing_takes_the_words_before_the_marker(employee: Home, chain: Chain) -> None:
    write_words(employee, WORDS, lambda: chain)
    chain.locked = True
    with pytest.raises(KeyAccessError):
        clear_words(employee, remove=chain.remove)
    assert has_words(employee)
    chain.locked = False

    assert clear_words(employee, remove=chain.remove)
    assert (chain.kept, has_words(employee)) == ({}, False)


def test_a_lost_keychain_does_not_bar_the_person_from_their_recorder_for_ever(employee: Home, chain: Chain) -> None:
    write_words(employee, WORDS, lambda: chain)
    chain.locked = True

    assert not clear_words(employee, anyway=True, remove=chain.remove)
    assert read_words(employee, lambda: chain) == ()


STORY = """
import json, subprocess, sys
from pathlib import Path
home = sys.argv[1]
def overt(*words, text=""):
    return subprocess.run([sys.executable, "-m", "overt", *words, "--home", home],
                          input=text, capture_output=True, text=True)
made = overt("init", "--all-in-one")
assert made.returncode == 0, made.stderr
added = overt("lexicon", "add", text="Canaria Zweig\\n+49 30 7654321\\n\\ncanary@home.example\\nCANARIA ZWEIG\\n")
listed = overt("lexicon", "list", "--json")
shown = overt("lexicon", "list", "--show")
removed = overt("lexicon", "remove", text="canariazweig")
left = overt("lexicon", "list", "--json")
held = b"".join(f.read_bytes() for f in Path(home).rglob("*") if f.is_file()).lower()
marked = (Path(home) / "employee/lexicon").exists()
cleared = overt("lexicon", "clear", "--yes")
import keyring
print(json.dumps({
    "codes": [each.returncode for each in (added, listed, shown, removed, left, cleared)],
    "errors": [each.stderr for each in (added, listed, shown, removed, left, cleared) if each.returncode],
    "listed": json.loads(listed.stdout), "shown": shown.stdout.splitlines(), "left": json.loads(left.stdout)["words"],
    "in a file": any(piece in held for piece in (b"canaria", b"canary@", b"7654321")),
    "told": any("anari" in each.stdout + each.stderr for each in (added, listed, removed, left, cleared)),
    "marked": marked, "after": (Path(home) / "employee/lexicon").exists(),
}))
"""


@pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} here: a real keychain is not tried")
def test_a_real_keychain_keeps_the_words_and_no_file_does(tmp_path: Path) -> None:
    """A session bus, a home directory and a keyring of its own: nothing of this machine's user is touched."""
    script = tmp_path / "story.py"
    script.write_text(STORY)
    for name in ("run", "user"):
        (tmp_path / name).mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    environment = kept | {"HOME": str(tmp_path / "user"), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    inside = (
        'eval "$(printf secret | gnome-keyring-daemon --unlock --components=secrets)" >/dev/null 2>&1; '
        f"exec {sys.executable} {script} {tmp_path / 'home'}"
    )

    run = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", inside],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert said["codes"] == [0] * 6, said["errors"]
    assert said["listed"] == {"words": 3, "sorts": {"e-mail": 1, "name": 1, "number": 1}}
    assert said["shown"] == sorted(["Canaria Zweig", "+49 30 7654321", "canary@home.example"])
    assert (said["left"], said["in a file"], said["told"], said["marked"], said["after"]) == (
        2,
        False,
        False,
        True,
        False,
    )
