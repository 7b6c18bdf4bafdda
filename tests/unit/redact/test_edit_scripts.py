"""Each way of editing by which other redactors leaked, once for each kind of secret: nothing of it comes out."""

import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _judge(name: str) -> ModuleType:
    """Load a file of the oracle."""
    if name not in sys.modules:
        path = Path(__file__).parents[2] / "property" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


editor: Any = _judge("test_redact_oracle_editor")
desks: Any = _judge("test_redact_oracle_desk")
cells = editor.cells
Script = Callable[[Any, str, int], None]


def plain(desk: Any, secret: str, cut: int) -> None:
    """Type it as it is."""
    del cut
    desk.type(cells(secret, 0))


def typo(desk: Any, secret: str, cut: int) -> None:
    """Type two wrong letters in the middle and erase them."""
    desk.type(cells(secret[:cut], 0))
    desk.words("no")
    desk.press("backspace", times=2)
    desk.type(cells(secret[cut:], cut))


def typed_then_erased(desk: Any, secret: str, cut: int) -> None:
    """Erase all of it and search for something else."""
    plain(desk, secret, cut)
    for _ in secret:
        desk.press("backspace")
    desk.words("stone tower")


def paused_then_erased(desk: Any, secret: str, cut: int) -> None:
    """Pause in the middle, so that its first half is told by itself, then erase all of it."""
    desk.type(cells(secret[:cut], 0))
    desk.act(6_000)
    desk.type(cells(secret[cut:], cut))
    for _ in secret:
        desk.press("backspace")
    desk.words("stone")


def click_prepend_late(desk: Any, secret: str, cut: int) -> None:
    """Type the second half and more words, then click before it and type the first."""
    place = desk.box.caret
    desk.type(cells(secret[cut:], cut))
    desk.words(" stone ")
    desk.click("first", place)
    desk.type(cells(secret[:cut], 0))


def halves_by_home(desk: Any, secret: str, cut: int) -> None:
    """Type the second half first, then the first before it."""
    desk.type(cells(secret[cut:], cut))
    for _ in secret[cut:]:
        desk.press("left")
    desk.type(cells(secret[:cut], 0))


def middle_insert(desk: Any, secret: str, cut: int) -> None:
    """Leave the middle out and put it in later."""
    end = len(secret) - 3
    desk.type(cells(secret[:cut], 0))
    desk.type(cells(secret[end:], end))
    for _ in range(3):
        desk.press("left")
    desk.type(cells(secret[cut:end], cut))


def select_all_replace(desk: Any, secret: str, cut: int) -> None:
    """Select all of it and type something else over it."""
    plain(desk, secret, cut)
    desk.press("a", "ctrl")
    desk.words("stone tower")


def click_split(desk: Any, secret: str, cut: int) -> None:
    """Click into the field between the halves."""
    desk.type(cells(secret[:cut], 0))
    desk.click("first", len(desk.box.cells))
    desk.type(cells(secret[cut:], cut))


def click_prepend(desk: Any, secret: str, cut: int) -> None:
    """Type the second half, click before it and type the first."""
    place = desk.box.caret
    desk.type(cells(secret[cut:], cut))
    desk.click("first", place)
    desk.type(cells(secret[:cut], 0))


def half_paste(desk: Any, secret: str, cut: int) -> None:
    """Type the first half and paste the other."""
    desk.type(cells(secret[:cut], 0))
    desk.paste(cells(secret[cut:], cut))


def refocus(desk: Any, secret: str, cut: int) -> None:
    """Go to another field between the halves and type something there."""
    desk.type(cells(secret[:cut], 0))
    desk.click("second", 0)
    desk.words("stone tower")
    desk.click("first", len(desk.boxes["first"].cells))
    desk.type(cells(secret[cut:], cut))


def shift_noise(desk: Any, secret: str, cut: int) -> None:
    """Press modifiers and locks in the middle."""
    desk.type(cells(secret[:cut], 0))
    for name in ("shift", "capslock", "capslock", "ctrl", "alt"):
        desk.press(name, names=name)
    desk.type(cells(secret[cut:], cut))


def forward_delete(desk: Any, secret: str, cut: int) -> None:
    """Type two wrong letters in the middle, go back before them and delete them."""
    desk.type(cells(secret[:cut], 0))
    desk.words("no")
    desk.type(cells(secret[cut:], cut))
    for _ in range(len(secret) - cut + 2):
        desk.press("left")
    desk.press("delete")
    desk.press("delete")


def filler_erased(desk: Any, secret: str, cut: int) -> None:
    """Type words in the middle and erase them."""
    desk.type(cells(secret[:cut], 0))
    desk.words(" stone tower ")
    desk.press("backspace", times=len(" stone tower "))
    desk.type(cells(secret[cut:], cut))


THIRTEEN: tuple[Script, ...] = (
    *(plain, typo, typed_then_erased, halves_by_home, middle_insert, select_all_replace, click_split, click_prepend),
    *(half_paste, refocus, shift_noise, forward_delete, filler_erased),
)


def autofilled(desk: Any, secret: str, cut: int) -> None:
    """Type its beginning and let the browser fill in the whole, which is then edited."""
    desk.type(cells(secret[:cut], 0))
    desk.autofill([*desk.box.cells, *cells(secret[cut:], cut)], keys=True)
    desk.press("backspace")
    desk.type(cells(secret[-1:], len(secret) - 1))


def autofilled_unseen(desk: Any, secret: str, cut: int) -> None:
    """The browser fills the first half in with no key at all."""
    desk.autofill([*desk.box.cells, *cells(secret[:cut], 0)], keys=False)
    desk.type(cells(secret[cut:], cut))


def undone(desk: Any, secret: str, cut: int) -> None:
    """Take it back step by step and do it again."""
    plain(desk, secret, cut)
    for _ in range(3):
        desk.press("z", "ctrl")
    for _ in range(3):
        desk.press("z", "ctrl", "shift")
    desk.words(" stone")


def undone_in_the_middle(desk: Any, secret: str, cut: int) -> None:
    """Type the wrong thing in the middle and take it back."""
    desk.type(cells(secret[:cut], 0))
    desk.words("now")
    for _ in "now":
        desk.press("z", "ctrl")
    desk.type(cells(secret[cut:], cut))


def dragged(desk: Any, secret: str, cut: int) -> None:
    """Type the halves the wrong way round and drag the second behind the first."""
    place = desk.box.caret
    desk.type(cells(secret[cut:], cut))
    desk.type(cells(secret[:cut], 0))
    desk.drag(place, place + len(secret) - cut)
    desk.drag(place, len(desk.box.cells))


def composed(desk: Any, secret: str, cut: int) -> None:
    """Type one half by an input method, whose Enter chooses and sends nothing."""
    desk.compose(cells(secret[:cut], 0))
    desk.type(cells(secret[cut:], cut))


def wide(desk: Any, secret: str, cut: int) -> None:
    """Type it in the full-width characters of an input method."""
    del cut
    desk.type(cells("".join(chr(ord(char) + 0xFEE0) if 0x20 < ord(char) < 0x7F else char for char in secret), 0))


def right_to_left(desk: Any, secret: str, cut: int) -> None:
    """Among Hebrew words, where Left goes forward."""
    desk.words(editor.HEBREW + " password: ")
    place = desk.box.caret
    desk.type(cells(secret[cut:], cut))
    desk.box.rtl = True
    while desk.box.caret > place:
        desk.press("right")
    desk.type(cells(secret[:cut], 0))


def accented(desk: Any, secret: str, cut: int) -> None:
    """With dead keys in the middle."""
    desk.type(cells(secret[:cut], 0))
    desk.accent(cells(secret[cut : cut + 1], cut))
    desk.type(cells(secret[cut + 1 :], cut + 1))


def middle_pasted(desk: Any, secret: str, cut: int) -> None:
    """Paste the second half with the middle button."""
    desk.type(cells(secret[:cut], 0))
    desk.paste(cells(secret[cut:], cut), middle=True)


def moved_to_another_field(desk: Any, secret: str, cut: int) -> None:
    """Cut it, and type its rest where it was pasted."""
    desk.type(cells(secret[:cut], 0))
    desk.press("a", "ctrl")
    desk.copy(cut=True)
    desk.tab()
    desk.paste()
    desk.type(cells(secret[cut:], cut))


def chosen(desk: Any, secret: str, cut: int) -> None:
    """Type it and click a suggestion that repeats it."""
    plain(desk, secret, cut)
    desk.click("first", 0, named=f"stone {secret}")


MORE: tuple[Script, ...] = (
    *(autofilled, autofilled_unseen, undone, undone_in_the_middle, dragged, composed, wide, right_to_left, accented),
    *(middle_pasted, moved_to_another_field, chosen, paused_then_erased, click_prepend_late),
)


def sit(kind: str, seed: int, cut: int, script: Script, told: str = "missing") -> tuple[Any, Any]:
    """Let *script* type a secret of *kind* and search for it; return the secret and what came out."""
    hidden = editor.secret(kind, seed)
    desk = desks.Desk(seed=seed, told=told, restless=True)
    desk.click("first", 0)
    if script is not right_to_left:
        desk.words(hidden.label)
    script(desk, hidden.text, min(cut, len(hidden.text) - 4))
    desk.press("end")
    desk.words(" lost")
    desk.search()
    desk.finish()
    return hidden, desk.out


WAYS = (("missing", 3), ("missing", 8), ("agree", 5), ("late", 5))
"""How the page reports what its field holds, and where a secret is cut in two."""


@pytest.mark.parametrize("kind", sorted(editor.KINDS))
@pytest.mark.parametrize("script", THIRTEEN + MORE, ids=lambda script: script.__name__)
def test_nothing_of_a_secret_comes_out(script: Script, kind: str) -> None:
    """P1: not in what was typed, not in the next page's address and title, not in what a click hit."""
    # Keys alone cannot show what a browser filled in without one.
    for seed, (told, cut) in enumerate(WAYS[2:] if script is autofilled_unseen else WAYS):
        hidden, out = sit(kind, seed, cut, script, told)

        assert not editor.leaks(hidden, out), (hidden, cut, [str(event) for event in out])


@pytest.mark.parametrize("kind", ["password", "email", "key", "card"])
def test_a_page_that_repeats_a_part_of_a_secret_shows_nothing_of_it(kind: str) -> None:
    """The next title has the value without its label, or is cut off: no detector would know it by itself."""
    for seed in range(3):
        hidden = editor.secret(kind, seed)
        desk = desks.Desk(seed=seed)
        desk.click("first", 0)
        desk.words(hidden.label)
        plain(desk, hidden.text, 0)
        desk.leave(off_list=False)
        desk.title = f"{hidden.text[:7]} stone {hidden.text} - Search"
        desk.enter("key")
        desk.finish()

        assert not editor.leaks(hidden, desk.out), hidden


@pytest.mark.parametrize("shown", [False, True])
def test_a_password_box_leaves_no_more_than_that_it_was_visited(shown: bool) -> None:
    """A toggle that shows the password changes nothing: the box stays secret, and its keys leave no count."""
    outs = []
    for length in (1, 30):
        desk = desks.Desk()
        desk.click("first", 0)
        desk.words("stone ")
        for place in range(length):
            desk.withhold(shown=shown and place % 2 == 1)
        desk.click("first", 6)
        desk.words("tower")
        desk.finish()
        outs.append([event.model_dump(exclude={"at_ms", "dwell_ms"}) for event in desk.out])

    assert outs[0] == outs[1]
    assert [each["kind"] for each in outs[0]].count("withheld") == 1


@pytest.mark.parametrize("kind", ["card", "email", "key", "password", "token", "connection", "phone"])
@pytest.mark.parametrize(
    "script", [each for each in THIRTEEN + MORE if each is not autofilled_unseen], ids=lambda script: script.__name__
)
def test_the_length_of_a_secret_does_not_show(script: Script, kind: str) -> None:
    """P5: the same acts with a shorter and a longer secret leave the same records."""
    shapes, lengths = [], set()
    for seed in range(4):
        hidden = editor.secret(kind, seed)
        if kind == "phone" and (not hidden.text.startswith("+") or " " in hidden.text or "-" in hidden.text):
            continue
        desk = desks.Desk(pace=0)
        desk.click("first", 0)
        desk.words("password: " if hidden.label else "")
        script(desk, hidden.text, 6 if kind == "card" else len(hidden.text) // 2)
        desk.finish()
        lengths.add(len(hidden.text))
        shapes.append([_shape(event) for event in desk.out])

    assert shapes == [shapes[0]] * len(shapes)


def _shape(event: Any) -> str:
    """Return *event* without where on the field a pointer was, and with any marker for every marker."""
    shape = event.model_dump_json(exclude={"x", "y", "x2", "y2", "withheld"})
    return re.sub(r" ?\[[A-Z_]+\] ?", "[]", shape)
