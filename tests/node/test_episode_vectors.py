"""A reader in another language, written from the specification alone, comes to the same verdict on every file."""

import hashlib
import importlib.util
import json
import random
import shutil
import sys
from importlib.machinery import ModuleSpec
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


def bent(chance: random.Random, text: bytes) -> bytes:
    """Return *text* with a few characters changed, left out, doubled or put in."""
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(text))
        middle = chance.choice(
            [b"", text[at : at + 1] * 2, chance.choice(LETTERS), chance.choice(LETTERS), text[at : at + 9] * 2]
        )
        text = text[:at] + middle + text[at + chance.randint(0, 1) :]
    return text


LETTERS = [
    b'"',
    b"{",
    b",",
    b":",
    b" ",
    b"\n",
    b"\n\n",
    b"+",
    b"=",
    b"/",
    b"0",
    b"1",
    b"-",
    b".",
    b"e",
    b"\\",
    b"\xff",
    b"\x00",
]
LETTERS += [
    "—".encode(),
    "ä".encode(),
    "\u00a0".encode(),
    "\u2028".encode(),
    "\ufeff".encode(),
    b"\r",
    b"\x7f",
    b"\xc2\x85",
]


def mad(chance: random.Random, bench: Any) -> bytes:
    """Return what a recorder might sign that is out of its mind: one text bent, everything after it signed rightly."""
    header, seed, name = bench.HEADER.encode(), bench.DEVICE_SEED, bench.DEVICE
    opening = bench.opening_text(header)
    note = bench.signed(opening, seed, name)
    checkpoint = bench.signed(bench.after(1).text(bench.GROUPS[1]), bench.EPISODE_SEED, bench.ORIGIN)
    members = list(bench.GROUPS[1])
    match chance.randrange(6):
        case 0:
            header = bent(chance, header)
            note = bench.signed(bench.opening_text(header), seed, name)
        case 1:
            note = bent(chance, note)
        case 2:
            note = bench.signed(bent(chance, opening.encode()).decode("utf-8", "replace"), seed, name)
        case 3:
            return b"".join(bench.after(1).group(members, note=bent(chance, checkpoint)).parts)
        case 4:
            head, payload = members[0][1][:1800], members[0][1][1800:]
            members[0] = (members[0][0], bent(chance, head) + payload)
            return b"".join(bench.after(1).group(members).parts)
        case _:
            return b"".join(bench.after(3).group([("close.json", bent(chance, bench.MEMBERS["close.json"]))]).parts)
    return b"".join(bench.opened(header, note).group(members).parts)


@pytest.fixture(scope="module")
def bench() -> Any:
    spec = importlib.util.spec_from_file_location("episode_workbench", V1.parent / "workbench.py")
    assert isinstance(spec, ModuleSpec)
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["episode_workbench"] = module  # its dataclass looks for its own module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["bent by anybody", "signed by a mad recorder"])
def test_two_readers_agree_on_files_that_nobody_thought_of(node: Any, bench: Any, kind: str, tmp_path: Path) -> None:
    """Not only on the state: also on how much counts, and on the rule that is broken first."""
    chance = random.Random(2026)
    made = (mutant(chance) if kind == "bent by anybody" else mad(chance, bench) for _ in range(600))
    mutants = {f"mutant-{number}": data for number, data in enumerate(made)}
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
    assert len({each["rule"] for each in said.values()}) > 10
