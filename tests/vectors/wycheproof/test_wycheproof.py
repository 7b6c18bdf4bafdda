"""Wycheproof's adversarial vectors through the very calls that we make: none is judged wrongly."""

import gzip
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from overt.errors import FormatError, VerificationError
from overt.format import age_header, age_stream, age_x25519, note, xwing

VECTORS = Path(__file__).parents[4] / "shared/data/wycheproof"

Case = dict[str, Any]
Attempt = Callable[[Case], bool]


def cases(name: str) -> Iterator[Case]:
    """Yield each vector, with its group's public key if there is one; hexadecimal values stay text."""
    path = VECTORS / f"{name}_test.json.gz"
    if not path.exists():
        pytest.skip(f"the Wycheproof vectors of {name} are absent: its primitive is not judged here")
    for group in json.loads(gzip.decompress(path.read_bytes()))["testGroups"]:
        for test in group["tests"]:
            yield {**test, "pk": group.get("publicKey", {}).get("pk")}


def unhex(value: str) -> bytes:
    return bytes.fromhex(value)


def judged(name: str, attempt: Attempt, wanted: Attempt) -> tuple[int, int, list[int]]:
    """Return how many vectors were taken and refused, and the ids of those that should have been the other way."""
    verdicts = [(case, attempt(case)) for case in cases(name)]
    taken = sum(verdict for _, verdict in verdicts)
    return taken, len(verdicts) - taken, [case["tcId"] for case, verdict in verdicts if verdict != wanted(case)]


def valid(case: Case) -> bool:
    return bool(case["result"] == "valid")


def shares_something(case: Case) -> bool:
    """Say whether the secret is not zero: ours is stricter than Wycheproof, which calls such points acceptable."""
    return "ZeroSharedSecret" not in case["flags"]


def opened(case: Case) -> bool:
    """Decrypt as a small body is decrypted, then as a chunk is, in place."""
    sealed, aad = unhex(case["ct"] + case["tag"]), unhex(case["aad"])
    cipher, out = age_stream.ChaCha20Poly1305(unhex(case["key"])), bytearray(len(unhex(case["ct"])))
    try:
        whole = cipher.decrypt(unhex(case["iv"]), sealed, aad)
        cipher.decrypt_into(unhex(case["iv"]), memoryview(sealed), aad, memoryview(out))
    except (InvalidTag, ValueError):
        return False
    return whole == bytes(out) == unhex(case["msg"])


def sealed_alike(case: Case) -> bool:
    try:
        cipher = age_stream.ChaCha20Poly1305(unhex(case["key"]))
        sealed = cipher.encrypt(unhex(case["iv"]), memoryview(unhex(case["msg"])), unhex(case["aad"]))
    except ValueError:
        return False
    return sealed == unhex(case["ct"] + case["tag"])


def derived(case: Case) -> bool:
    """Compare the 32 bytes that we always ask for: HKDF's output for another length begins alike."""
    try:
        age_header.HKDF(algorithm=hashes.SHA256(), length=case["size"], salt=b"", info=b"")
    except ValueError:
        return False
    ours, theirs = age_header.derive(unhex(case["ikm"]), unhex(case["info"]), unhex(case["salt"])), unhex(case["okm"])
    length = min(len(ours), len(theirs))
    return length > 0 and ours[:length] == theirs[:length]


def agreed(case: Case) -> bool:
    try:
        return age_x25519.agree(unhex(case["private"]), unhex(case["public"])) == unhex(case["shared"])
    except FormatError:
        return False


def of_use(case: Case) -> bool:
    return not xwing.has_low_order(unhex(case["public"]))


def decapsulated(case: Case) -> bool:
    try:
        return xwing.lattice_key(unhex(case["seed"])).decapsulate(unhex(case["c"])) == unhex(case["K"])
    except (FormatError, ValueError):
        return False


def opened_as_hybrid(case: Case) -> bool:
    """Open a file key that was sealed, step by step as RFC 9180 and X-Wing write it, under the secret of the vector."""
    curve, ephemeral = (X25519PrivateKey.from_private_bytes(bytes([fill]) * 32) for fill in (1, 2))
    share, public = ephemeral.public_key().public_bytes_raw(), curve.public_key().public_bytes_raw()
    agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    secret = hashlib.sha3_256(unhex(case["K"]) + agreed + share + public + b"\\.//^\\").digest()
    key, nonce = hpke_schedule(secret)
    body = age_stream.ChaCha20Poly1305(key).encrypt(nonce, b"a file key of 16", None)
    try:
        private = hpke.MLKEM768X25519PrivateKey(xwing.lattice_key(unhex(case["seed"])), curve)
        plaintext = xwing.suite().decrypt(unhex(case["c"]) + share + body, private, info=xwing.INFO)
    except (FormatError, InvalidTag, ValueError):
        return False
    return plaintext == b"a file key of 16"


def hpke_schedule(secret: bytes) -> tuple[bytes, bytes]:
    """Return the key and the nonce of RFC 9180's base mode, for X-Wing, HKDF-SHA256 and ChaCha20-Poly1305."""
    suite = b"HPKE" + bytes.fromhex("647a00010003")

    def extract(salt: bytes, label: bytes, data: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, "sha256")

    def expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
        return hmac.digest(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01", "sha256")[
            :length
        ]

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", xwing.INFO)
    inner = extract(secret, b"secret", b"")
    return expand(inner, b"key", context, 32), expand(inner, b"base_nonce", context, 12)


class RawText(str):
    """The text of a note that is no text: its bytes are the vector's message."""

    __slots__ = ("message",)

    def encode(self, *_: str) -> bytes:  # type: ignore[override]
        return self.message


def verified(case: Case) -> bool:
    """Verify as the one signature of a note is verified, whatever bytes are signed."""
    key = note.VerifierKey(name="wycheproof", public=unhex(case["pk"]))
    text = RawText()
    text.message = unhex(case["msg"])
    line = note.Signature(name=key.name, key_id=key.key_id, value=unhex(case["sig"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(note, "parse_note", lambda _: note.Note(text=text, signatures=(line,)))
        try:
            return note.verify_note("", str(key)) is text
        except VerificationError:
            return False


@pytest.mark.parametrize(
    ("name", "attempt", "wanted", "taken", "refused"),
    [
        ("chacha20_poly1305", opened, valid, 256, 69),
        ("ed25519", verified, valid, 88, 63),
        ("hkdf_sha256", derived, valid, 83, 3),
        ("x25519", agreed, shares_something, 487, 31),
        ("x25519", of_use, shares_something, 487, 31),
        ("mlkem_768", decapsulated, valid, 153, 40),
        ("mlkem_768", opened_as_hybrid, valid, 153, 40),
    ],
    ids=lambda value: getattr(value, "__name__", value) if not isinstance(value, int) else None,
)
def test_no_adversarial_vector_is_judged_wrongly(
    name: str, attempt: Attempt, wanted: Attempt, taken: int, refused: int
) -> None:
    assert judged(name, attempt, wanted) == (taken, refused, [])


def test_what_we_encrypt_is_what_the_vectors_encrypt() -> None:
    """A changed tag makes a vector invalid to open; sealing gives the right one, so those differ too."""
    assert judged("chacha20_poly1305", sealed_alike, valid) == (256, 69, [])
