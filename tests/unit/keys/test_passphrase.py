"""Passphrases: weak ones are refused for new keys, and a stock age opens a key file with the right one."""

import os
import pty
import select
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.errors import KeyAccessError
from overt.format.age_passphrase import decrypt_with_passphrase
from overt.format.age_write import encrypt, recipient_of
from overt.keys.identities import load_recipient
from overt.keys.passphrase import PassphraseSource, asked_once, check_new
from overt.keys.rotated import Keyring
from overt.store.home import Home, Role

DEBIAN_AGE = shutil.which("age")


@pytest.mark.parametrize(
    "weak", ["", "tiny", "7 chars", "aaaaaaaaaaaa", "abababab", "Password", "passphrase1!", "12345678"]
)
def test_a_weak_passphrase_is_refused_for_a_new_key_and_never_quoted(weak: str) -> None:
    with pytest.raises(KeyAccessError) as caught:
        check_new(weak)

    assert not weak or weak not in str(caught.value)


@pytest.mark.parametrize("strong", ["correct horse", "pässwörter bär", "x7!kQ2#p", " spaces count "])
def test_a_passphrase_that_takes_guessing_is_taken_as_it_is(strong: str) -> None:
    assert check_new(strong) == strong


def test_one_answer_serves_all_keys_of_a_home() -> None:
    asked = []

    def ask(what: str, *, new: bool = False) -> str:
        asked.append((what, new))
        return "correct horse"

    once = asked_once(ask, "the keys of this home")

    assert [once("the one key", new=True), once("the other key")] == ["correct horse"] * 2
    assert asked == [("the keys of this home", True)]


def at_terminal(command: list[str], typed: str) -> tuple[int, str]:
    """Run *command* at a terminal of its own, type once something is asked, and return exit code and output."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    said, deadline, answered = b"", time.monotonic() + 60, False
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            try:
                said += os.read(terminal, 4096)
            except OSError:
                break
        if b"passphrase" in said and not answered:
            os.write(terminal, f"{typed}\n".encode())
            answered = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


@pytest.mark.skipif(DEBIAN_AGE is None, reason="no age here: that a stock age opens our passphrase files is not tried")
@pytest.mark.parametrize(("typed", "opens"), [("correct", True), ("incorrect", False)])
def test_a_stock_age_opens_a_key_file_with_its_passphrase_alone(
    real: dict[Role, Home], tmp_path: Path, typed: str, opens: bool
) -> None:
    assert DEBIAN_AGE is not None
    home = real[Role.OFFICER]
    plain = tmp_path / "identity"

    code, said = at_terminal([DEBIAN_AGE, "-d", "-o", str(plain), str(home.keys_directory / "auditor.age")], typed)

    assert (code == 0) == opens, said
    if opens:
        assert recipient_of(plain.read_text()) == load_recipient(home)
    else:
        assert not plain.exists()


@pytest.mark.skipif(DEBIAN_AGE is None, reason="no age here: that we open its passphrase files is not tried")
def test_a_key_file_that_a_stock_age_has_put_under_another_passphrase_is_ours_still(
    real: dict[Role, Home], tmp_path: Path, knows: Callable[[str], PassphraseSource]
) -> None:
    """That is how a passphrase is changed: no command of ours is needed."""
    assert DEBIAN_AGE is not None
    home = real[Role.OFFICER]
    stored = home.keys_directory / "auditor.age"
    (tmp_path / "plain").write_bytes(decrypt_with_passphrase(stored.read_bytes(), "correct"))
    stored.unlink()

    code, said = at_terminal(
        ["/bin/sh", "-c", f"umask 077; {DEBIAN_AGE} -p -o {stored} {tmp_path / 'plain'}"], "a new one\na new one"
    )

    assert code == 0, said
    sealed = encrypt(b"kept", [load_recipient(home)])
    assert Keyring(home, knows("a new one")).unsealed(sealed) == b"kept"
