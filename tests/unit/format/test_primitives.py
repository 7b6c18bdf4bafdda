"""Wycheproof through the very primitives that we call: adversarial vectors, none judged wrongly."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VECTORS = Path(__file__).parents[4] / "shared/data/wycheproof"


def cases(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each test with its group; values that are hexadecimal stay text."""
    path = VECTORS / f"{name}_test.json.gz"
    if not path.exists():
        pytest.skip(f"the Wycheproof vectors of {name} are absent: the primitive is not judged here")
    for group in json.loads(gzip.decompress(path.read_bytes()))["testGroups"]:
        for test in group["tests"]:
            yield group, test


def wrong(name: str, attempt: Any) -> tuple[list[int], int]:
    """Return the ids of the tests that *attempt* judges otherwise than they ask, and the number of tests."""
    missed, count = [], 0
    for group, test in cases(name):
        count += 1
        try:
            passed = attempt(group, test)
        except (InvalidTag, InvalidSignature, ValueError):
            passed = False
        if test["result"] != "acceptable" and passed != (test["result"] == "valid"):
            missed.append(test["tcId"])
    return missed, count


def unhex(value: str) -> bytes:
    return bytes.fromhex(value)


def opens(_: dict[str, Any], test: dict[str, Any]) -> bool:
    cipher = ChaCha20Poly1305(unhex(test["key"]))
    return cipher.decrypt(unhex(test["iv"]), unhex(test["ct"] + test["tag"]), unhex(test["aad"])) == unhex(test["msg"])


def signed(group: dict[str, Any], test: dict[str, Any]) -> bool:
    key = Ed25519PublicKey.from_public_bytes(unhex(group["publicKey"]["pk"]))
    key.verify(unhex(test["sig"]), unhex(test["msg"]))
    return True


def derived(_: dict[str, Any], test: dict[str, Any]) -> bool:
    kdf = HKDF(algorithm=hashes.SHA256(), length=test["size"], salt=unhex(test["salt"]), info=unhex(test["info"]))
    return kdf.derive(unhex(test["ikm"])) == unhex(test["okm"])


def agreed(_: dict[str, Any], test: dict[str, Any]) -> bool:
    theirs = X25519PublicKey.from_public_bytes(unhex(test["public"]))
    return X25519PrivateKey.from_private_bytes(unhex(test["private"])).exchange(theirs) == unhex(test["shared"])


def decapsulated(_: dict[str, Any], test: dict[str, Any]) -> bool:
    return MLKEM768PrivateKey.from_seed_bytes(unhex(test["seed"])).decapsulate(unhex(test["c"])) == unhex(test["K"])


@pytest.mark.parametrize(
    ("name", "attempt", "at_least"),
    [
        ("chacha20_poly1305", opens, 300),
        ("ed25519", signed, 150),
        ("hkdf_sha256", derived, 80),
        ("x25519", agreed, 500),
        ("mlkem_768", decapsulated, 100),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_no_adversarial_vector_is_judged_wrongly(name: str, attempt: Any, at_least: int) -> None:
    missed, count = wrong(name, attempt)

    assert (missed, count >= at_least) == ([], True)
