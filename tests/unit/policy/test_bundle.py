"""The bundle has one text, and strangers' keys do not fit in."""

import pytest

from overt.errors import PolicyError
from overt.policy.bundle import Bundle, Recipients, bundle_text, parse_bundle_text

AGE = "age1pq1" + "q" * 40
VKEY = "vault-0a+0011aabb+AQIDBAUGBwgJCgsM"
BUNDLE = Bundle(
    serial=1,
    policy="trial = true\n",
    notices={"en": "Notice\n"},
    recipients=Recipients(auditor=AGE, exporter=AGE + "p", vault=VKEY),
    vault_recipient=AGE,
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
        ("age1pq1", "age1"),
        ("overt-bundle/1", "overt-bundle/2"),
        ('"en"', '"english"'),
        (":", ": "),
    ],
)
def test_a_bundle_written_in_another_way_is_refused(old: str, new: str) -> None:
    with pytest.raises(PolicyError):
        parse_bundle_text(bundle_text(BUNDLE).replace(old, new, 1))


def test_another_reader_has_another_hash_and_another_master_of_the_vault_has_not() -> None:
    other = BUNDLE.recipients.model_copy(update={"auditor": AGE + "z"})

    assert other.sha256() != BUNDLE.recipients.sha256()
    assert BUNDLE.model_copy(update={"vault_recipient": AGE + "z"}).recipients.sha256() == BUNDLE.recipients.sha256()
