"""The person's own words are withheld however they are written, and by chance nothing else."""

import pytest

from overt.redact.clean import clean_text
from overt.redact.echo import Echo
from overt.redact.kinds import Kind
from overt.redact.lexicon import Lexicon
from overt.redact.redactor import Redactor

NAME = "Soo-jin Kim"


def withheld(entry: str, text: str) -> bool:
    return bool(Lexicon([entry]).spans(text))


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (NAME, "soo-jin kim"),
        (NAME, "SOOJIN KIM"),
        (NAME, "Soo Jin Kim's"),
        (NAME, "S o o j i n   K i m"),
        (NAME, "mail soo_jin.kim@corp.example"),
        (NAME, "https://example.org/people/soojinkim92"),
        (NAME, "iamsoojinkim"),
        (NAME, "s\u200boojin kim"),
        ("Kim", "a kim b"),
        ("Kim", "KIM92"),
        ("Kim", "SooKim"),
        ("Kim", "github.com/sookim"),
        ("Kim", "sookim@corp.example"),
        ("Kim", "user=sookim"),
        ("José Peña", "jose pena"),
        ("Jose Pena", "JOSÉ PEN\u0303A"),
        ("Müller", "Mueller"),
        ("Mueller", "Müller"),
        ("Strauß", "STRAUSS"),
        ("Łukasz", "lukasz"),
        ("Sørensen", "Soerensen"),
        ("12 Elm Street", "12, elm street"),
        ("+1 212 555 0123", "1 (212) 555-0123"),
        ("S. Kim", "s.kim"),
        ("김수진", "김수진입니다"),
        ("محمد", "ومحمد"),
        ("Иванов", "иванов@пример"),
    ],
    ids=str,
)
def test_a_word_is_found_however_it_is_written(entry: str, text: str) -> None:
    assert withheld(entry, text)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("Kim", "kimono"),
        ("Kim", "ski mask"),
        ("Ann", "an n-gram"),
        ("Ann", "the annual planning"),
        ("Ann", "channel 4"),
        (NAME, "S. Kim"),
        (NAME, "Kim"),
        ("x", "x marks the spot"),
        ("", "anything"),
        ("--", "a -- b"),
    ],
    ids=str,
)
def test_what_only_looks_alike_stays(entry: str, text: str) -> None:
    assert not withheld(entry, text)


def test_the_whole_of_what_holds_a_word_becomes_one_marker() -> None:
    cleaned = clean_text("see github.com/sookim now", Echo(Lexicon(["Kim"])))

    assert (cleaned.text, cleaned.kinds) == ("see [PERSONAL] now", (Kind.PERSONAL,))


def test_what_is_forgotten_is_not_the_list() -> None:
    echo = Echo(Lexicon([NAME]))
    echo.add("Swordfish")

    echo.forget()

    assert echo.spans("swordfish") == []
    assert echo.spans("soojin kim")


def test_a_redactor_that_discarded_everything_still_knows_the_list() -> None:
    redactor = Redactor(started_ns=0, signals=frozenset(), lexicon=Lexicon([NAME]))

    redactor.discard()

    assert redactor._journal.scribe.echo.lexicon


def test_places_are_those_of_the_text_and_not_of_its_letters() -> None:
    text = "ﬁne, JOSÉ  PEÑA!"

    (span, *_) = Lexicon(["jose pena"]).spans(text)

    assert text[span.start : span.end] == "JOSÉ  PEÑA"
