"""A reader in another language, written from the specification alone, comes to the same verdict on every file."""

import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from overt.format.container import read_members, render_member
from overt.unseal.section import read_records
from overt.verify import InvalidEpisodeError, TrustDevice, verify_episode

pytestmark = pytest.mark.node

V1 = Path(__file__).parents[1] / "vectors/episode/v1"
VECTORS: dict[str, Any] = {path.stem: json.loads(path.read_text()) for path in sorted(V1.glob("vectors/*.json"))}
DEVICE: str = json.loads((V1 / "base.secrets.json").read_text())["device"]
BASE = (V1 / "base.ep").read_bytes()


@pytest.fixture(scope="module")
def theirs(node: Any) -> dict[str, Any]:
    return judged(node, V1)


def judged(node: Any, directory: Path) -> dict[str, Any]:
    run = node("verify_episode.mjs", directory)
    assert run.returncode == 0, run.stderr
    verdicts: dict[str, Any] = json.loads(run.stdout)
    return verdicts


def test_another_reader_gives_every_vector_the_verdict_that_it_asks_for(theirs: dict[str, Any]) -> None:
    wrong = {name: theirs[name] for name, vector in VECTORS.items() if theirs[name] != vector["expect"]}

    assert wrong == {}
    assert len(VECTORS) > 200


def test_another_reader_decrypts_the_reference_to_the_same_records(theirs: dict[str, Any]) -> None:
    data, keys = ((V1 / f"reference.{end}").read_bytes() for end in ("ep", "keys"))
    secrets = json.loads((V1 / "secrets.json").read_text())

    for section, role in (("m", "auditor"), ("c", "exporter")):
        share = secrets["shares"][section]
        flushes = list(read_records(data, keys, section, role_identity=secrets[role], share=share))  # type: ignore[arg-type]
        ours = [f"{one.tag.decode()} {hashlib.sha256(one.body).hexdigest()}" for records in flushes for one in records]
        assert theirs["reference"][section] == ours


def mutant(chance: random.Random) -> bytes:
    """Return the base with bytes changed, or with members moved, doubled, dropped, renamed or mixed."""
    if chance.random() < 0.4:
        start = chance.randrange(len(BASE))
        end = min(len(BASE), start + chance.choice([0, 1, 1, 1, 7, 512, 5000]))
        middle = chance.choice([b"", b"\0", bytes([chance.randrange(256)]), chance.randbytes(9), bytes(512)])
        return BASE[:start] + middle + BASE[end:]
    members = [(member.name, member.data) for member in read_members(BASE)]
    for _ in range(chance.randint(1, 3)):
        one, two = chance.randrange(len(members)), chance.randrange(len(members))
        (name, data), (other, foreign) = members[one], members[two]
        at = chance.randrange(len(data) + 1)
        changed = data[:at] + chance.choice([b"", b"x", b"=", b"\n", b" ", b"\xff", b"0"]) + data[at + 1 :]
        members[one : one + 1] = chance.choice(
            [
                [],
                [(name, data)] * 2,
                [(other, data)],
                [(name, foreign)],
                [(name, changed)],
                [(other, foreign), (name, data)],
            ]
        )
        if not members:
            break
    return b"".join(render_member(name, data) for name, data in members)


def ours(data: bytes) -> dict[str, Any]:
    try:
        verdict = verify_episode(data, trust=TrustDevice(DEVICE))
    except InvalidEpisodeError as problem:
        return {"state": "invalid", "flushes": 0, "size": 0, "rule": problem.rule.value}
    rule = verdict.rule.value if verdict.rule else None
    return {"state": verdict.state.value, "flushes": verdict.flushes, "size": verdict.size, "rule": rule}


def test_two_readers_agree_on_files_that_nobody_thought_of(node: Any, tmp_path: Path) -> None:
    """Not only on the state: also on how much counts, and on the rule that is broken first."""
    chance = random.Random(2026)
    mutants = {f"mutant-{number}": mutant(chance) for number in range(600)}
    for name in ("base.ep", "base.keys", "base.secrets.json", "reference.ep", "reference.keys", "secrets.json"):
        shutil.copy(V1 / name, tmp_path / name)
    (tmp_path / "vectors").mkdir()
    like = VECTORS["closed"]
    for name, data in mutants.items():
        vector = like | {"episode": [[0, len(BASE), data.hex()]]}
        (tmp_path / f"vectors/{name}.json").write_text(json.dumps(vector))

    theirs = judged(node, tmp_path)

    said = {name: {key: theirs[name][key] for key in ("state", "flushes", "size", "rule")} for name in mutants}
    apart = {name: (ours(data), said[name]) for name, data in mutants.items() if ours(data) != said[name]}
    assert apart == {}
    assert len({each["rule"] for each in said.values()}) > 12
