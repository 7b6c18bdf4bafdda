"""Job pages in the shape of LinkedIn's: a search with two fields, results, openings, and what hides inside them."""

from html import escape
from typing import Final

from overt.demo.pages import shell

HOST: Final = "www.linkedin.com"
FOREIGN_HOST: Final = "widgets.example.org"

_STYLE: Final = """
  body { background: #f4f2ee; }
  .bar { padding: 14px 24px; background: #fff; border-bottom: 1px solid #d0ccc4; }
  .bar form { display: flex; gap: 12px; width: 820px; }
  .card { background: #fff; border: 1px solid #d0ccc4; border-radius: 8px; padding: 16px 20px; margin: 0 0 14px; }
  a { color: #0a66c2; font-size: 18px; }
  iframe { border: 2px solid #80868b; width: 600px; height: 200px; }
"""

JOB: Final = "/jobs/view/4012345678/"
NOTE_AND_PASSWORD: Final = "/jobs/view/4012345001/"  # noqa: S105 - a path
NOTE_AND_PASSWORD_TOO: Final = "/jobs/view/4012345003/"  # noqa: S105 - a path
WITH_FRAME: Final = "/jobs/view/4012345002/"

_JOBS: Final = (
    ("4012345678", "Lighthouse keeper", "Harbour office, full time, on site, lamp and boat provided."),
    ("4012345679", "Lens maker", "Optical workshop, full time, glass and patience provided."),
    ("4012345680", "Marine engineer", "Dry dock, shifts, a good view of the sea."),
)


def search(query: dict[str, str]) -> str:
    """Return the job search for ``keywords`` and ``location``, with its results."""
    items = "".join(_card(number, *job) for number, job in enumerate(_JOBS, start=1))
    keywords, location = query.get("keywords", ""), query.get("location", "")
    body = f'<div class="bar">{_form(keywords, location)}</div><main>{items}</main>'
    return shell.document(f"{keywords or 'Search'} jobs | LinkedIn", body, style=_STYLE)


def job(query: dict[str, str]) -> str:
    """Return one opening."""
    del query
    body = (
        f'<div class="bar">{_form("", "")}</div><main><div class="card"><h1 id="title">Lighthouse keeper</h1>'
        '<p id="about">Keep the light, write the log, meet the boat on Fridays. No experience with whales needed.</p>'
        '<a id="similar" href="/jobs/view/4012345679/">Similar: lens maker</a></div></main>'
    )
    return shell.document("Lighthouse keeper | LinkedIn", body, style=_STYLE)


def note_and_password(query: dict[str, str]) -> str:
    """Return an allowed page where a password field follows a text field, and can be shown in clear."""
    del query
    return _save("Save this search")


def note_and_password_too(query: dict[str, str]) -> str:
    """Return another page of that kind, so that what happens on the two can be told apart."""
    del query
    return _save("Save this job")


def _save(what: str) -> str:
    body = (
        f'<main><div class="card"><h1>{escape(what)}</h1><label for="note">Note to self</label>'
        '<input type="text" id="note" name="note" autocomplete="off"><label for="password">Password</label>'
        '<input type="password" id="password" name="password" class="secret-text" placeholder=" ">'
        '<button type="button" id="show" onclick="password.type = \'text\'">Show password</button></div></main>'
    )
    return shell.document(f"{what} | LinkedIn", body, style=_STYLE)


def with_frame(query: dict[str, str]) -> str:
    """Return an allowed page with a frame of a foreign origin in it."""
    del query
    body = (
        '<main><div class="card"><h1>Apply</h1><label for="note">Note to self</label>'
        '<input type="text" id="note" name="note" autocomplete="off"><p>A frame from somewhere else:</p>'
        f'<iframe id="frame" src="https://{FOREIGN_HOST}/form"></iframe></div></main>'
    )
    return shell.document("Apply | LinkedIn", body, style=_STYLE)


def messaging(query: dict[str, str]) -> str:
    """Return a message to write: on an allowed host, in an area that is excluded."""
    del query
    body = '<main><h1>Messaging</h1><textarea id="message" class="secret-text" placeholder=" "></textarea></main>'
    return shell.document("Messaging | LinkedIn", body, style=_STYLE)


def _form(keywords: str, location: str) -> str:
    return (
        '<form action="/jobs/search/" method="get"><input type="text" id="keywords" name="keywords" autocomplete="off" '
        f'aria-label="Search by title, skill, or company" value="{escape(keywords)}"><input type="text" id="location" '
        f'name="location" autocomplete="off" aria-label="City, state, or country" value="{escape(location)}">'
        '<button id="search-button">Search</button></form>'
    )


def _card(number: int, ident: str, title: str, text: str) -> str:
    return (
        f'<div class="card"><a id="job-{number}" href="/jobs/view/{ident}/">{escape(title)}</a>'
        f'<p id="text-{number}">{escape(text)}</p></div>'
    )
