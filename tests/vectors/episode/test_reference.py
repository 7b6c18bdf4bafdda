"""The reference episode: a file that was written once and must be read the same way for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from overt.errors import VerificationError
from overt.events.redacted import EndFacts, FlushFacts, RedactedFrame, Typed
from overt.unseal.content import read_content
from overt.unseal.metadata import read_metadata
from overt.verify import TrustDevice, verify_episode

HERE = Path(__file__).parent / "v1"
EPISODE = (HERE / "reference.ep").read_bytes()
KEYS = (HERE / "reference.keys").read_bytes()
SECRETS: dict[str, Any] = json.loads((HERE / "secrets.json").read_text())
EXPECT: dict[str, Any] = json.loads((HERE / "expect.json").read_text())


def test_the_reference_is_proven() -> None:
    verdict = verify_episode(EPISODE, trust=TrustDevice(SECRETS["device_vkey"]))

    assert (verdict.episode_id, verdict.root, verdict.size) == (EXPECT["id"], EXPECT["root"], EXPECT["size"])
    assert (verdict.trial, verdict.end_reason) == (True, "stopped")


def test_the_reference_is_read() -> None:
    content = list(read_content(EPISODE, KEYS, role_identity=SECRETS["exporter"], share=SECRETS["shares"]["c"]))
    meta = read_metadata(EPISODE, KEYS, role_identity=SECRETS["auditor"], share=SECRETS["shares"]["m"])

    assert [record.text for record in content if isinstance(record, Typed)] == ["reference ä 文", "[CREDIT_CARD]"]
    assert [type(record) for record in content] == [Typed, Typed, RedactedFrame]
    assert [type(record) for record in meta] == [FlushFacts, EndFacts]


@pytest.mark.parametrize("case", EXPECT["cases"], ids=lambda case: f"{case['change']} at {case['offset']}")
def test_each_change_leads_to_what_the_vector_says(case: dict[str, Any]) -> None:
    offset = case["offset"]
    changed = {
        "none": EPISODE,
        "cut": EPISODE[:offset],
        "flip": EPISODE[:offset] + bytes([EPISODE[offset % len(EPISODE)] ^ 1]) + EPISODE[offset + 1 :],
        "append": EPISODE + b"\0",
    }[case["change"]]

    try:
        verdict = verify_episode(changed, trust=TrustDevice(SECRETS["device_vkey"]))
        found = (verdict.state.value, verdict.flushes)
    except VerificationError:
        found = ("invalid", 0)

    assert found == (case["state"], case["flushes"])
