"""A field is sensitive by its role, its type, or any of its names, in every language of the table."""

import pytest

from overt.policy.fields import FieldKind, sensitive_kind

SENSITIVE = [
    ("Password", FieldKind.PASSWORD),
    ("user[password_confirmation]", FieldKind.PASSWORD),
    ("PIN", FieldKind.PASSWORD),
    ("Contraseña", FieldKind.PASSWORD),
    ("Ｐａｓｓｗｏｒｄ", FieldKind.PASSWORD),  # noqa: RUF001 - full-width letters are the point
    ("Pass\u200bword", FieldKind.PASSWORD),
    ("billingPassword", FieldKind.PASSWORD),
    ("I\u200bBAN", FieldKind.BANK),
    ("パスワードを入力", FieldKind.PASSWORD),
    ("비밀번호", FieldKind.PASSWORD),
    ("otp_code", FieldKind.ONE_TIME_CODE),
    ("Enter your verification code", FieldKind.ONE_TIME_CODE),
    ("cardNumber", FieldKind.CARD),
    ("cc-exp", FieldKind.CARD),
    ("CVV", FieldKind.CARD),
    ("IBAN", FieldKind.BANK),
    ("Kontonummer", FieldKind.BANK),
    ("ssn", FieldKind.IDENTITY),
    ("Passport number", FieldKind.IDENTITY),
    ("Mobile", FieldKind.PHONE),
    ("E-Mail-Adresse", FieldKind.EMAIL),
    ("billing_address_line1", FieldKind.ADDRESS),
    ("Postleitzahl", FieldKind.ADDRESS),
    ("Date of birth", FieldKind.BIRTH),
    ("Benutzername", FieldKind.NAME),
    ("api-key", FieldKind.KEY),
    ("Expected salary", FieldKind.PAY),
]

ORDINARY = [
    *("q", "Search", "Search Wikipedia", "Search by title, skill, or company", "City, state, or zip code"),
    *("jobs-search-box-keyword-id-ember25", "scorecard", "taxonomy", "compass", "spinning", "Suchbegriff", "", "検索"),
]


@pytest.mark.parametrize(("name", "kind"), SENSITIVE)
def test_a_field_with_a_telling_name_is_sensitive(name: str, kind: FieldKind) -> None:
    assert sensitive_kind("Search", name) is kind


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_search_field_is_not_sensitive(name: str) -> None:
    assert sensitive_kind(name, input_type="search", role="entry") is None


@pytest.mark.parametrize(
    ("input_type", "kind"),
    [("password", FieldKind.PASSWORD), ("EMAIL", FieldKind.EMAIL), ("tel", FieldKind.PHONE), ("text", None)],
)
def test_the_type_of_an_input_decides_where_it_is_telling(input_type: str, kind: FieldKind | None) -> None:
    assert sensitive_kind("q", input_type=input_type) is kind


def test_the_role_of_a_password_field_decides_whatever_it_is_called() -> None:
    assert sensitive_kind("q", role="password text") is FieldKind.PASSWORD


def test_a_name_is_only_looked_at_so_far() -> None:
    assert sensitive_kind("x " * 400 + "password") is None
