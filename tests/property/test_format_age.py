"""Properties of the age files: what goes in comes out, and no bytes lead to an untyped error."""

import base64
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overt.errors import FormatError, KeyAccessError
from overt.format import age_armor, age_foreign, age_header, age_stream, age_x25519, bech32, text64
from overt.format.age_faults import AgeArmorError, AgePayloadError
from overt.format.age_foreign import ALL_KINDS
from overt.format.age_header import Stanza
from overt.format.age_passphrase import decrypt_with_passphrase, encrypt_with_passphrase
from overt.format.age_read import decrypt
from overt.format.age_write import encrypt, new_identity

IDENTITY = new_identity()
SEALED = encrypt(b"a plaintext of some length", [new_identity().recipient, IDENTITY.recipient])
LOCKED = encrypt_with_passphrase(b"a plaintext", "pass", log_n=1)

CHUNK = age_stream.CHUNK
EDGES = st.sampled_from([0, CHUNK, 2 * CHUNK]).flatmap(lambda edge: st.integers(max(0, edge - 2), edge + 2))
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80)


@given(size=EDGES | st.integers(0, 3 * CHUNK), fill=st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_any_size_comes_back(size: int, fill: int) -> None:
    plaintext = bytes([fill]) * size

    assert decrypt(encrypt(plaintext, [IDENTITY.recipient]), [IDENTITY.text]) == plaintext


@given(
    stanzas=st.lists(
        st.tuples(st.lists(WORDS, min_size=1, max_size=4), st.binary(max_size=200)), min_size=1, max_size=5
    )
)
def test_any_header_is_read_as_it_was_written(stanzas: list[tuple[list[str], bytes]]) -> None:
    written = [Stanza(type=words[0], arguments=tuple(words[1:]), body=body) for words, body in stanzas]

    header = age_header.parse(age_header.render(written, bytes(16)) + b"payload")

    assert header.stanzas == tuple(written)
    header.check(bytes(16))


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """Yield changed copies of *data*: a byte set, a slice removed, doubled, or filled with something else."""
    place = st.integers(0, len(data))

    def change(start: int, end: int, middle: bytes, keep: bool) -> bytes:
        start, end = sorted((start, end))
        return data[:start] + middle + (data[start:end] if keep else b"") + data[end:]

    return st.builds(change, place, place, st.binary(max_size=40), st.booleans())


@given(data=mutations(SEALED) | st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_a_changed_file_is_refused_with_a_typed_error(data: bytes) -> None:
    if data == SEALED:
        return
    with pytest.raises((FormatError, KeyAccessError)):
        decrypt(data, [IDENTITY.text])


@given(data=mutations(LOCKED))
@settings(max_examples=300, deadline=None)
def test_a_changed_passphrase_file_is_refused_with_a_typed_error(data: bytes) -> None:
    # A work factor that still parses is allowed to cost its work: keep it small here.
    if data == LOCKED or b" 1\n" not in data:
        return
    with pytest.raises((FormatError, KeyAccessError)):
        decrypt_with_passphrase(data, "pass")


CLASSICAL = age_x25519.new_identity()
IDENTITIES: Final = (IDENTITY.text, CLASSICAL.text)
HARD_WORK: Final = re.compile(rb" (?:1[2-9]|20)\n")
"""A work factor that would make a test slow, or take a gigabyte."""

Pick = Callable[[int], int]
"""Chooses a number from 0 to its argument: of hypothesis here, of a fuzzer in the soak."""


def originals(chunks: int) -> list[bytes]:
    """Return files of every kind that is read, for the identities and the passphrase of this module."""
    text, last = b"a plaintext of some length", chunks * age_stream.CHUNK
    return [
        encrypt(text, [new_identity().recipient, IDENTITY.recipient]),
        encrypt(bytes(last), [IDENTITY.recipient]),
        encrypt(bytes(last + 1), [IDENTITY.recipient]),
        age_x25519.encrypt(text, [age_x25519.new_identity().recipient, CLASSICAL.recipient]),
        age_x25519.encrypt(bytes(last + 2), [CLASSICAL.recipient]),
        encrypt_with_passphrase(text, "pass", log_n=1),
        encrypt_with_passphrase(bytes(last), "pass", log_n=2),
    ]


def pieces(data: bytes) -> list[bytes]:
    """Cut an age file into its version, the lines of its header, its nonce and its chunks."""
    header = age_header.parse(data)
    start, sealed = header.size + age_stream.NONCE_BYTES, age_stream._SEALED
    chunks = [data[at : at + sealed] for at in range(start, len(data), sealed)]
    return [*data[: header.size].splitlines(keepends=True), data[header.size : start], *chunks]


def forged(pick: Pick, files: Sequence[Sequence[bytes]]) -> bytes:
    """Put the pieces of *files* together in another way, some of them changed."""
    parts = list(files[pick(len(files) - 1)])
    for _ in range(1 + pick(2)):
        other = files[pick(len(files) - 1)]
        at = pick(len(parts) - 1) if parts else 0
        theirs = other[pick(len(other) - 1)]
        match pick(5) if parts else 0:
            case 0:
                parts.insert(at, theirs)
            case 1:
                parts[at] = theirs
            case 2:
                del parts[at]
            case 3:
                swap = pick(len(parts) - 1)
                parts[at], parts[swap] = parts[swap], parts[at]
            case 4:
                parts[at] = damaged(pick, parts[at])
            case _:
                parts = [*parts[:at], *other[pick(len(other) - 1) :]]
    return b"".join(parts)


def damaged(pick: Pick, part: bytes) -> bytes:
    """Flip a bit, cut at some byte, or put something that means something in a header."""
    at = pick(max(len(part) - 1, 0))
    match pick(2):
        case 0 if part:
            return part[:at] + bytes([part[at] ^ 1 << pick(7)]) + part[at + 1 :]
        case 1:
            return part[:at]
    marks = (b" ", b"=", b"\n", b"\r", b"-> ", b"--- ", b"0", b"\xff", b"-> scrypt AAAA 9\n\n", b"-> X25519\n\n")
    return part[:at] + marks[pick(len(marks) - 1)] + part[at:]


def opened(data: bytes) -> list[bytes]:
    """Return what each of our readers makes of *data*, for those that do not refuse it; any other error passes."""
    ways: list[Callable[[], bytes]] = [
        lambda: decrypt(data, [IDENTITY.text]),
        lambda: age_foreign.decrypt(data, IDENTITIES, accept=ALL_KINDS),
        lambda: b"".join(age_foreign.chunks(data, IDENTITIES, accept=ALL_KINDS)),
    ]
    if not HARD_WORK.search(data):
        ways.append(lambda: decrypt_with_passphrase(data, "pass"))
    found = []
    for way in ways:
        try:
            found.append(way())
        except (FormatError, KeyAccessError):
            continue
    return found


ORIGINALS = originals(1)
PIECES = [pieces(data) for data in ORIGINALS]
COUNTED = b"".join(number.to_bytes(4, "big") for number in range(2 * CHUNK // 4 + 10))
THREE_CHUNKS = pieces(encrypt(COUNTED, [IDENTITY.recipient]))


def test_the_pieces_make_up_the_files() -> None:
    assert [b"".join(parts) for parts in PIECES] == ORIGINALS
    assert all(opened(data) for data in ORIGINALS)


@given(choose=st.data())
@settings(max_examples=300, deadline=None)
def test_no_forgery_of_pieces_is_taken(choose: st.DataObject) -> None:
    """What is opened is one of the files that were written, byte for byte: no other arrangement means anything."""
    data = forged(lambda most: choose.draw(st.integers(0, most)), PIECES)

    assert not opened(data) or data in ORIGINALS


@given(choose=st.data(), order=st.lists(st.integers(0, 2), max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_is_handed_out_before_a_fault_is_the_beginning_of_what_was_written(
    choose: st.DataObject, order: list[int]
) -> None:
    """Whatever happens to the chunks, none is handed out that is not in its place."""
    *head, first, second, third = THREE_CHUNKS
    chunks = [(first, second, third)[number] for number in order]
    spoilt = choose.draw(st.integers(-1, len(chunks) - 1))
    if spoilt >= 0:
        chunks[spoilt] = damaged(lambda most: choose.draw(st.integers(0, most)), chunks[spoilt])
    handed_out: list[bytes] = []

    try:
        for piece in age_foreign.chunks(b"".join([*head, *chunks]), IDENTITIES, accept=ALL_KINDS):
            handed_out.append(piece)  # noqa: PERF402 - what came before the error is the point
    except AgePayloadError:
        assert order != [0, 1, 2] or spoilt >= 0
    else:
        assert b"".join([*head, *chunks]) == b"".join(THREE_CHUNKS)

    assert COUNTED.startswith(b"".join(handed_out))
    assert {len(piece) for piece in handed_out[:-1]} <= {CHUNK}


@given(data=st.binary(max_size=200), ends=st.sampled_from(["\n", "\r\n"]))
def test_armor_is_read_back(data: bytes, ends: str) -> None:
    assert age_armor.decode(armored(data, ends).encode()) == data


def armored(data: bytes, ends: str = "\n") -> str:
    body = textwrap.wrap(base64.b64encode(data).decode(), 64)
    return ends.join(["-----BEGIN AGE ENCRYPTED FILE-----", *body, "-----END AGE ENCRYPTED FILE-----"])


@given(text=mutations(armored(bytes(range(100))).encode()))
@settings(max_examples=300, deadline=None)
def test_what_is_taken_for_armor_has_no_other_spelling(text: bytes) -> None:
    try:
        data = age_armor.decode(text)
    except AgeArmorError:
        return
    assert text.replace(b"\r\n", b"\n").strip() == armored(data).encode()


@given(data=st.binary(max_size=80))
def test_bech32_and_base64_spell_every_sequence_once(data: bytes) -> None:
    assert bech32.decode("age1pq", bech32.encode("age1pq", data)) == data
    assert text64.decode(text64.encode(data)) == data
    assert text64.decode_bare(text64.encode_bare(data)) == data


@given(text=st.text(st.characters(codec="ascii"), max_size=24))
@example(text="AB==")
@example(text="AA=")
@example(text="\n")
def test_what_base64_reads_it_spells_the_same(text: str) -> None:
    for decode, encode in ((text64.decode, text64.encode), (text64.decode_bare, text64.encode_bare)):
        try:
            data = decode(text)
        except FormatError:
            continue
        assert encode(data) == text


@given(text=st.text(max_size=40))
def test_no_text_leads_bech32_to_an_untyped_error(text: str) -> None:
    with pytest.raises(FormatError):
        bech32.decode("age1pq", "age1pq1" + text)
