"""Whatever the text: the hints hide no finding, spans are in order and in the text, and disguises change nothing."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from overt.redact.detect import detect, findings, look
from overt.redact.fold import fold
from overt.redact.registry import COMPILED, DETECTORS

EXAMPLES = sorted(
    {text.replace("«", "").replace("»", "") for detector in DETECTORS.values() for text in detector.found}
    | {text for detector in DETECTORS.values() for text in detector.kept}
)
PIECES = st.one_of(
    st.sampled_from(EXAMPLES),
    st.text(max_size=12),
    st.text("0123456789abcdefABCDEF .,:;@/-_=+()[]'\"", max_size=16),
)
TEXTS = st.lists(PIECES, max_size=4).flatmap(
    lambda pieces: st.sampled_from(["", " ", "\n", ", "]).map(lambda between: between.join(pieces))
)
FULL_WIDTH = {ord(char): chr(ord(char) + 0xFEE0) for char in map(chr, range(0x21, 0x7F)) if char not in "\"'`"}


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_hint_hides_what_a_detector_would_find(text: str) -> None:
    folded, places = fold(text)
    at = range(len(folded)) if places is None else places

    tried = {(each.by, each.span.start, each.span.end) for each in findings(text)}
    all_of_them = {
        (name, at[start], at[end - 1] + 1)
        for name, detector, search in COMPILED
        for start, end, _ in look(detector, search, folded)
    }

    assert tried == all_of_them


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    edges = [edge for span in detect(text) for edge in (span.start, span.end)]

    assert edges == sorted(edges)
    assert all(span.start < span.end <= len(text) for span in detect(text))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([text for text in EXAMPLES if text.isascii() and detect(text)]), st.integers(0, 30))
def test_full_width_forms_and_unseen_characters_hide_nothing(text: str, place: int) -> None:
    wide = text.translate(FULL_WIDTH)
    broken = text[:place] + "\u200b" + text[place:]

    assert [span.kind for span in detect(wide)] == [span.kind for span in detect(text)]
    assert [span.kind for span in detect(broken)] == [span.kind for span in detect(text)]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    folded, places = fold(text)

    assert places is None or len(places) == len(folded)
    assert fold(folded)[0] == folded or any(unicodedata.category(char)[0] in "LM" for char in folded)
