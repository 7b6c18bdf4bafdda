"""All hostile pages, each with a path and a canary of its own."""

import re
from dataclasses import replace

from tests.desktop.pages import addresses, fields, frames, moves, surfaces
from tests.desktop.pages.case import Case, Expect, grams, words

_INSIDE = (*fields.FIELDS, *frames.FRAMES, *moves.MOVES)
_AROUND = (*addresses.LOOK_ALIKES, *addresses.EXCLUDED, *surfaces.SURFACES, *addresses.SCHEMES)
_RAW = (*_INSIDE, *_AROUND, *moves.GREAT, *surfaces.SLOW)


def _made() -> tuple[Case, ...]:
    taken = grams(" ".join(case.name + case.path + case.html for case in _RAW).lower())
    cases = []
    for number, case in enumerate(_RAW):
        path = case.path or f"/wiki/Page_{number}_" + re.sub("[^a-z]+", "_", case.name.lower())
        cases.append(
            replace(case, path=path, canary=case.canary or words(number, taken, real=case.expect is Expect.KEPT))
        )
    return tuple(cases)


CASES = _made()
INSIDE, AROUND, GREAT = (
    CASES[: len(_INSIDE)],
    CASES[len(_INSIDE) : len(_INSIDE) + len(_AROUND)],
    CASES[len(_INSIDE) + len(_AROUND) :],
)
"""What lies in the page, and what lies about it: two halves to be played side by side. Great pages take long."""

FIREFOX = tuple(case for case in CASES if case.firefox)
