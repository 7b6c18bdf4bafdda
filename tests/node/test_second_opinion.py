"""A stock ``tar`` and an age that is not ours open our episodes with the right keys, and with no others."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

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
