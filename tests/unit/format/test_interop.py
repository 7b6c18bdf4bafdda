"""Files pass both ways between our age and two others: rage (``pyrage``) and the ``age`` of the system's packages."""

import os
import pty
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pyrage
import pytest

from overt.format import age_armor, age_foreign, age_x25519
from overt.format.age_foreign import CLASSICAL
from overt.format.age_passphrase import decrypt_with_passphrase, encrypt_with_passphrase

SIZES: Final = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073]
PASSPHRASE: Final = "a pass phrase"

each_size = pytest.mark.parametrize("size", SIZES)


def plain(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


@pytest.fixture(scope="module")
def stock() -> str:
    program = shutil.which("age")
    if program is None or shutil.which("age-keygen") is None:
        pytest.skip("no age here: nobody but us and rage opens our classical files")
    return program


def run(*words: object, stdin: bytes = b"") -> bytes:
    done = subprocess.run([*map(str, words)], input=stdin, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def at_a_terminal(*words: object, answers: int) -> str:
    """Run a program that asks for a passphrase at its terminal, answer it so many times, and return what it said."""
    if shutil.which("setsid") is None:
        pytest.skip("no setsid here: no terminal to type a passphrase at")
    ours, theirs = pty.openpty()
    command = ["setsid", "--ctty", "--wait", *map(str, words)]
    said = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as program:
        os.close(theirs)
        while answers or program.poll() is None:
            said += heard(ours)
            if answers and said.rstrip(b" ").endswith(b":"):
                os.write(ours, PASSPHRASE.encode() + b"\n")
                said += b"(answered)"
                answers -= 1
    os.close(ours)
    assert program.returncode == 0, said
    return said.decode()


def heard(terminal: int) -> bytes:
    ready, _, _ = select.select([terminal], [], [], 30)
    assert ready, "the program says nothing"
    try:
        return os.read(terminal, 1000)
    except OSError:  # the program has closed its side
        return b""


@each_size
def test_rage_opens_our_classical_file(size: int) -> None:
    theirs = pyrage.x25519.Identity.generate()

    ours = age_x25519.encrypt(plain(size), [age_x25519.new_identity().recipient, str(theirs.to_public())])

    assert pyrage.decrypt(ours, [theirs]) == plain(size)


@each_size
def test_we_open_the_classical_file_of_rage(size: int) -> None:
    mine, other = age_x25519.new_identity(), pyrage.x25519.Identity.generate()

    theirs = pyrage.encrypt(plain(size), [other.to_public(), pyrage.x25519.Recipient.from_str(mine.recipient)])

    assert age_foreign.decrypt(theirs, [mine.text], accept=[CLASSICAL]) == plain(size)


def test_rage_and_we_derive_one_recipient() -> None:
    identity = pyrage.x25519.Identity.generate()

    assert age_x25519.recipient_of(str(identity)) == str(identity.to_public())


def test_we_open_what_rage_armored() -> None:
    mine = age_x25519.new_identity()

    theirs = pyrage.encrypt(plain(100), [pyrage.x25519.Recipient.from_str(mine.recipient)], armored=True)

    assert age_foreign.decrypt(age_armor.decode(theirs), [mine.text], accept=[CLASSICAL]) == plain(100)


@each_size
def test_rage_opens_our_passphrase_file(size: int) -> None:
    assert pyrage.passphrase.decrypt(encrypt_with_passphrase(plain(size), PASSPHRASE, log_n=8), PASSPHRASE) == plain(
        size
    )


def test_we_open_the_passphrase_file_of_rage() -> None:
    """One size only: rage makes seconds of work of each file."""
    assert decrypt_with_passphrase(pyrage.passphrase.encrypt(plain(65_537), PASSPHRASE), PASSPHRASE) == plain(65_537)


@each_size
def test_stock_age_opens_our_classical_file(stock: str, tmp_path: Path, size: int) -> None:
    mine = age_x25519.new_identity()
    (tmp_path / "identity.txt").write_text(mine.text + "\n")

    ours = age_x25519.encrypt(plain(size), [age_x25519.new_identity().recipient, mine.recipient])

    assert run(stock, "-d", "-i", tmp_path / "identity.txt", stdin=ours) == plain(size)


@each_size
@pytest.mark.parametrize("armored", [False, True], ids=["binary", "armored"])
def test_we_open_the_classical_file_of_stock_age(stock: str, size: int, armored: bool) -> None:
    mine, other = age_x25519.new_identity(), age_x25519.new_identity()

    theirs = run(stock, *(["-a"] if armored else []), "-r", other.recipient, "-r", mine.recipient, stdin=plain(size))

    binary = age_armor.decode(theirs) if armored else theirs
    assert age_foreign.decrypt(binary, [mine.text], accept=[CLASSICAL]) == plain(size)


def test_we_use_the_identity_of_stock_age(stock: str) -> None:
    public, identity = run("age-keygen").decode().splitlines()[-2:]

    assert age_x25519.recipient_of(identity) == public.rpartition(" ")[2]
    assert age_foreign.decrypt(run(stock, "-r", public.rpartition(" ")[2], stdin=b"x"), [identity], accept=[CLASSICAL])


@each_size
def test_stock_age_opens_our_passphrase_file_at_a_terminal(stock: str, tmp_path: Path, size: int) -> None:
    (tmp_path / "ours.age").write_bytes(encrypt_with_passphrase(plain(size), PASSPHRASE, log_n=8))

    said = at_a_terminal(stock, "-d", "-o", tmp_path / "plain", tmp_path / "ours.age", answers=1)

    # Stock age makes no file for nothing.
    assert ((tmp_path / "plain").read_bytes() if size else b"") == plain(size)
    assert "passphrase" in said


@pytest.mark.parametrize("armored", [False, True], ids=["binary", "armored"])
def test_we_open_the_passphrase_file_that_stock_age_made_at_a_terminal(
    stock: str, tmp_path: Path, armored: bool
) -> None:
    (tmp_path / "plain").write_bytes(plain(65_537))

    words: list[Any] = [stock, "-p", *(["-a"] if armored else []), "-o", tmp_path / "theirs.age", tmp_path / "plain"]
    at_a_terminal(*words, answers=2)

    theirs = (tmp_path / "theirs.age").read_bytes()
    assert decrypt_with_passphrase(age_armor.decode(theirs) if armored else theirs, PASSPHRASE) == plain(65_537)
