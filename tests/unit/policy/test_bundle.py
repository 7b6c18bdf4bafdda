"""The bundle has one text, and strangers' keys do not fit in."""

import pytest

from overt.errors import PolicyError
from overt.policy.bundle import Bundle, Recipients, Statements, bundle_text, parse_bundle_text

VKEY = "admin-0a+0011aabb+AQIDBAUGBwgJCgsM"
BUNDLE = Bundle(
    serial=1,
    policy="trial = true\n",
    notices={"en": "Notice\n"},
    recipients=Recipients(auditor="witness" + VKEY, exporter=VKEY, vault="vault" + VKEY),
    statements=Statements(auditor="a note", exporter="a note", vault="a note"),
    admin=VKEY,
)


def test_a_bundle_is_read_as_it_was_written() -> None:
    assert parse_bundle_text(bundle_text(BUNDLE)) == BUNDLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"serial":1', '"serial":0'),
        ('"serial":1', '"serial":"1"'),
        ('"serial":1', '"serial":1,"serial":1'),
        ('"serial":1', '"serial":1,"server":"x"'),
        ("witnessadmin-0a+", "witness"),
        ("overt-bundle/1", "overt-bundle/2"),
        ('"en"', '"english"'),
        (":", ": "),
    ],
)
def test_a_bundle_written_in_another_way_is_refused(old: str, new: str) -> None:
    with pytest.raises(PolicyError):
        parse_bundle_text(bundle_text(BUNDLE).replace(old, new, 1))


def test_another_reader_has_another_hash_and_another_age_key_of_a_reader_has_not() -> None:
    other = BUNDLE.recipients.model_copy(update={"auditor": "other" + VKEY})
    rotated = BUNDLE.statements.model_copy(update={"auditor": "another note"})

    assert other.sha256() != BUNDLE.recipients.sha256()
    assert BUNDLE.model_copy(update={"statements": rotated}).recipients.sha256() == BUNDLE.recipients.sha256()


@pytest.mark.parametrize(
    ("text", "said"),
    [("x", "^the bundle is not a JSON document of ours$"), ("[]", "^the bundle is not a JSON object$")],
)
def test_what_is_no_bundle_is_called_none(text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse_bundle_text(text)


def test_a_malformed_bundle_names_the_entries_and_never_what_they_hold() -> None:
    text = bundle_text(BUNDLE).replace('"serial":1', '"serial":"secret"')

    with pytest.raises(PolicyError, match=r"^the bundle is malformed in: serial$"):
        parse_bundle_text(text)
