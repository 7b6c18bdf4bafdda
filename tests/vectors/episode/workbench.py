"""What the vectors are made with: the base episode taken apart, and a writer that also signs what it should not."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overt.format import age_header, age_stream, container, merkle, text64, xwing
from overt.format.age_header import Stanza
from overt.format.payload import padded_size

V1 = Path(__file__).parent / "v1"
SECRETS: dict[str, Any] = json.loads((V1 / "base.secrets.json").read_text())
BASE = (V1 / "base.ep").read_bytes()
BASE_KEYS = (V1 / "base.keys").read_bytes()
MEMBERS = {member.name: member.data for member in container.read_members(BASE)}
HEADER = MEMBERS["episode.json"].decode()
ID: str = json.loads(HEADER)["id"]
DEVICE = "vector-device"
ORIGIN = f"{DEVICE}/ep/{ID}"
DEVICE_SEED, EPISODE_SEED = (bytes.fromhex(SECRETS[f"{name}_seed"]) for name in ("device", "episode"))
M1, C1, C2 = (MEMBERS[f"seg/{name}.age"] for name in ("00000001.m", "00000001.c", "00000002.c"))
ORDER = 2**252 + 27742317777372353535851937790883648493

Members = Sequence[tuple[str, bytes]]
OPENING: Members = [(name, MEMBERS[name]) for name in ("episode.json", "open.note")]
GROUPS: list[Members] = [
    OPENING,
    [("seg/00000001.m.age", M1), ("seg/00000001.c.age", C1)],
    [("seg/00000002.c.age", C2)],
    [("close.json", MEMBERS["close.json"])],
]


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def line(text: str, seed: bytes, name: str, *, key_id: bytes | None = None, value: bytes | None = None) -> str:
    """Return a signature line over *text*; *value* or *key_id* may be another than they should."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    own = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return f"— {name} {base64_of((key_id or own) + (value or key.sign(text.encode())))}\n"


def vkey(seed: bytes, name: str) -> str:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    own = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return f"{name}+{own.hex()}+{base64_of(bytes([1]) + public)}"


def signed(text: str, seed: bytes, name: str) -> bytes:
    return f"{text}\n{line(text, seed, name)}".encode()


def opening_text(header: bytes, *, device: str = DEVICE, episode: str = ID) -> str:
    return f"{device}/episode-open\n{episode}\n{hashlib.sha256(header).hexdigest()}\n"


def checkpoint_text(tree: merkle.Tree, origin: str = ORIGIN) -> str:
    return f"{origin}\n{tree.size}\n{base64_of(tree.root())}\n"


@dataclass
class Writer:
    """Writes groups one after the other, each with its checkpoint; *parts* are the groups' bytes."""

    seed: bytes = EPISODE_SEED
    origin: str = ORIGIN
    tree: merkle.Tree = field(default_factory=merkle.Tree)
    parts: list[bytes] = field(default_factory=list)

    def group(self, members: Members, *, note: bytes | None = None, number: int | None = None) -> "Writer":
        """Add a group; *note* is another checkpoint than the right one, *number* another number."""
        number = len(self.parts) if number is None else number
        for name, data in members:
            self.tree.append(container.leaf(name, data))
        right = signed(checkpoint_text(self.tree, self.origin), self.seed, self.origin)
        rendered = [container.render_member(name, data) for name, data in members]
        checkpoint = container.render_member(f"cp/{number:08d}.note", note if note is not None else right)
        self.parts.append(b"".join(rendered) + checkpoint)
        return self

    def text(self, members: Members) -> str:
        """Return the text of the checkpoint that *members* would get, without adding them."""
        leaves = [*self.tree.levels[0], *(merkle.leaf_hash(container.leaf(name, data)) for name, data in members)]
        return checkpoint_text(merkle.Tree(leaves), self.origin)


def after(count: int) -> Writer:
    """Return a writer that has written the first *count* groups of the base."""
    writer = Writer()
    for group in GROUPS[:count]:
        writer.group(group)
    return writer


PARTS = after(4).parts
assert b"".join(PARTS) == BASE
ENDS = [sum(map(len, PARTS[: count + 1])) for count in range(4)]


def opened(header: bytes, note: bytes | None = None, *, seed: bytes = EPISODE_SEED, origin: str = ORIGIN) -> Writer:
    """Return a writer that has written an opening group with another episode.json, signed as if all were right."""
    note = signed(opening_text(header), DEVICE_SEED, DEVICE) if note is None else note
    return Writer(seed=seed, origin=origin).group([("episode.json", header), ("open.note", note)])


def file_key(segment: bytes, section: str) -> bytes:
    """Return the file key that the identity of *section* finds in *segment*."""
    (stanza,) = age_header.parse(segment).stanzas
    return key_in(stanza, SECRETS["sections"][section])


def key_in(stanza: Stanza, identity: str) -> bytes:
    private = xwing.private_key(xwing.seed_of(identity))
    sealed = text64.decode_bare(stanza.arguments[0]) + stanza.body
    found: bytes = xwing.suite().decrypt(sealed, private, info=xwing.INFO)
    return found


def resealed(segment: bytes, section: str, plaintext: bytes) -> bytes:
    """Return *segment* with another plaintext, the same header and a nonce drawn from the plaintext."""
    nonce = hashlib.sha256(plaintext).digest()[:16]
    return segment[: age_header.parse(segment).size] + age_stream.seal(plaintext, file_key(segment, section), nonce)


def restanzaed(segment: bytes, section: str, stanzas: Sequence[Stanza]) -> bytes:
    """Return *segment* under a header with other *stanzas*, whose MAC is right."""
    parsed = age_header.parse(segment)
    return age_header.render(stanzas, file_key(segment, section)) + segment[parsed.size :]


def record(tag: bytes, body: bytes, *, size: int | None = None) -> bytes:
    return tag + (len(body) if size is None else size).to_bytes(4, "big") + body


def plain(*records: bytes, length: int | None = None, total: int | None = None) -> bytes:
    """Return a segment's plaintext with *records*; *length* and *total* may be others than they should."""
    joined = b"".join(records)
    head = (len(joined) if length is None else length).to_bytes(4, "big")
    return (head + joined).ljust(padded_size(len(joined) + 4) if total is None else total, b"\0")


def edits(base: bytes, changed: bytes) -> list[list[object]]:
    """Return the edits that turn *base* into *changed*: where, how many bytes go, and the hex of what comes."""
    step = 32
    left, right = ([data[at : at + step] for at in range(0, len(data), step)] for data in (base, changed))
    found = []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what != "equal":
            found += trimmed(step * a, base[step * a : step * b], changed[step * c : step * d])
    assert applied(base, found) == changed
    return found


def trimmed(offset: int, old: bytes, new: bytes) -> list[list[object]]:
    while old and new and old[0] == new[0]:
        old, new, offset = old[1:], new[1:], offset + 1
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return [[offset, len(old), new.hex()]] if old or new else []


def applied(base: bytes, changes: Sequence[Any]) -> bytes:
    for offset, removed, inserted, *times in reversed(changes):
        base = base[:offset] + bytes.fromhex(inserted) * (times[0] if times else 1) + base[offset + removed :]
    return base
