"""The age community's vectors (C2SP's CCTV), all of them: each judged in the very class that it asks for."""

import base64
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from overt.errors import OvertError
from overt.format import age_armor, age_foreign, age_read
from overt.format.age_faults import AgeArmorError, AgeHeaderError, AgeMacError, AgePayloadError, NoMatchError
from overt.format.age_passphrase import decrypt_with_passphrase

pytestmark = pytest.mark.node

CLASSES: dict[type[OvertError], str] = {
    AgeArmorError: "armor failure",
    AgeHeaderError: "header failure",
    AgeMacError: "HMAC failure",
    AgePayloadError: "payload failure",
    NoMatchError: "no match",
}
ASKED = {
    "success": 26,
    "header failure": 62,
    "armor failure": 22,
    "payload failure": 19,
    "no match": 13,
    "HMAC failure": 1,
}
KEYS = {
    ("X25519",): 96,
    ("scrypt",): 25,
    ("mlkem768x25519",): 18,
    ("X25519", "mlkem768x25519"): 1,
    ("scrypt", "X25519"): 1,
    (): 2,
}
"""How many vectors come with which kinds of keys; the last two are empty files."""


@dataclass(frozen=True)
class Vector:
    """A file, the keys to try on it, and what must come of it."""

    fields: dict[str, list[str]]
    body: bytes

    @classmethod
    def parse(cls, data: bytes) -> "Vector":
        head, _, body = data.partition(b"\n\n")
        fields: dict[str, list[str]] = {}
        for line in head.decode().split("\n"):
            key, value = line.split(": ", 1)
            fields.setdefault(key, []).append(value)
        return cls(fields, zlib.decompress(body) if "compressed" in fields else body)

    @property
    def expect(self) -> str:
        return self.fields["expect"][0]

    @property
    def identities(self) -> list[str]:
        return self.fields.get("identity", [])

    @property
    def released(self) -> str:
        """The hash of what may be handed out: the plaintext, or what comes before a fault of the payload."""
        return self.fields.get("payload", [hashlib.sha256().hexdigest()])[0]

    def binary(self) -> bytes:
        return age_armor.decode(self.body) if "armored" in self.fields else self.body


@pytest.fixture(scope="module")
def vectors(node: Any) -> dict[str, Vector]:
    run = node("vectors.mjs")
    return {name: Vector.parse(base64.b64decode(data)) for name, data in json.loads(run.stdout).items()}


def by_identity(vector: Vector) -> Iterator[bytes]:
    yield from age_foreign.chunks(vector.binary(), vector.identities, accept=age_foreign.ALL_KINDS)


def as_a_whole(vector: Vector) -> Iterator[bytes]:
    yield age_foreign.decrypt(vector.binary(), vector.identities, accept=age_foreign.ALL_KINDS)


def by_passphrase(vector: Vector) -> Iterator[bytes]:
    for passphrase in vector.fields["passphrase"]:
        yield decrypt_with_passphrase(vector.binary(), passphrase)


def judged(chunks: Iterator[bytes]) -> tuple[str, str]:
    """Return the class of what came, in the kit's words, and the hash of what was handed out before."""
    digest = hashlib.sha256()
    try:
        for chunk in chunks:
            digest.update(chunk)
    except OvertError as fault:
        return next(name for kind, name in CLASSES.items() if isinstance(fault, kind)), digest.hexdigest()
    return "success", digest.hexdigest()


def ways(vector: Vector) -> list[Any]:
    """Return the ways in which the keys of *vector* are tried: a file has one class, whichever key is tried."""
    locked = [by_passphrase] if "passphrase" in vector.fields else []
    return locked + ([by_identity] if vector.identities or not locked else [])


def test_the_kit_is_whole(vectors: dict[str, Vector]) -> None:
    assert len(vectors) == 143
    assert Counter(vector.expect for vector in vectors.values()) == ASKED
    assert Counter(keys(vector) for vector in vectors.values()) == KEYS


def keys(vector: Vector) -> tuple[str, ...]:
    starts = {"AGE-SECRET-KEY-1": "X25519", "AGE-SECRET-KEY-PQ-1": "mlkem768x25519"}
    kinds = [kind for start, kind in starts.items() if any(text.startswith(start) for text in vector.identities)]
    return (*(["scrypt"] if "passphrase" in vector.fields else []), *kinds)


def test_every_vector_is_judged_in_the_class_that_it_asks(vectors: dict[str, Vector]) -> None:
    verdicts = {(name, way): judged(way(vector))[0] for name, vector in vectors.items() for way in ways(vector)}

    wrong = {name: verdict for (name, _), verdict in verdicts.items() if verdict != vectors[name].expect}

    assert wrong == {}
    assert (len({name for name, _ in verdicts}), len(verdicts)) == (143, 144)


def test_what_is_handed_out_before_a_fault_is_what_the_kit_allows(vectors: dict[str, Vector]) -> None:
    hashes = {name: judged(way(vector))[1] for name, vector in vectors.items() for way in ways(vector)}

    assert {name for name, found in hashes.items() if found != vectors[name].released} == set()
    early = [name for name, vector in vectors.items() if vector.expect == "payload failure"]
    assert sum(hashes[name] != hashlib.sha256().hexdigest() for name in early) == 13


def test_who_reads_a_file_as_a_whole_gets_nothing_of_a_faulty_one(vectors: dict[str, Vector]) -> None:
    for name, vector in vectors.items():
        if "passphrase" not in vector.fields:
            allowed = vector.released if vector.expect == "success" else hashlib.sha256().hexdigest()
            assert judged(as_a_whole(vector)) == (vector.expect, allowed), name


def test_the_file_key_is_the_one_that_the_kit_names(vectors: dict[str, Vector]) -> None:
    opened = {
        name: age_read.open_header(vector.binary(), vector.identities, age_foreign.ALL_KINDS)[0].hex()
        for name, vector in vectors.items()
        if vector.expect in {"success", "payload failure"} and vector.identities
    }

    assert opened == {name: vectors[name].fields["file key"][0] for name in opened}
    assert len(opened) == 43


HYBRID_FILES = {"hybrid", "hybrid_and_x25519", "hybrid_grease", "hybrid_multiple_recipients"}


def test_the_reader_of_episodes_takes_hybrid_files_without_armor_and_nothing_else(vectors: dict[str, Vector]) -> None:
    """It refuses classical identities, armor and passphrases, also where the kit asks for success."""
    taken = {name for name, vector in vectors.items() if judged_strictly(vector)}

    assert taken == HYBRID_FILES


def judged_strictly(vector: Vector) -> bool:
    try:
        plaintext = age_read.decrypt(vector.body, vector.identities)
    except OvertError:
        return False
    return hashlib.sha256(plaintext).hexdigest() == vector.released
