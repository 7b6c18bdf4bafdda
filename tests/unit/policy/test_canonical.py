"""Signed documents are written in one way."""

import pytest

from overt.errors import FormatError
from overt.policy.canonical import canonical_json, read_canonical


def test_the_example_of_the_standard_without_its_fractions() -> None:
    """RFC 8785, section 3.2.2: order, literals and escapes."""
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False], "numbers": [4, 0, -7]}

    assert canonical_json(value) == (
        '{"literals":[null,true,false],"numbers":[4,0,-7],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    "text",
    ['{"b":1,"a":2}', '{"a": 1}', '{"a":1}\n', '{"a":1.0}', '{"a":1e3}', '{"a":NaN}', '{"a":-0}', '{"a":1,"a":1}',
     '{"a":"\\u0041"}', '{"a":"\\/"}', "[1]", "1", "", "{", '{"a":' + "9" * 5000 + "}"],
)  # fmt: skip
def test_any_other_way_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read_canonical(text, "this")
