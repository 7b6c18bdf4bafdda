"""What the notice and the questions are written in: English sentences, and catalogues of what they are elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from overt.consent import german
from overt.errors import PolicyError

_ENGLISH: Final[Mapping[str, str]] = MappingProxyType({})
_CATALOGUES: Final = MappingProxyType({"en": _ENGLISH, "de": german.CATALOGUE})

LANGUAGES: Final = tuple(_CATALOGUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A language: call it with an English sentence, and with what goes into its placeholders."""

    language: str
    catalogue: Mapping[str, str]

    def __call__(self, sentence: str, **facts: object) -> str:
        """Return *sentence* in this language, or in English where the catalogue has none, with *facts* filled in."""
        return self.catalogue.get(sentence, sentence).format(**facts)


def words(language: str) -> Words:
    """Return the words of *language*.

    Raises:
        PolicyError: There is no catalogue of *language*.
    """
    if language not in _CATALOGUES:
        raise PolicyError(f"there is no notice in the language {language}", hint=f"there is: {', '.join(LANGUAGES)}")
    return Words(language=language, catalogue=_CATALOGUES[language])
