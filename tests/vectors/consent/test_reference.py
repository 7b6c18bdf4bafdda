"""The reference grant and what is signed about it stay readable, and are still written byte for byte as they were."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from overt.keys.countersign import open_countersignature, open_revocation
from overt.keys.receipts import open_receipt
from overt.keys.sign import open_grant, open_withdrawal

PLACE = Path(__file__).parent / "v1"
NAMES = ("grant.note", "countersignature.note", "withdrawal.note", "revocation.note", "receipt.json")


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference_grant", Path(__file__).with_name("make.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kept(name: str) -> str:
    return (PLACE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_written_as_it_was(made: ModuleType, name: str) -> None:
    assert made.texts()[name] == kept(name)


def test_the_reference_is_read_as_it_was(made: ModuleType) -> None:
    grant = open_grant(kept("grant.note"), made.signer("device").vkey)

    assert grant == made.grant()
    assert open_countersignature(kept("countersignature.note"), grant).at == made.GIVEN
    assert open_withdrawal(kept("withdrawal.note"), grant).at == made.GIVEN
    assert open_revocation(kept("revocation.note"), grant).at == made.GIVEN
    assert open_receipt(kept("receipt.json")).grant == grant
