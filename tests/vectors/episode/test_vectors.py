"""Every vector of the episode format gets the verdict that it asks for, and every rule of the specification has one."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from overt.errors import KeyAccessError
from overt.events.redacted import META, REDACTED
from overt.format import container, merkle
from overt.format.rules import BrokenRuleError, Rule
from overt.unseal.content import read_content
from overt.unseal.metadata import read_metadata
from overt.unseal.section import ForeignKeysError, read_records
from overt.verify import InvalidEpisodeError, TrustDevice, UnsafeAnyDevice, verify_episode

HERE = Path(__file__).parent
V1 = HERE / "v1"
SPEC = (HERE.parents[2] / "docs/spec/episode-v1.md").read_text()
VECTORS: dict[str, Any] = {path.stem: json.loads(path.read_text()) for path in sorted(V1.glob("vectors/*.json"))}
SECRETS: dict[str, Any] = json.loads((V1 / "base.secrets.json").read_text())
REFERENCE = (V1 / "reference.ep").read_bytes()


def edited(base: bytes, edits: list[Any]) -> bytes:
    for offset, removed, inserted, *times in reversed(edits):
        base = base[:offset] + bytes.fromhex(inserted) * (times[0] if times else 1) + base[offset + removed :]
    return base


def judged(vector: dict[str, Any]) -> dict[str, Any]:
    data = edited((V1 / "base.ep").read_bytes(), vector["episode"])
    keys = edited((V1 / "base.keys").read_bytes(), vector["keys"])
    vkey = SECRETS["device"] if vector["trust"] == "device" else vector["trust"]
    try:
        verdict = verify_episode(data, trust=TrustDevice(vkey) if vkey else UnsafeAnyDevice())
    except InvalidEpisodeError as problem:
        return {"state": "invalid", "flushes": 0, "size": 0, "rule": problem.rule.value}
    rule = verdict.rule.value if verdict.rule else None
    found = {"state": verdict.state.value, "flushes": verdict.flushes, "size": verdict.size, "rule": rule}
    return found | {section: section_of(data, keys, section, vector["read"][section]) for section in ("m", "c")}


def section_of(data: bytes, keys: bytes, section: Any, role: str) -> Any:
    """Read a section as the program does, and return the digests of its records or the code of the broken rule."""
    pair = {"role_identity": SECRETS[role], "share": SECRETS["shares"][section]}
    read: Any = read_content if section == "c" else read_metadata
    try:
        list(read(data, keys, **pair))
        flushes = list(read_records(data, keys, section, **pair))
    except (BrokenRuleError, ForeignKeysError) as problem:
        return problem.rule.value
    except KeyAccessError:
        return "no-key"
    return [f"{one.tag.decode()} {hashlib.sha256(one.body).hexdigest()}" for records in flushes for one in records]


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_gets_the_verdict_that_it_asks_for(name: str) -> None:
    assert judged(VECTORS[name]) == VECTORS[name]["expect"]


def rules_in_the_specification() -> list[tuple[int, str]]:
    return [(int(number), code) for number, code in re.findall(r"^\| (\d+) \| `([a-z-]+)` \|", SPEC, re.MULTILINE)]


def test_the_specification_numbers_exactly_the_rules_of_the_program() -> None:
    assert rules_in_the_specification() == list(enumerate((rule.value for rule in Rule), start=1))


def test_every_rule_of_the_specification_has_a_vector() -> None:
    used = {value for vector in VECTORS.values() for value in vector["expect"].values() if isinstance(value, str)}

    assert {code for _, code in rules_in_the_specification()} <= used
    assert {"closed", "open", "damaged-tail", "invalid"} <= used
    assert len(VECTORS) >= 217


def test_the_vectors_are_those_that_their_maker_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, HERE / "make_vectors.py", tmp_path], check=True, capture_output=True)

    made = {path.stem: json.loads(path.read_text()) for path in tmp_path.iterdir()}
    assert [name for name in made.keys() | VECTORS.keys() if made.get(name) != VECTORS.get(name)] == []


def test_the_vocabulary_of_the_specification_is_that_of_the_program() -> None:
    rows = re.findall(r"^\| ([mc]) \| `([a-z_]+)` \| (.+) \|$", SPEC, re.MULTILINE)
    written = {(section, kind): set(re.findall(r"`([a-z_0-9?]+)`", keys)) for section, kind, keys in rows}

    assert written == {
        (section, kind): {key + "?" * (key not in schema["required"]) for key in schema["properties"] if key != "kind"}
        for section, adapter in (("m", META), ("c", REDACTED))
        for kind, schema in kinds(adapter.json_schema())
    }


def kinds(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (kind, schema["$defs"][where.rpartition("/")[2]]) for kind, where in schema["discriminator"]["mapping"].items()
    ]


EXAMPLE = SPEC.partition("## 11. ")[2].partition("## 12. ")[0]


def test_the_worked_example_is_the_reference_file() -> None:
    lines = re.findall(r"^ {4} +(\d+)  ((?:[0-9a-f]{2} )*[0-9a-f]{2}) ", EXAMPLE, re.MULTILINE)

    wrong = [offset for offset, shown in lines if not REFERENCE[int(offset) :].startswith(bytes.fromhex(shown))]

    assert (wrong, len(lines)) == ([], 20)


def test_the_notes_and_hashes_of_the_worked_example_are_those_of_the_reference_file() -> None:
    members = list(container.read_members(REFERENCE))
    leaves = [container.leaf(member.name, member.data) for member in members[:2]]

    for number, leaf in enumerate(leaves):
        assert f"    leaf {number}  {leaf.decode()}\n    hash {number}  {merkle.leaf_hash(leaf).hex()}\n" in EXAMPLE
    root = merkle.node_hash(*(merkle.leaf_hash(leaf) for leaf in leaves))
    assert f"    root    {root.hex()}\n" in EXAMPLE
    for member in members[1:3]:
        shown = "".join(f"    {line}\n" if line else "\n" for line in member.data.decode().splitlines())
        assert shown in EXAMPLE
        assert f"at {member.start}" in EXAMPLE
