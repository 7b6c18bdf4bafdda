"""The acts that a consent covers: each must be in the export, in order, with its exact text and coordinates."""

from typing import Final

from overt.demo.act import Act, Stage, Wanted

_LIGHTHOUSE: Final = "https://en.wikipedia.org/wiki/Lighthouse"
_FRESNEL: Final = "https://en.wikipedia.org/wiki/Fresnel_lens"
_JOBS: Final = "https://www.linkedin.com/jobs/search/"
_QUESTION: Final = "How do lighthouses work?"
_WHEEL: Final = 5


def _text(text: str) -> Wanted:
    return {"kind": "type", "text": text}


def _key(name: str) -> Wanted:
    return {"kind": "key", "keys": [name]}


def _hotkey(*names: str) -> Wanted:
    return {"kind": "hotkey", "keys": list(names)}


def _search(stage: Stage) -> list[Wanted]:
    clicked = stage.click("q")
    stage.pause()
    stage.person.type(_QUESTION)
    stage.pause()
    with stage.person.arriving("https://www.google.com/search"):
        stage.person.press("enter")
    return [clicked, _text(_QUESTION), _key("enter")]


def _open_result(stage: Stage) -> list[Wanted]:
    with stage.person.arriving(_LIGHTHOUSE):
        clicked = stage.click("result-1")
    return [clicked]


def _scroll(stage: Stage) -> list[Wanted]:
    x, y = stage.person.point("section-2")
    stage.person.move(x, y)
    stage.pause()
    stage.person.scroll(-_WHEEL)
    stage.pause()
    stage.person.scroll(_WHEEL)
    place = stage.at(x, y)
    down: Wanted = {"kind": "scroll", "dx": 0, "dy": -_WHEEL, **place}
    return [down, {"kind": "scroll", "dx": 0, "dy": _WHEEL, **place}]


def _double_click(stage: Stage) -> list[Wanted]:
    clicked = stage.click("title", count=2)
    stage.site.wait(lambda each: bool(each.selection.strip()), "a word to be selected")
    return [clicked]


def _drag(stage: Stage) -> list[Wanted]:
    box = stage.person.latest().boxes["lead"]
    start, stop = (box.x + 2, box.y + 12), (box.x + 180, box.y + 12)
    first, last = stage.at(*start), stage.at(*stop)
    stage.person.drag(start, stop)
    return [{"kind": "drag", "button": "left", **first, "x2": last["x"], "y2": last["y"]}]


def _keys(stage: Stage) -> list[Wanted]:
    stage.person.press("pagedown")
    stage.pause()
    stage.person.press("ctrl", "a")
    stage.pause()
    stage.person.press("home")
    stage.site.wait(lambda each: each.scroll[1] == 0, "the article to be at its top again")
    return [_key("pagedown"), _hotkey("ctrl", "a"), _key("home")]


def _correct(stage: Stage) -> list[Wanted]:
    clicked = stage.click("search")
    stage.pause()
    stage.person.type("fog horm")
    stage.person.press("backspace")
    stage.person.type("n")
    stage.pause()
    with stage.person.arriving("https://en.wikipedia.org/w/index.php"):
        stage.person.press("enter")
    return [clicked, _text("fog horn"), _key("enter")]


def _follow(stage: Stage) -> list[Wanted]:
    with stage.person.arriving(_FRESNEL):
        clicked = stage.click("link-fresnel")
    return [clicked]


def _navigate(stage: Stage) -> list[Wanted]:
    stage.person.go(f"{_JOBS}?keywords=keeper")
    return [{"kind": "navigate", "text": f"{_JOBS}?keywords=keeper"}]


def _job_search(stage: Stage) -> list[Wanted]:
    clicked = stage.click("keywords")
    stage.person.press("ctrl", "a")
    stage.pause()
    stage.person.type("lighthouse keeper")
    stage.pause()
    stage.person.press("tab")
    stage.pause()
    stage.person.type("Brest")
    stage.pause()
    with stage.person.arriving(_JOBS):
        stage.person.press("enter")
    typed = [_text("lighthouse keeper"), _key("tab"), _text("Brest"), _key("enter")]
    return [clicked, _hotkey("ctrl", "a"), *typed]


def _open_job(stage: Stage) -> list[Wanted]:
    with stage.person.arriving("https://www.linkedin.com/jobs/view/4012345678/"):
        clicked = stage.click("job-1")
    return [clicked]


SEARCH_THE_WEB: Final = (
    Act(
        ident="google-search",
        did="clicked the search box, typed a question, pressed Enter",
        why="text, keys and clicks on an allowlisted page",
        play=_search,
    ),
    Act(
        ident="google-result",
        did="clicked the first result",
        why="a click that leaves one page for another",
        play=_open_result,
    ),
)

READ_AN_ARTICLE: Final = (
    Act(ident="article-scroll", did="scrolled down the article and up again", why="wheel turns", play=_scroll),
    Act(
        ident="article-double-click", did="double-clicked a word", why="one action, not two clicks", play=_double_click
    ),
    Act(ident="article-drag", did="selected words by dragging", why="one action from here to there", play=_drag),
    Act(ident="article-keys", did="pressed Page Down, Ctrl+A and Home", why="keys that type no text", play=_keys),
    Act(
        ident="article-search",
        did="searched the encyclopedia, mistyped, corrected it",
        why="the text as it stood, without the mistake",
        play=_correct,
    ),
    Act(ident="article-link", did="followed a link to another article", why="a click and a new visit", play=_follow),
)

LOOK_FOR_A_JOB: Final = (
    Act(ident="jobs-navigate", did="opened the job search by its address", why="the address, cleaned", play=_navigate),
    Act(
        ident="jobs-search",
        did="replaced the keywords, Tab, typed a place, Enter",
        why="two fields, each with its own text",
        play=_job_search,
    ),
    Act(ident="jobs-open", did="opened a job from the results", why="a click and a new visit", play=_open_job),
)
