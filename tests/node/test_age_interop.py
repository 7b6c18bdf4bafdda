"""Files of any size pass between our age and its author's own in JavaScript, in both directions and for every kind."""

from pathlib import Path
from typing import Any

import pytest

from overt.format import age_armor, age_foreign, age_write, age_x25519
from overt.format.age_foreign import CLASSICAL
from overt.format.age_passphrase import decrypt_with_passphrase, encrypt_with_passphrase
from overt.format.age_read import HYBRID, Kind
from overt.format.age_write import Identity

pytestmark = pytest.mark.node

SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073]
KINDS = [(age_write, HYBRID), (age_x25519, CLASSICAL)]
each_kind = pytest.mark.parametrize(("writer", "kind"), KINDS, ids=["post-quantum", "classical"])


def plain(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def kept(directory: Path, identity: Identity) -> Path:
    path = directory / "identity.txt"
    path.write_text(identity.text + "\n")
    return path


@each_kind
@pytest.mark.parametrize("size", SIZES)
def test_another_age_opens_our_file(node: Any, tmp_path: Path, writer: Any, kind: Kind, size: int) -> None:
    del kind
    mine, other = writer.new_identity(), writer.new_identity()
    ours = writer.encrypt(plain(size), [other.recipient, mine.recipient])

    run = node("open.mjs", kept(tmp_path, mine), stdin=ours)

    assert (run.returncode, run.stdout) == (0, plain(size))


@each_kind
@pytest.mark.parametrize("size", SIZES)
def test_we_open_the_file_of_another_age(node: Any, writer: Any, kind: Kind, size: int) -> None:
    mine, other = writer.new_identity(), writer.new_identity()

    theirs = node("lock.mjs", other.recipient, mine.recipient, stdin=plain(size)).stdout

    assert age_foreign.decrypt(theirs, [mine.text], accept=[kind]) == plain(size)
    assert b"".join(age_foreign.chunks(theirs, [mine.text], accept=[kind])) == plain(size)


@each_kind
def test_we_open_what_another_age_armored(node: Any, writer: Any, kind: Kind) -> None:
    mine = writer.new_identity()

    theirs = node("lock.mjs", "--armor", mine.recipient, stdin=plain(1000)).stdout

    assert theirs.startswith(b"-----BEGIN AGE")
    assert age_foreign.decrypt(age_armor.decode(theirs), [mine.text], accept=[kind]) == plain(1000)


@pytest.mark.parametrize("size", SIZES)
def test_passphrase_files_pass_both_ways(node: Any, tmp_path: Path, size: int) -> None:
    secret = tmp_path / "passphrase.txt"
    secret.write_text("a pass phrase ü")

    theirs = node("lock.mjs", "--passphrase", secret, stdin=plain(size)).stdout
    opened = node(
        "open.mjs", "--passphrase", secret, stdin=encrypt_with_passphrase(plain(size), "a pass phrase ü", log_n=8)
    )

    assert decrypt_with_passphrase(theirs, "a pass phrase ü") == plain(size)
    assert (opened.returncode, opened.stdout) == (0, plain(size))


@each_kind
def test_both_derive_one_recipient_from_an_identity(node: Any, tmp_path: Path, writer: Any, kind: Kind) -> None:
    del kind
    identity = writer.new_identity()

    assert node("recipient.mjs", kept(tmp_path, identity)).stdout.decode() == identity.recipient
    assert writer.recipient_of(identity.text) == identity.recipient
