"""No address outside the exact table of hosts is ever allowed, however it is written."""

import string
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from overt.policy.hosts import HOSTS
from overt.policy.sites import Allowed, Denied, judge
from overt.policy.urls import clean

LISTED = sorted(HOSTS)
PATHS = ["/", "/search", "/wiki/Ada", "/jobs/", "/w/index.php"]

hosts = st.sampled_from(LISTED)
paths = st.sampled_from(PATHS)
noise = st.text(alphabet=string.printable + "。．/\\@:%#?\u200b\u202eа", max_size=8)  # noqa: RUF001 - look-alikes are the point


def _mangled() -> st.SearchStrategy[str]:
    """Take an allowed address and put noise between its parts, or at a random place."""
    return st.tuples(noise, hosts, noise, paths, noise, st.integers(0, 60), noise).map(
        lambda parts: _insert(f"https://{parts[0]}{parts[1]}{parts[2]}{parts[3]}{parts[4]}", parts[5], parts[6])
    )


def _insert(url: str, place: int, text: str) -> str:
    return url[:place] + text + url[place:]


@given(st.one_of(st.text(), _mangled()))
def test_what_is_allowed_is_on_an_exact_host_by_another_parser_too(url: str) -> None:
    verdict = judge(url)

    if isinstance(verdict, Allowed):
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert (parts.hostname or "").removesuffix(".") == verdict.host
        assert verdict.host in HOSTS
        assert parts.port in {None, 443}
        assert parts.username is None


@given(st.from_regex(r"[a-z0-9-]{1,12}(\.[a-z0-9-]{1,12}){0,3}", fullmatch=True), hosts, paths)
def test_a_label_before_or_after_a_listed_host_makes_it_another_host(label: str, host: str, path: str) -> None:
    for other in (f"{label}.{host}", f"{host}.{label}", f"{label}{host}"):
        if other not in HOSTS:
            assert isinstance(judge(f"https://{other}{path}"), Denied)


@given(hosts, paths, st.sampled_from(["http", "ftp", "file", "view-source:https", "blob:https", "data", "ws", "about"]))
def test_no_other_scheme_is_ever_allowed(host: str, path: str, scheme: str) -> None:
    assert isinstance(judge(f"{scheme}://{host}{path}"), Denied)


@given(st.one_of(st.text(), _mangled()))
def test_a_cleaned_address_is_allowed_and_in_the_same_place(url: str) -> None:
    cleaned = clean(url)

    if cleaned is not None:
        before, after = judge(url), judge(cleaned.url)
        assert isinstance(before, Allowed)
        assert isinstance(after, Allowed)
        assert before.host == after.host


@given(st.text(), st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=12), max_size=4))
def test_no_parameter_that_is_not_listed_survives_cleaning(fragment: str, params: dict[str, str]) -> None:
    kept = {"q", "start", "udm", "tbm", "hl"}
    query = "&".join(f"{name}={value.encode(errors='replace').hex()}" for name, value in params.items())

    cleaned = clean(f"https://www.google.com/search?{query}#{fragment.encode(errors='replace').hex()}")

    if cleaned is not None:
        assert {name for name, _ in cleaned.params} <= kept
        assert "#" not in cleaned.url
