"""Drops what speaks of special categories from what a redactor hands out, where the policy or the law says so."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from overt.events.redacted import Clicked, PageEntered, RedactedEvent, RedactedFrame, Typed, Withheld
from overt.redact.special import special_categories

REASON: Final = "special_category"
"""Why a text is withheld; which category it is of is not said."""

_SIGNS: Final = str.maketrans("_+-/=&?.", "        ")


class Reticence:
    """Remembers which visits spoke of a special category; of those no text, name or frame is kept.

    Which texts do is told by words, so some are missed. A frame handed out before the text was written may show nothing
    of it yet.
    """

    def __init__(self, *, dropped: bool) -> None:
        """Drop such texts if *dropped*, else nothing."""
        self._dropped = dropped
        self._visits: set[int] = set()

    def __call__(self, made: Iterable[RedactedEvent | RedactedFrame]) -> list[RedactedEvent | RedactedFrame]:
        """Return *made*, in order, without what speaks of a special category."""
        records = list(made)
        if not self._dropped:
            return records
        self._visits |= {each.visit for each in records if isinstance(each, Typed | PageEntered) and _speaks(each)}
        kept = (self._without(each) for each in records)
        return [each for each in kept if each is not None]

    def _without(self, made: RedactedEvent | RedactedFrame) -> RedactedEvent | RedactedFrame | None:
        if isinstance(made, RedactedFrame):
            return None if made.event.visit in self._visits else made
        if made.visit not in self._visits:
            return _unnamed(made) if isinstance(made, Clicked) and _speaks(made) else made
        if isinstance(made, Typed):
            return Withheld(at_ms=made.at_ms, visit=made.visit, reason=REASON)
        if isinstance(made, PageEntered):
            address = urlsplit(made.url)
            return made.model_copy(update={"url": f"{address.scheme}://{address.netloc}/", "query": None, "title": ""})
        return _unnamed(made) if isinstance(made, Clicked) else made


def _speaks(made: Typed | PageEntered | Clicked) -> bool:
    if isinstance(made, Typed):
        texts = [made.text]
    elif isinstance(made, PageEntered):
        texts = [unquote(made.url).translate(_SIGNS), made.query or "", made.title]
    else:
        texts = [made.target.name if made.target else ""]
    return any(special_categories(text) for text in texts)


def _unnamed(click: Clicked) -> Clicked:
    if click.target is None:
        return click
    return click.model_copy(update={"target": click.target.model_copy(update={"name": ""})})
