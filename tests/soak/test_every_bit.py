"""Every single bit of a reference file, flipped: all are detected, and no group before one is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from overt.errors import OvertError, VerificationError
from overt.unseal.section import read_records
from overt.verify import TrustDevice, verify_episode

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

V1 = Path(__file__).parents[1] / "vectors/episode/v1"
EPISODE = (V1 / "reference.ep").read_bytes()
ENDS = [7168, 15360, 19968, 24576]
"""Where the opening and the three flushes of the reference end."""

BASE = (V1 / "base.ep").read_bytes()
BASE_KEYS = (V1 / "base.keys").read_bytes()
SECRETS: dict[str, Any] = json.loads((V1 / "base.secrets.json").read_text())


def proven(data: bytes, trust: TrustDevice) -> tuple[str, int, int]:
    try:
        verdict = verify_episode(data, trust=trust)
    except VerificationError:
        return "invalid", 0, 0
    return verdict.state.value, verdict.size, verdict.flushes


def test_every_flipped_bit_of_an_episode_is_detected_and_costs_no_group_before_it() -> None:
    trust = TrustDevice(json.loads((V1 / "secrets.json").read_text())["device_vkey"])
    data = bytearray(EPISODE)
    missed = []
    for bit in range(8 * len(data)):
        data[bit // 8] ^= 1 << bit % 8
        whole = [end for end in ENDS if end <= bit // 8]
        expected = ("damaged-tail", whole[-1], len(whole) - 1) if whole else ("invalid", 0, 0)
        if proven(bytes(data), trust) != expected:
            missed.append(bit)
        data[bit // 8] ^= 1 << bit % 8

    assert missed == []
    assert proven(bytes(data), trust)[0] == "closed"


def test_no_flipped_bit_of_a_keys_file_opens_anything_else() -> None:
    """The file carries no signature: a flip is refused, or it stands in the member of the other section."""
    expected = read(BASE_KEYS)
    data = bytearray(BASE_KEYS)
    at_m = BASE_KEYS.index(b"m.age\0")
    opened = []
    for bit in range(8 * len(data)):
        data[bit // 8] ^= 1 << bit % 8
        try:
            records = read(bytes(data))
        except OvertError:
            records = None
        if records not in {None, expected} or (records is not None and bit // 8 < at_m):
            opened.append(bit)
        data[bit // 8] ^= 1 << bit % 8

    assert opened == []


def read(keys: bytes) -> tuple[bytes, ...]:
    flushes = read_records(BASE, keys, "c", role_identity=SECRETS["exporter"], share=SECRETS["shares"]["c"])
    return tuple(record.body for records in flushes for record in records)
