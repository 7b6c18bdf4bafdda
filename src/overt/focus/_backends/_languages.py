"""What tells a private window from an ordinary one, language by language: names that browsers give to their windows.

A page cannot forge these: a page's title comes before the browser's own name, and the mark after it. Chromium tells
assistive technology "(Incognito)" or "(Guest)" in its interface's language and leaves it out of the window's title, so
an ordinary window has one and the same name in both. The table holds what Chromium 156's own language files say.
"""
# ruff: noqa: RUF001 - these are the browsers' own words

from enum import Enum
from typing import Final

CHROMIUM_MARKS: Final[dict[str, tuple[str, ...]]] = {
    "Adresní a vyhledávací řádek": ("(Anonymní režim)", "(host)"),  # cs
    "Adresse og søgelinje": ("(Inkognito)", "(gæst)"),  # da
    "Adress- und Suchleiste": ("(anonym)", "(Gast)"),  # de
    "Γραμμή διευθύνσεων και αναζήτησης": ("(Ανώνυμη περιήγηση)", "(Επισκέπτης)"),  # el
    "Address and search bar": ("(Incognito)", "(Guest)"),  # en-GB en-US
    "Barra de direcciones y de búsqueda": ("(Incógnito)", "(invitado)", "(incógnito)"),  # es-419 es
    "Osoite- ja hakupalkki": ("(Incognito)", "(vieras)"),  # fi
    "Barre d'adresse et de recherche": ("(Navigation privée)", "(invité)"),  # fr
    "Cím- és keresősáv": ("(Inkognitó mód)", "(vendég)"),  # hu
    "Barra degli indirizzi e di ricerca": ("(In incognito)", "(Ospite)"),  # it
    "アドレス検索バー": ("（シークレット モード）", "（ゲスト）"),  # ja
    "주소창 및 검색창": ("(시크릿 모드)", "(게스트)"),  # ko
    "Adresse- og søkefelt": ("(Inkognito)", "(gjest)"),  # nb
    "Adres- en zoekbalk": ("(Incognito)", "(gast)"),  # nl
    "Pasek adresu i wyszukiwania": ("(Incognito)", "(gość)"),  # pl
    "Barra de endereço e de pesquisa": ("(Modo anônimo)", "(visitante)"),  # pt-BR
    "Barra de pesquisa e endereço": ("(Navegação anónima)", "(convidado)"),  # pt-PT
    "Bara de adrese și de căutare": ("(Incognito)", "(invitat)"),  # ro
    "Адресная строка и строка поиска": ("(инкогнито)", "(гость)"),  # ru
    "Adress- och sökfält": ("(Inkognito)", "(gäst)"),  # sv
    "Adres ve arama çubuğu": ("(Gizli mod)", "(Misafir)"),  # tr
    "Адресний і пошуковий рядок": ("(Анонімний перегляд)", "(гість)"),  # uk
    "地址和搜索栏": ("（无痕）", "（访客）"),  # zh-CN
    "網址與搜尋列": ("(無痕模式)", "(訪客)"),  # zh-TW
}
"""The address bar's accessible name, which shows the language, to the marks of private and guest windows in it."""

FIREFOX_NAMES: Final = ("Mozilla Firefox", "Firefox")
"""An ordinary Firefox window's name ends in exactly this, after a dash: a private one says more, in every language."""

FIREFOX_LANGUAGES: Final = frozenset({"en"})
"""The interface languages in which the rule above was seen to hold."""

FIREFOX_DEFAULT_LANGUAGE: Final = "en"

_ALL_CHROMIUM_MARKS: Final = frozenset(mark for marks in CHROMIUM_MARKS.values() for mark in marks)


class Kind(Enum):
    """What a browser's window is, as far as its name tells."""

    ORDINARY = "ordinary"
    PRIVATE = "private"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNCLEAR = "unclear"
    """The two names differ in a way that is none of the known ones: perhaps one of them is about to change."""


def chromium_window(*, accessible_name: str, title: str, address_bar: str) -> Kind:
    """Judge a Chromium window by the name it tells assistive technology, its X title and its address bar's name."""
    if any(accessible_name.endswith(mark) for mark in _ALL_CHROMIUM_MARKS):
        return Kind.PRIVATE
    if address_bar.strip() not in CHROMIUM_MARKS:
        return Kind.UNKNOWN_LANGUAGE
    # A person with several profiles has " - Name" after the title; any other difference is not understood.
    if accessible_name == title or (title and accessible_name.startswith(title + " - ")):
        return Kind.ORDINARY
    return Kind.UNCLEAR


def firefox_window(*, accessible_name: str, title: str, language: str) -> Kind:
    """Judge a Firefox window by its two names, which are equal, and its interface language (``en``)."""
    if accessible_name != title:
        return Kind.UNCLEAR
    if language not in FIREFOX_LANGUAGES:
        return Kind.UNKNOWN_LANGUAGE
    last = title.rpartition(" \u2014 ")[2]
    return Kind.ORDINARY if last in FIREFOX_NAMES else Kind.PRIVATE


def firefox_language(environment: dict[str, str]) -> str:
    """Return the language that Firefox shows, by the environment it was started with; "" when it cannot be told."""
    if not environment:
        return ""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        first = environment.get(name, "").split(":")[0]
        code = first.split(".")[0].split("@")[0].split("_")[0].lower()
        if code:
            return FIREFOX_DEFAULT_LANGUAGE if code in {"c", "posix"} else code
    return FIREFOX_DEFAULT_LANGUAGE
