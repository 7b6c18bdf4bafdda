"""A grant that is missing is seen in the next one."""

from collections.abc import Callable

import pytest

from overt.consent.chain import breaks
from overt.consent.grant import Grant
from overt.consent.record import record_text
from overt.policy.document import text_sha256


@pytest.fixture
def three(granted: Callable[..., Grant]) -> list[Grant]:
    made = [granted(id="1" * 32)]
    for number in "23":
        made.append(granted(id=number * 32, previous=text_sha256(record_text(made[-1]))))
    return made


def test_grants_that_follow_on_each_other_have_no_gap(three: list[Grant]) -> None:
    assert [breaks(three[:count]) for count in range(4)] == [()] * 4


@pytest.mark.parametrize(("missing", "seen"), [(0, ["2" * 32]), (1, ["3" * 32]), (2, [])])
def test_one_that_is_missing_is_seen_in_the_next(three: list[Grant], missing: int, seen: list[str]) -> None:
    del three[missing]

    assert list(breaks(three)) == seen


def test_one_that_is_put_in_between_is_seen(three: list[Grant], granted: Callable[..., Grant]) -> None:
    stranger = granted(id="9" * 32)

    assert breaks([three[0], stranger, *three[1:]]) == (stranger.id, three[1].id)
