"""Every file that passes between homes, sound and with one defect each: its reader says what it should."""

import json
from pathlib import Path
from typing import Any

import pytest

from overt.consent.instants import read_instant
from overt.errors import KeyAccessError, OvertError
from overt.format.age_read import decrypt
from overt.keys.exchange.answer import Expected, open_answer
from overt.keys.exchange.order import check_order, read_order
from overt.keys.exchange.request import OwnUse, Reader, open_request
from overt.keys.exchange.shipment import open_receipt, open_shipment

HERE = Path(__file__).parent
FACTS = json.loads((HERE / "expected.json").read_text())
AT = read_instant(FACTS["at"])


def read(name: str, data: bytes) -> object:
    """Read *data*, a file like the one *name*, as whoever it is for does."""
    match name.rpartition(".")[2]:
        case "shipment":
            return open_shipment(data, FACTS["vault"])
        case "receipt":
            return open_receipt(data.decode(), FACTS["vault"])
        case "request":
            return open_request(data.decode(), FACTS["witness"], FACTS["vault"], AT)
        case "release":
            expected = Expected(vault=FACTS["vault"], role=Reader.AUDITOR, purpose=OwnUse.AUDIT)
            return open_answer(data, unseal, expected, AT)
        case _:
            order = read_order(data.decode())
            check_order(order, FACTS["withdrawal"], unsigned=False)
            return order


def unseal(sealed: bytes) -> bytes | None:
    try:
        return decrypt(sealed, [FACTS["auditor"]])
    except KeyAccessError:
        return None


@pytest.mark.parametrize(("name", "said"), sorted(FACTS["files"].items()))
def test_each_file_has_its_verdict(name: str, said: dict[str, Any]) -> None:
    data = (HERE / name).read_bytes()

    if said["verdict"] == "accepted":
        assert read(name, data)
        return

    with pytest.raises(OvertError) as caught:
        read(name, data)

    assert (type(caught.value).__name__, said["says"] in str(caught.value)) == (said["verdict"], True), caught.value
    assert "\n" not in str(caught.value)


def test_no_vector_is_left_out() -> None:
    kinds = {".shipment", ".receipt", ".request", ".release", ".order"}

    assert {path.name for path in HERE.iterdir() if path.suffix in kinds} == FACTS["files"].keys()
    assert len(FACTS["files"]) > 45


@pytest.mark.parametrize("name", ["good.shipment", "good.receipt", "good.request", "good.release", "erasure.order"])
def test_a_file_with_any_byte_changed_is_refused_in_one_line(name: str) -> None:
    """Every 61st byte: the signature, the hashes and the seal cover all of it."""
    good = (HERE / name).read_bytes()

    for place in range(0, len(good), 61):
        changed = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        with pytest.raises((OvertError, UnicodeDecodeError)):
            read(name, changed)
