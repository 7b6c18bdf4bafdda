"""A stock ``tar`` and an age that is not ours open our episodes with the right keys, and with no others."""

import base64
import hashlib
import json
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from overt.errors import KeyAccessError, OvertError
from overt.format import age_header, age_stream
from overt.format.age_passphrase import decrypt_with_passphrase
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, new_identity
from overt.format.payload import parse_payload

pytestmark = pytest.mark.node


@pytest.fixture
def unpacked(sealed: Any, desk: Any, tmp_path: Path) -> Path:
    """Split an episode and its keys with tar, as section 9 of the specification does, and lay out all identities."""
    for name, data in (("x", sealed.data), ("k", sealed.opening.keys)):
        (tmp_path / name).mkdir()
        subprocess.run(["tar", "xf", "-", "-C", tmp_path / name], input=data, check=True)
    for name in ("auditor", "exporter", "employee", "vault"):
        (tmp_path / f"{name}.txt").write_text(getattr(desk, name).text + "\n")
    for section, blob in sealed.opening.shares.items():
        (tmp_path / f"share-{section}.age").write_bytes(blob)
    return tmp_path


def section_identity(node: Any, place: Path, section: str, role: str) -> Path:
    """Open the two layers of one section's identity, with the share from the vault; give the file's name."""
    share, inner, identity = (place / f"{name}-{section}.txt" for name in ("share", "inner", "identity"))
    share.write_bytes(opened(node, place / "vault.txt", place / f"share-{section}.age"))
    inner.write_bytes(opened(node, place / f"{role}.txt", place / f"k/{section}.age"))
    identity.write_bytes(opened(node, share, inner))
    return identity


def opened(node: Any, identity: Path, file: Path) -> bytes:
    run = node("open.mjs", identity, stdin=file.read_bytes())
    assert run.returncode == 0, run.stderr
    plaintext: bytes = run.stdout
    return plaintext


@pytest.mark.parametrize(
    ("section", "role", "records"),
    [("c", "exporter", 5), ("c", "employee", 5), ("m", "auditor", 2), ("m", "employee", 2)],
)
def test_tar_and_another_age_open_a_section_with_the_right_keys(
    node: Any, unpacked: Path, section: str, role: str, records: int
) -> None:
    identity = section_identity(node, unpacked, section, role)

    segments = sorted((unpacked / "x/seg").glob(f"*.{section}.age"))
    plaintexts = [opened(node, identity, segment) for segment in segments]

    assert sum(len(parse_payload(plaintext)) for plaintext in plaintexts) == records
    assert (b'"text":"third"' in b"".join(plaintexts)) == (section == "c")


@pytest.mark.parametrize(
    ("identity", "file"),
    [
        ("auditor.txt", "k/c.age"),
        ("vault.txt", "k/c.age"),
        ("exporter.txt", "share-c.age"),
        ("exporter.txt", "x/seg/00000001.c.age"),
        ("vault.txt", "x/seg/00000001.c.age"),
    ],
)
def test_another_age_opens_nothing_with_the_wrong_key(node: Any, unpacked: Path, identity: str, file: str) -> None:
    run = node("open.mjs", unpacked / identity, stdin=(unpacked / file).read_bytes())

    assert (run.returncode, run.stdout) == (1, b"")
    assert b"no identity matched" in run.stderr


def test_the_metadata_identity_opens_no_content_for_another_age_either(node: Any, unpacked: Path) -> None:
    identity = section_identity(node, unpacked, "m", "auditor")

    run = node("open.mjs", identity, stdin=(unpacked / "x/seg/00000001.c.age").read_bytes())

    assert (run.returncode, run.stdout) == (1, b"")


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_073])
def test_files_of_any_size_pass_both_ways(node: Any, tmp_path: Path, size: int) -> None:
    identity = new_identity()
    (tmp_path / "identity.txt").write_text(identity.text)
    plaintext = bytes(range(251)) * (size // 251 + 1)
    plaintext = plaintext[:size]
    (tmp_path / "ours.age").write_bytes(encrypt(plaintext, [new_identity().recipient, identity.recipient]))

    theirs = node("lock.mjs", identity.recipient, new_identity().recipient, stdin=plaintext)

    assert opened(node, tmp_path / "identity.txt", tmp_path / "ours.age") == plaintext
    assert decrypt(theirs.stdout, [identity.text]) == plaintext


def test_both_derive_one_recipient_from_an_identity(node: Any, tmp_path: Path) -> None:
    identity = new_identity()
    (tmp_path / "identity.txt").write_text(identity.text)

    assert node("recipient.mjs", tmp_path / "identity.txt").stdout.decode() == identity.recipient


def parsed(vector: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = vector.partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\n"))
    return fields, zlib.decompress(body) if fields.get("compressed") == "zlib" else body


def outcome(fields: dict[str, str], body: bytes) -> str:
    """Say how we judge a vector, in the vector's words; a classical one is opened by the file key that it gives."""
    try:
        plaintext = opened_by_us(fields, body)
    except KeyAccessError:
        return "no match"
    except OvertError:
        return "refused"
    assert hashlib.sha256(plaintext).hexdigest() == fields["payload"]
    return "success"


def opened_by_us(fields: dict[str, str], body: bytes) -> bytes:
    if "passphrase" in fields:
        return decrypt_with_passphrase(body, fields["passphrase"])
    if fields.get("identity", "").startswith("AGE-SECRET-KEY-PQ-"):
        return decrypt(body, [fields["identity"]])
    header = age_header.parse(body)
    file_key = bytes.fromhex(fields["file key"])
    header.check(file_key)
    return age_stream.unseal(body[header.size :], file_key)


REFUSED_AS_NO_MATCH = {
    "hybrid_identity": "the library reports a point of low order as a key that does not fit",
    "hybrid_low_order": "likewise",
    "hybrid_x25519_arg": "the stanza at fault is classical, a kind that we skip",
}
"""Vectors that we refuse under another name than they ask, and why."""

KINDS = ("hmac", "header", "hybrid", "scrypt", "stanza", "stream", "version", "empty")


def test_the_vectors_of_the_age_community_are_judged_as_they_ask(node: Any) -> None:
    """Those of armor and of the classical stanza itself are left out: we have neither."""
    vectors = {name: parsed(base64.b64decode(data)) for name, data in json.loads(node("vectors.mjs").stdout).items()}
    ours = {
        name: vector for name, vector in vectors.items() if name.startswith(KINDS) and vector[0].get("armored") != "yes"
    }
    wanted = {"success": "success", "no match": "no match"}

    wrong = {
        name: (fields["expect"], judged)
        for name, (fields, body) in ours.items()
        if (judged := outcome(fields, body)) != wanted.get(fields["expect"], "refused")
    }

    assert wrong == dict.fromkeys(REFUSED_AS_NO_MATCH, ("header failure", "no match"))
    assert len(ours) > 90
