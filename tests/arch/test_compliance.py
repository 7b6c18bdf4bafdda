"""The table from law to setting to test names only tests and profiles that there are."""

import re
from pathlib import Path

import pytest

from overt.policy.jurisdictions.known import PROFILES

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/compliance.md").read_text()
GUIDE = (ROOT / "docs/guide-admin.md").read_text()


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([\w/]*test_\w+\.py(?:::test_\w+)?)`", TABLE))))
def test_a_test_that_the_table_names_exists(named: str) -> None:
    path, _, test = named.partition("::")
    places = [place for place in (ROOT / "tests").rglob("test_*.py") if str(place).endswith(f"/{path}")]

    assert any(f"def {test}" in place.read_text() for place in places)


def test_every_source_of_a_test_is_found() -> None:
    assert len(re.findall(r"\.py::test_\w+`", TABLE)) > 10


def test_the_guide_names_every_place() -> None:
    assert [code for code in PROFILES if code != "US" and code not in GUIDE] == []
