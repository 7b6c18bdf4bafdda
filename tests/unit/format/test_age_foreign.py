"""Classical recipients are read where the caller names them, and nowhere else."""

import re
from pathlib import Path

import pytest

from overt.errors import FormatError, KeyAccessError, UsageError
from overt.format import age_foreign, age_header, age_read, age_stream, age_write, age_x25519, bech32, text64, xwing
from overt.format.age_faults import AgeHeaderError, AgeMacError, AgePayloadError, NoMatchError
from overt.format.age_foreign import ALL_KINDS, CLASSICAL
from overt.format.age_header import Stanza
from overt.format.age_read import HYBRID

HYBRID_OWNER = age_write.new_identity()
CLASSICAL_OWNER = age_x25519.new_identity()
LOW_ORDER = [
    bytes(32),
    (1).to_bytes(32, "little"),
    (2**255 - 20).to_bytes(32, "little"),
    (2**255 - 19).to_bytes(32, "little"),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
]


def file_of(*stanzas: Stanza, key: bytes = bytes(16)) -> bytes:
    return age_header.render(stanzas, key) + age_stream.seal(b"text", key, bytes(16))


def test_the_reader_of_episodes_refuses_a_classical_identity_and_skips_classical_stanzas() -> None:
    classical = age_x25519.encrypt(b"text", [CLASSICAL_OWNER.recipient])

    with pytest.raises(FormatError, match="kind that is accepted"):
        age_read.decrypt(classical, [CLASSICAL_OWNER.text])
    with pytest.raises(NoMatchError):
        age_read.decrypt(classical, [HYBRID_OWNER.text])


@pytest.mark.parametrize(
    ("accept", "opens"),
    [((), []), ((HYBRID,), ["hybrid"]), ((CLASSICAL,), ["classical"]), (ALL_KINDS, ["hybrid", "classical"])],
    ids=["none", "hybrid", "classical", "both"],
)
def test_only_the_kinds_that_are_named_are_read(accept: tuple[age_read.Kind, ...], opens: list[str]) -> None:
    files = {
        "hybrid": (age_write.encrypt(b"text", [HYBRID_OWNER.recipient]), HYBRID_OWNER.text),
        "classical": (age_x25519.encrypt(b"text", [CLASSICAL_OWNER.recipient]), CLASSICAL_OWNER.text),
    }

    assert [name for name, (data, identity) in files.items() if taken(data, identity, accept)] == opens


def taken(data: bytes, identity: str, accept: tuple[age_read.Kind, ...]) -> bool:
    try:
        return age_foreign.decrypt(data, [identity], accept=accept) == b"text"
    except (FormatError, KeyAccessError):
        return False


def test_no_other_room_reads_foreign_files() -> None:
    """Episodes, keys and shares are read by ``age_read`` alone; an export seals its own parts under a passing key."""
    source = Path(age_read.__file__).parents[1]
    rooms = [(path, path.read_text()) for path in source.rglob("*.py") if path.parent.name != "format"]

    assert [path.name for path, text in rooms if re.search(r"age_(?:foreign|armor|x25519)\b", text)] == []
    assert {path.name for path, text in rooms if re.search(r"age_stream\b", text)} == {"part.py", "task.py"}


def test_the_kinds_must_be_named() -> None:
    with pytest.raises(TypeError):
        age_foreign.decrypt(b"", [])  # type: ignore[call-arg]


def test_no_file_is_written_for_both_kinds() -> None:
    """A classical recipient beside a post-quantum one would undo what the latter is for."""
    both = [HYBRID_OWNER.recipient, CLASSICAL_OWNER.recipient]
    for writer in (age_write, age_x25519):
        with pytest.raises(FormatError):
            writer.encrypt(b"text", both)
        with pytest.raises(FormatError):
            writer.encrypt(b"text", both[::-1])


def test_a_classical_file_for_nobody_is_refused() -> None:
    with pytest.raises(UsageError):
        age_x25519.encrypt(b"text", [])


@pytest.mark.parametrize(
    "text",
    ["", "age1", "AGE-SECRET-KEY-1", HYBRID_OWNER.text, CLASSICAL_OWNER.text.lower()],
    ids=["nothing", "recipient", "no payload", "hybrid", "lower case"],
)
def test_a_text_that_is_no_classical_identity_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        age_x25519.recipient_of(text)


def test_a_classical_key_of_another_length_is_refused() -> None:
    with pytest.raises(FormatError, match="32 bytes"):
        age_x25519.encrypt(b"", [bech32.encode("age", bytes(31))])
    with pytest.raises(FormatError, match="32 bytes"):
        age_x25519.recipient_of(bech32.encode("age-secret-key-", bytes(33)).upper())


@pytest.mark.parametrize("point", LOW_ORDER, ids=lambda point: point.hex()[:8])
def test_nothing_is_written_for_a_recipient_of_low_order(point: bytes) -> None:
    """Everybody shares the secret of such a point: the lattice alone would protect the file, or nothing."""
    public = xwing.public_bytes(bytes(32))[: -xwing.CURVE_BYTES]

    with pytest.raises(FormatError, match="no valid public key"):
        age_write.encrypt(b"text", [xwing.recipient_text(public + point)])
    with pytest.raises(FormatError, match="no valid public key"):
        age_write.check_recipient(xwing.recipient_text(public + point))
    with pytest.raises(FormatError, match="low order"):
        age_x25519.encrypt(b"text", [bech32.encode("age", point)])


@pytest.mark.parametrize("point", LOW_ORDER, ids=lambda point: point.hex()[:8])
def test_a_stanza_with_a_point_of_low_order_is_a_fault_of_the_header(point: bytes) -> None:
    share = bytes(xwing.ENCAPSULATION_BYTES - xwing.CURVE_BYTES) + point
    hybrid = Stanza(type="mlkem768x25519", arguments=(text64.encode_bare(share),), body=bytes(32))
    classical = Stanza(type="X25519", arguments=(text64.encode_bare(point),), body=bytes(32))

    with pytest.raises(AgeHeaderError):
        age_read.decrypt(file_of(hybrid), [HYBRID_OWNER.text])
    with pytest.raises(AgeHeaderError):
        age_foreign.decrypt(file_of(classical), [CLASSICAL_OWNER.text], accept=[CLASSICAL])
    with pytest.raises(FormatError):
        age_x25519.unwrap(point, bytes(32), bytes(32))


@pytest.mark.parametrize(
    "stanza",
    [
        Stanza(type="X25519", arguments=(), body=bytes(32)),
        Stanza(type="X25519", arguments=(text64.encode_bare(b"\x09" * 31),), body=bytes(32)),
        Stanza(type="X25519", arguments=(text64.encode_bare(b"\x09" * 33),), body=bytes(32)),
        Stanza(type="X25519", arguments=(text64.encode_bare(b"\x09" * 32), "x"), body=bytes(32)),
        Stanza(type="X25519", arguments=(text64.encode_bare(b"\x09" * 32),), body=bytes(33)),
        Stanza(type="X25519", arguments=(text64.encode_bare(b"\x09" * 32)[:-1] + "l",), body=bytes(32)),
    ],
    ids=["no argument", "short share", "long share", "two arguments", "long body", "spare bits"],
)
def test_a_malformed_classical_stanza_is_a_fault_only_where_classical_files_are_read(stanza: Stanza) -> None:
    """Elsewhere it is a stanza of unknown kind, whatever it holds."""
    with pytest.raises(AgeHeaderError):
        age_foreign.decrypt(file_of(stanza), [CLASSICAL_OWNER.text], accept=ALL_KINDS)
    with pytest.raises(NoMatchError):
        age_foreign.decrypt(file_of(stanza), [HYBRID_OWNER.text], accept=[HYBRID])


def test_the_first_identity_that_fits_is_used_whatever_its_kind() -> None:
    data = age_x25519.encrypt(b"text", [CLASSICAL_OWNER.recipient])
    identities = [HYBRID_OWNER.text, age_x25519.new_identity().text, CLASSICAL_OWNER.text + "\n"]

    assert age_foreign.decrypt(data, identities, accept=ALL_KINDS) == b"text"


def test_an_identity_is_tried_on_stanzas_of_its_own_kind_alone() -> None:
    """The share of a hybrid stanza may begin with 32 bytes that would be no classical key."""
    share = bytes(xwing.ENCAPSULATION_BYTES - xwing.CURVE_BYTES) + b"\x09" * xwing.CURVE_BYTES
    hybrid = Stanza(type="mlkem768x25519", arguments=(text64.encode_bare(share),), body=bytes(32))

    with pytest.raises(NoMatchError):
        age_foreign.decrypt(file_of(hybrid), [CLASSICAL_OWNER.text, HYBRID_OWNER.text], accept=ALL_KINDS)


def test_a_classical_header_under_another_mac_is_told_apart_from_a_wrong_key() -> None:
    data = age_x25519.encrypt(b"text", [CLASSICAL_OWNER.recipient])
    at = data.index(b"--- ") + 4
    changed = data[:at] + (b"B" if data[at : at + 1] != b"B" else b"C") + data[at + 1 :]

    with pytest.raises(AgeMacError):
        age_foreign.decrypt(changed, [CLASSICAL_OWNER.text], accept=ALL_KINDS)
    with pytest.raises(NoMatchError):
        age_foreign.decrypt(changed, [age_x25519.new_identity().text], accept=ALL_KINDS)


def test_chunks_are_handed_out_until_the_fault() -> None:
    plaintext = bytes(range(256)) * 600
    sealed = age_x25519.encrypt(plaintext, [CLASSICAL_OWNER.recipient])
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])

    handed_out = collected(damaged)

    assert b"".join(handed_out) == plaintext[: 2 * age_stream.CHUNK]


def collected(data: bytes) -> list[bytes]:
    pieces: list[bytes] = []
    try:
        for piece in age_foreign.chunks(data, [CLASSICAL_OWNER.text], accept=[CLASSICAL]):
            pieces.append(piece)  # noqa: PERF402 - what came before the error is the point
    except AgePayloadError:
        return pieces
    raise AssertionError
