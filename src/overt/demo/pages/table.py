"""Which page answers at which host and path."""

from collections.abc import Callable
from typing import Final

from overt.demo.pages import elsewhere, google, linkedin, wikipedia

ALL: Final[dict[tuple[str, str], Callable[[dict[str, str]], str]]] = {
    (google.HOST, "/"): google.home,
    (google.HOST, "/search"): google.results,
    (wikipedia.HOST, "/wiki/Lighthouse"): wikipedia.lighthouse,
    (wikipedia.HOST, "/wiki/Fresnel_lens"): wikipedia.fresnel,
    (wikipedia.HOST, "/w/index.php"): wikipedia.found,
    (wikipedia.HOST, "/wiki/Special:UserLogin"): wikipedia.sign_in,
    (linkedin.HOST, "/jobs/search/"): linkedin.search,
    (linkedin.HOST, linkedin.JOB): linkedin.job,
    (linkedin.HOST, "/jobs/view/4012345679/"): linkedin.job,
    (linkedin.HOST, linkedin.NOTE_AND_PASSWORD): linkedin.note_and_password,
    (linkedin.HOST, linkedin.NOTE_AND_PASSWORD_TOO): linkedin.note_and_password_too,
    (linkedin.HOST, linkedin.WITH_FRAME): linkedin.with_frame,
    (linkedin.HOST, "/messaging/"): linkedin.messaging,
    (linkedin.FOREIGN_HOST, "/form"): elsewhere.form,
    elsewhere.SHOP: elsewhere.shop,
    elsewhere.SIGN_IN: elsewhere.sign_in,
    **dict.fromkeys(elsewhere.LOOK_ALIKES, elsewhere.look_alike),
}
"""Host and path to the page's maker, which is given the parameters of the query."""
