"""The age files that we write and read, judged by the specification and by rage (``pyrage``)."""

import pyrage
import pytest

from overt.errors import FormatError, KeyAccessError, UsageError
from overt.format import age_header, age_stream, bech32, text64, xwing
from overt.format.age_faults import AgeHeaderError, AgePayloadError
from overt.format.age_header import Stanza
from overt.format.age_passphrase import decrypt_with_passphrase, encrypt_with_passphrase
from overt.format.age_read import decrypt
from overt.format.age_write import Identity, encrypt, new_identity, recipient_of

CHUNK = age_stream.CHUNK
SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073]


@pytest.fixture(scope="module")
def identity() -> Identity:
    return new_identity()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_encrypted_is_what_comes_back(identity: Identity, size: int) -> None:
    plaintext = bytes(range(256)) * (size // 256 + 1)

    sealed = encrypt(plaintext[:size], [identity.recipient])

    assert decrypt(sealed, [identity.text]) == plaintext[:size]


def test_each_recipient_opens_the_file_alone(identity: Identity) -> None:
    other = new_identity()

    sealed = encrypt(b"text", [identity.recipient, other.recipient])

    assert [decrypt(sealed, [one.text]) for one in (identity, other)] == [b"text", b"text"]


def test_the_first_identity_that_fits_is_used(identity: Identity) -> None:
    assert decrypt(encrypt(b"text", [identity.recipient]), [new_identity().text, identity.text]) == b"text"


def test_a_wrong_identity_is_no_access(identity: Identity) -> None:
    with pytest.raises(KeyAccessError):
        decrypt(encrypt(b"text", [identity.recipient]), [new_identity().text])


def test_no_identity_is_no_access(identity: Identity) -> None:
    with pytest.raises(KeyAccessError):
        decrypt(encrypt(b"text", [identity.recipient]), [])


def test_a_file_for_nobody_is_refused() -> None:
    with pytest.raises(UsageError):
        encrypt(b"text", [])


def test_the_secret_is_not_in_the_repr(identity: Identity) -> None:
    assert "AGE-SECRET" not in repr(identity)


def test_an_identity_has_the_recipient_of_its_text(identity: Identity) -> None:
    assert recipient_of(identity.text + "\n") == identity.recipient


def test_two_files_of_one_plaintext_share_no_key(identity: Identity) -> None:
    one, two = (encrypt(bytes(1000), [identity.recipient]) for _ in range(2))

    assert one[-500:] != two[-500:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AGE-SECRET-KEY-PQ-1",
        "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS3290GT",
        "not a key",
        "ключ",
    ],
)
def test_a_text_that_is_no_identity_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        recipient_of(text)

    assert not text or text not in str(caught.value)


def test_an_identity_in_small_letters_or_with_a_typo_is_refused(identity: Identity) -> None:
    typo = identity.text[:-1] + ("Q" if identity.text[-1] != "Q" else "P")
    for text in (identity.text.lower(), typo):
        with pytest.raises(FormatError):
            decrypt(encrypt(b"", [identity.recipient]), [text])


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda text: text[:-1], lambda text: text + "q", lambda _: "age1pq1"],
    ids=["capitals", "cut", "longer", "empty"],
)
def test_a_changed_recipient_is_refused(identity: Identity, change: object) -> None:
    assert callable(change)
    with pytest.raises(FormatError):
        encrypt(b"", [change(identity.recipient)])


def test_every_truncation_of_a_file_is_malformed(identity: Identity) -> None:
    sealed = encrypt(b"some text", [identity.recipient])
    for size in range(len(sealed)):
        with pytest.raises(FormatError):
            decrypt(sealed[:size], [identity.text])


def test_a_continued_file_is_malformed(identity: Identity) -> None:
    with pytest.raises(FormatError):
        decrypt(encrypt(b"some text", [identity.recipient]) + b"x", [identity.text])


def test_chunks_cannot_be_swapped_dropped_or_end_early(identity: Identity) -> None:
    sealed = encrypt(bytes(200_000), [identity.recipient])
    size = 65_536 + 16
    start = age_header.parse(sealed).size + 16
    chunks = [sealed[at : at + size] for at in range(start, len(sealed), size)]
    for order in ((1, 0, 2, 3), (0, 2, 3), (0, 1, 2), (0,), (3,), (0, 1, 2, 3, 3)):
        with pytest.raises(FormatError):
            decrypt(sealed[:start] + b"".join(chunks[index] for index in order), [identity.text])


def test_an_empty_last_chunk_after_a_full_one_is_malformed() -> None:
    """A stream of exactly one chunk has one encoding: a writer may not add an empty last chunk."""
    key, nonce = bytes(16), bytes(16)
    cipher = age_stream._cipher(key, nonce)
    full = cipher.encrypt(age_stream._counter(0, last=False), bytes(age_stream.CHUNK), None)
    empty = cipher.encrypt(age_stream._counter(1, last=True), b"", None)

    with pytest.raises(FormatError):
        age_stream.unseal(nonce + full + empty, key)


def handed_out(payload: bytes) -> bytes:
    """Return what of *payload*, under the key of zeros, is handed out before it is found faulty."""
    found = b""
    with pytest.raises(AgePayloadError):
        age_stream.unseal(payload, bytes(16))
    try:
        for chunk in age_stream.chunks(payload, bytes(16)):
            found += chunk
    except AgePayloadError:
        return found
    raise AssertionError


@pytest.mark.parametrize(
    ("sizes", "flagged", "given"),
    [
        ([], -1, 0),
        ([5], -1, 0),
        ([CHUNK], -1, CHUNK),
        ([CHUNK, 5], -1, CHUNK),
        ([CHUNK, CHUNK], -1, 2 * CHUNK),
        ([CHUNK, CHUNK], 0, CHUNK),
        ([CHUNK, 0], 1, CHUNK),
        ([CHUNK, CHUNK, 5], 1, 2 * CHUNK),
        ([5, 5], 0, 0),
    ],
)
def test_before_a_fault_only_full_chunks_in_their_place_are_handed_out(
    sizes: list[int], flagged: int, given: int
) -> None:
    """The chunks of *sizes*, of which number *flagged* says that it is the last."""
    cipher = age_stream._cipher(bytes(16), bytes(16))
    chunks = [
        cipher.encrypt(age_stream._counter(number, last=number == flagged), bytes(size), None)
        for number, size in enumerate(sizes)
    ]

    assert len(handed_out(bytes(16) + b"".join(chunks))) == given


@pytest.mark.parametrize("line", [b"->", b"-> ", b"->  x", b"-> x ", b" -> x", b"-x x", b"", b"-> \x7f"])
def test_a_stanza_has_a_name_and_single_spaces(line: bytes) -> None:
    with pytest.raises(AgeHeaderError):
        age_header.parse(b"age-encryption.org/v1\n" + line + b"\n\n--- " + b"A" * 43 + b"\n")


def test_stanzas_of_unknown_kind_are_skipped(identity: Identity) -> None:
    key = bytes(range(16))
    theirs = Stanza(type="X25519", arguments=("abc",), body=bytes(48))
    sealed = xwing.suite().encrypt(key, xwing.public_key(identity.recipient), info=xwing.INFO)
    ours = Stanza(type=xwing.STANZA, arguments=(text64.encode_bare(sealed[:1120]),), body=sealed[1120:])

    data = age_header.render([theirs, ours], key) + age_stream.seal(b"text", key, bytes(16))

    assert decrypt(data, [identity.text]) == b"text"


@pytest.mark.parametrize(
    "stanza",
    [
        Stanza(type=xwing.STANZA, arguments=(), body=bytes(32)),
        Stanza(type=xwing.STANZA, arguments=("AAAA",), body=bytes(32)),
        Stanza(type=xwing.STANZA, arguments=(text64.encode_bare(bytes(1120)),), body=bytes(31)),
        Stanza(type=xwing.STANZA, arguments=(text64.encode_bare(bytes(1120)), "x"), body=bytes(32)),
    ],
    ids=["no argument", "short argument", "short body", "two arguments"],
)
def test_a_malformed_stanza_of_ours_is_malformed_even_if_another_fits(stanza: Stanza, identity: Identity) -> None:
    data = age_header.render([stanza], bytes(16)) + age_stream.seal(b"", bytes(16), bytes(16))

    with pytest.raises(FormatError):
        decrypt(data, [identity.text])


def test_a_header_under_another_mac_is_malformed(identity: Identity) -> None:
    sealed = encrypt(b"text", [identity.recipient])
    end = sealed.index(b"--- ") + 4
    changed = sealed[:end] + (b"A" if sealed[end : end + 1] != b"A" else b"B") + sealed[end + 1 :]

    with pytest.raises(FormatError):
        decrypt(changed, [identity.text])


@pytest.mark.parametrize("width", [0, 1, 47, 48, 49, 95, 96, 97])
def test_a_stanza_body_of_any_width_is_read_back(width: int) -> None:
    stanza = Stanza(type="x", arguments=("a", "b"), body=bytes(range(width)))

    assert age_header.parse(age_header.render([stanza], bytes(16))).stanzas == (stanza,)


def test_a_header_over_the_limit_is_refused() -> None:
    stanzas = [Stanza(type="x", arguments=(), body=bytes(2000))] * 40

    with pytest.raises(FormatError):
        age_header.parse(age_header.render(stanzas, bytes(16)))


def test_a_header_with_too_many_stanzas_is_refused() -> None:
    with pytest.raises(FormatError, match="1 to 64 stanzas"):
        age_header.parse(age_header.render([Stanza(type="x", arguments=(), body=b"")] * 65, bytes(16)))


def test_a_passphrase_opens_what_it_locked() -> None:
    assert decrypt_with_passphrase(encrypt_with_passphrase(b"text", "pass word", log_n=8), "pass word") == b"text"


def test_a_wrong_passphrase_is_no_access() -> None:
    with pytest.raises(KeyAccessError, match="wrong passphrase"):
        decrypt_with_passphrase(encrypt_with_passphrase(b"text", "right", log_n=8), "wrong")


def test_a_passphrase_file_that_asks_for_too_much_work_is_refused_at_once() -> None:
    sealed = encrypt_with_passphrase(b"text", "pass", log_n=9).replace(b" 9\n", b" 21\n", 1)

    with pytest.raises(FormatError, match="limit"):
        decrypt_with_passphrase(sealed, "pass")


@pytest.mark.parametrize("factor", [b"0", b"09", b"+9", b"9 9", b"999"])
def test_a_work_factor_has_one_spelling(factor: bytes) -> None:
    sealed = encrypt_with_passphrase(b"text", "pass", log_n=9).replace(b" 9\n", b" " + factor + b"\n", 1)

    with pytest.raises(FormatError):
        decrypt_with_passphrase(sealed, "pass")


def test_the_two_kinds_of_locks_are_told_apart(identity: Identity) -> None:
    with pytest.raises(KeyAccessError, match="not with an identity"):
        decrypt(encrypt_with_passphrase(b"", "pass", log_n=8), [identity.text])
    with pytest.raises(KeyAccessError, match="not with a passphrase"):
        decrypt_with_passphrase(encrypt(b"", [identity.recipient]), "pass")


def test_a_passphrase_beside_another_recipient_is_malformed(identity: Identity) -> None:
    header = age_header.parse(encrypt_with_passphrase(b"", "pass", log_n=8))
    both = [*header.stanzas, Stanza(type="x", arguments=(), body=b"")]
    data = age_header.render(both, bytes(16)) + age_stream.seal(b"", bytes(16), bytes(16))

    for attempt in (lambda: decrypt(data, [identity.text]), lambda: decrypt_with_passphrase(data, "pass")):
        with pytest.raises(AgeHeaderError):
            attempt()


@pytest.mark.parametrize(("passphrase", "log_n"), [("", 8), ("pass", 0), ("pass", 21)])
def test_a_passphrase_file_needs_a_passphrase_and_bearable_work(passphrase: str, log_n: int) -> None:
    with pytest.raises(UsageError):
        encrypt_with_passphrase(b"", passphrase, log_n=log_n)


def test_bech32_reads_what_rage_spells() -> None:
    assert len(bech32.decode("age-secret-key-", str(pyrage.x25519.Identity.generate()).lower())) == 32


def test_bech32_refuses_stray_bits() -> None:
    text = bech32.encode("x", b"\x01")
    values = [bech32._VALUES[letter] for letter in text[2:-6]]
    values[-1] |= 1
    state = bech32._polymod(bech32._expand("x") + values + [0] * 6) ^ 1
    check = [(state >> 5 * (5 - place)) & 31 for place in range(6)]

    with pytest.raises(FormatError, match="stray bits"):
        bech32.decode("x", "x1" + "".join(bech32._ALPHABET[value] for value in values + check))
