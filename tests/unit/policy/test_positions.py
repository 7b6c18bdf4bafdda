"""Every entry of a document is found on its own line, however it is written."""

import tomllib

import pytest

from overt.policy.positions import line_of, positions

WRITTEN = '''a = 1 # x = 2
"b c".d = [1,
  "]#", # ]
  { x = 2, y.z = """
]]
""" }
]
[ t . u ]
k = 1979-05-27 07:32:00
'l' = \'\'\'
[no]
m = 1\'\'\'
[[s]]
k = 1
[s.sub]
q = ""
[[s]]
k = [[1, 2], [
  3]]
[[s.deep]]
r = 1
[[s.deep]]
r = "a\\"]"
'''


def test_each_entry_element_and_table_has_its_line() -> None:
    tomllib.loads(WRITTEN)

    assert positions(WRITTEN) == {
        ("a",): 1,
        ("b c",): 2,
        ("b c", "d"): 2,
        ("b c", "d", 0): 2,
        ("b c", "d", 1): 3,
        ("b c", "d", 2): 4,
        ("b c", "d", 2, "x"): 4,
        ("b c", "d", 2, "y"): 4,
        ("b c", "d", 2, "y", "z"): 4,
        ("t",): 8,
        ("t", "u"): 8,
        ("t", "u", "k"): 9,
        ("t", "u", "l"): 10,
        ("s",): 13,
        ("s", 0): 13,
        ("s", 0, "k"): 14,
        ("s", 0, "sub"): 15,
        ("s", 0, "sub", "q"): 16,
        ("s", 1): 17,
        ("s", 1, "k"): 18,
        ("s", 1, "k", 0): 18,
        ("s", 1, "k", 0, 0): 18,
        ("s", 1, "k", 0, 1): 18,
        ("s", 1, "k", 1): 18,
        ("s", 1, "k", 1, 0): 19,
        ("s", 1, "deep"): 20,
        ("s", 1, "deep", 0): 20,
        ("s", 1, "deep", 0, "r"): 21,
        ("s", 1, "deep", 1): 22,
        ("s", 1, "deep", 1, "r"): 23,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("t", "u", "k"), 9),
        (("t", "u", "missing"), 8),
        (("s", 1, "deep", 7, "r"), 20),
        (("s", 1, "k", 0, 0, "x"), 18),
        (("nowhere",), 0),
        ((), 0),
    ],
)
def test_what_has_no_line_has_that_of_the_nearest_around_it(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(positions(WRITTEN), path) == line


@pytest.mark.parametrize("text", ["", "#", "=", "[", "[[", "a", "a =", "a = [", "a = {", "a = {]", "[a", '"', "a = [}"])
def test_what_is_no_document_ends_all_the_same(text: str) -> None:
    assert len(positions(text)) <= 3


def test_windows_line_ends_count_once() -> None:
    assert positions("a = 1\r\n\r\nb = 2\r\n") == {("a",): 1, ("b",): 3}


def test_a_document_of_endless_depth_has_no_lines() -> None:
    assert positions("a = " + "[" * 50_000) == {}
