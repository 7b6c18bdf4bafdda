"""One private desktop and one local site for all desktop tests, and the person and the browsers that act on them."""

import os
from collections.abc import Callable, Iterator

import pytest

from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.site import LocalSite


@pytest.fixture(scope="session")
def desktop() -> Iterator[PrivateDesktop]:
    """A private desktop for the whole session: ``.env``, ``.display``, ``.directory``, ``.launch()``."""
    if absent := programs.missing():
        line = f"desktop tests need {', '.join(absent)}: {programs.apt_line(absent)}"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    with PrivateDesktop() as made:
        yield made


@pytest.fixture(scope="session")
def site(desktop: PrivateDesktop) -> Iterator[LocalSite]:
    """The local pages under the real host names; ``.add(host, path, html)`` serves one more."""
    with LocalSite(desktop.directory) as made:
        yield made


@pytest.fixture
def browser(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Callable[[str], Chromium]]:
    """A factory: ``browser(url)`` starts a Chromium with a fresh profile and waits for the page."""
    opened: list[Chromium] = []

    def start(url: str) -> Chromium:
        made = Chromium(desktop, site)
        opened.append(made)
        made.open(url)
        return made

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def person(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Person]:
    """Somebody with a keyboard and a mouse on the private desktop."""
    with Person(desktop.display, site) as made:
        yield made
