"""Each detector finds what it is for, and leaves alone what only looks a little like it."""

import pytest

from overt.redact.clean import clean_text
from overt.redact.detect import detect
from overt.redact.echo import Echo
from overt.redact.kinds import Kind, Span, merged

FOUND = [
    ("4111 1111 1111 1111", Kind.CREDIT_CARD, "4111 1111 1111 1111"),
    ("pay 4111111111111111 now", Kind.CREDIT_CARD, "4111111111111111"),
    ("3782-822463-10005", Kind.CREDIT_CARD, "3782-822463-10005"),
    ("4111111111111112", Kind.NUMBER, "4111111111111112"),
    ("4111,1111,1111,1111", Kind.CREDIT_CARD, "4111,1111,1111,1111"),
    ("call +49 30 1234567", Kind.PHONE, "+49 30 1234567"),
    ("(212) 555-0123", Kind.PHONE, "(212) 555-0123"),
    ("212.555.0123 ext. 7", Kind.PHONE, "212.555.0123 ext. 7"),
    ("２１２-５５５-０１２３", Kind.PHONE, "２１２-５５５-０１２３"),  # noqa: RUF001 - full-width digits are the point
    ("٤١١١١١", Kind.NUMBER, "٤١١١١١"),
    ("ada@example.com", Kind.EMAIL, "ada@example.com"),
    ("ada.l+x@mail.example.co.uk!", Kind.EMAIL, "ada.l+x@mail.example.co.uk"),
    ("ada%40example.com", Kind.EMAIL, "ada%40example.com"),
    ("ada＠example.com", Kind.EMAIL, "ada＠example.com"),  # noqa: RUF001 - so is a full-width sign
    ("аdа@example.com", Kind.EMAIL, "аdа@example.com"),  # noqa: RUF001 - Cyrillic letters are the point
    ("a\u200bda@exam\u200bple.com", Kind.EMAIL, "a\u200bda@exam\u200bple.com"),
    ("müller@example.de", Kind.EMAIL, "müller@example.de"),
    ("ada@", Kind.EMAIL, "ada@"),
    ("ada (at) example (dot) com", Kind.EMAIL, "ada (at) example (dot) com"),
    ("DE89 3704 0044 0532 0130 00", Kind.IBAN, "DE89 3704 0044 0532 0130 00"),
    ("gb82west12345698765432", Kind.IBAN, "gb82west12345698765432"),
    ("NO9386011117947", Kind.IBAN, "NO9386011117947"),
    ("123-45-6789", Kind.SSN, "123-45-6789"),
    ("192.168.10.20", Kind.IP, "192.168.10.20"),
    ("fe80::1ff:fe23:4567:890a", Kind.IP, "fe80::1ff:fe23:4567:890a"),
    ("3e:f7:66:9c:c6:78", Kind.IP, "3e:f7:66:9c:c6:78"),
    ("AKIAIOSFODNN7EXAMPLE", Kind.API_KEY, "AKIAIOSFODNN7EXAMPLE"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", Kind.API_KEY, "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    ("sk-proj-abc123def456ghi789", Kind.API_KEY, "sk-proj-abc123def456ghi789"),
    ("sk-proj-pbfWfcBUMkTiMFKBdUY", Kind.API_KEY, "sk-proj-pbfWfcBUMkTiMFKBdUY"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", Kind.API_KEY, "sk_live_4eC39HqLyjWDarjtT1zdp7dc"),
    ("xoxb-123456789012-abcdefghij", Kind.API_KEY, "xoxb-123456789012-abcdefghij"),
    ("glpat-abcdefgh12345678abcd", Kind.API_KEY, "glpat-abcdefgh12345678abcd"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", Kind.API_KEY, "AIzaSyA1234567890abcdefghijklmnopqrstuv"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1", Kind.TOKEN, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1"),
    ("authorization: bearer abcdefghijkl", Kind.TOKEN, "abcdefghijkl"),
    ("https://x.example/?code=s3cr", Kind.TOKEN, "s3cr"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", Kind.PRIVATE_KEY, None),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", Kind.PRIVATE_KEY, None),
    ("postgres://ada:love@db.example/app", Kind.CONNECTION, "postgres://ada:love@db.example/app"),
    ("Server=db;User=ada;Password=love;", Kind.CONNECTION, "Server=db;User=ada;Password=love;"),
    ("password: hunter", Kind.PASSWORD, "hunter"),
    ("my password is Swordfish", Kind.PASSWORD, "Swordfish"),
    ("my PASSWORD is swordfish", Kind.PASSWORD, "swordfish"),
    ('DB_PASS = "two words"', Kind.PASSWORD, "two words"),
    ("passwort: geheim", Kind.PASSWORD, "geheim"),
    ("mot de passe : secret", Kind.PASSWORD, "secret"),
    ("пароль: тайна", Kind.PASSWORD, "тайна"),
    ("パスワード: himitsu", Kind.PASSWORD, "himitsu"),
    ("login with password 'sword'", Kind.PASSWORD, "sword"),
    ("seed phrase: correct horse battery staple", Kind.PASSWORD, "correct horse battery staple"),
    ("swordf1sh!", Kind.SECRET, "swordf1sh!"),
    ("a1b2c3d4e5", Kind.SECRET, "a1b2c3d4e5"),
    ("f7c3bc1d808e04732adf679965ccc34ca7ae3441", Kind.SECRET, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
]  # fmt: skip

LEFT_ALONE = [
    "", " ", "ada lovelace biography", "1903 to 1911", "1789-1799", "(2017-2021)", "2024-05-17", "17.05.2024",
    "5/17/2024", "july 20 1969", "$1,299.99", "€ 45000", "1,250,000 people", "12500 usd", "1.60934", "299.99",
    "rfc 9110", "iso 27001", "cve-2024-12345", "12:30:45", "std::vector", "a::b", "c++20", "h2o2", "covid-19",
    "iphone15pro", "rtx4090ti", "x86_64", "utf8mb4", "@nasa", "what does @ mean", "password manager",
    "my password is not working", "forgot password", "token economy", "the secret garden", "pin code of delhi",
    "basic income", "bearer of news", "skin-care", "sk-ii essence", "how to say hello in german", "3d printer",
    "machine-learning-engineer", "München Straße", "安全な検索", "key lime pie", "ac/dc", "self-determination",
    "internationalization", "JavaScript vs TypeScript", "MacBookPro",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "found"), FOUND)
def test_a_secret_is_found_whole(text: str, kind: Kind, found: str | None) -> None:
    spans = detect(text)

    assert [(text[span.start : span.end], span.kind) for span in spans] == [(found or text, kind)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert detect(text) == []


def test_overlapping_finds_become_one_of_the_more_telling_kind() -> None:
    spans = [Span(start=4, end=9, kind=Kind.NUMBER), Span(start=0, end=5, kind=Kind.EMAIL)]

    assert merged(spans) == [Span(start=0, end=9, kind=Kind.EMAIL)]


def test_a_marker_names_the_kind_and_nothing_else() -> None:
    assert Kind.CREDIT_CARD.marker == "[CREDIT_CARD]"


def test_a_hostile_text_is_looked_through_in_time() -> None:
    """Patterns that backtrack would need hours for this."""
    assert detect("password" * 4000 + ":" * 4000 + "a@" * 4000)


def test_a_long_title_is_cut_where_no_secret_can_be_halved() -> None:
    cleaned = clean_text("word " * 198 + "ada.lovelace@example.com", Echo())

    assert cleaned.text == "word " * 197 + "word"


def test_a_repetition_is_found_whatever_its_case_and_signs() -> None:
    echo = Echo()
    echo.add("Correct-Horse")
    echo.add("abc")

    assert clean_text("the correcthorse stapler", echo).text == "the [REPEATED] stapler"
    assert clean_text("CORRECT HORSE", echo).text == "[REPEATED]"
    assert clean_text("abc abcd", echo).text == "[REPEATED] abcd"
    assert clean_text("corr ect", Echo()).text == "corr ect"


def test_an_echo_forgets_when_told() -> None:
    echo = Echo()
    echo.add("correcthorse")
    echo.forget()

    assert clean_text("correcthorse", echo).kinds == ()
