"""Properties of the age files: what goes in comes out, and no bytes lead to an untyped error."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overt.errors import FormatError, KeyAccessError
from overt.format import age_header, age_stream, bech32, text64
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
