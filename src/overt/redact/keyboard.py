"""Keys made into held text, and into the few keys and hotkeys that type none."""

from types import MappingProxyType
from typing import Final

from overt.events.context import Context
from overt.events.raw import RawKey
from overt.events.redacted import Pressed, Withheld
from overt.redact.edit import Loss
from overt.redact.explain import Act
from overt.redact.fields import sensitive_label
from overt.redact.hold import Hold
from overt.redact.holds import Holds, field_key
from overt.redact.journal import Entry, Journal

_SILENT: Final = frozenset(
    (
        *("shift", "shiftleft", "shiftright", "ctrl", "ctrlleft", "ctrlright", "alt", "altleft", "altright"),
        *("win", "winleft", "winright", "command", "option", "fn", "capslock", "numlock", "scrolllock", "dead"),
    )
)
"""Keys that say nothing by themselves."""

_CONTROL: Final = MappingProxyType({"\r": "enter", "\n": "enter", "\t": "tab", "\x1b": "esc", "\b": "backspace"})
_HOT: Final = frozenset({"ctrl", "alt", "win"})
_ORDER: Final = ("ctrl", "alt", "shift", "win")
_MOVES: Final = frozenset({"left", "right", "home", "end"})
_ERASERS: Final = frozenset({"backspace", "delete"})
_LEAVING: Final = frozenset({"enter", "tab", "esc"})
_LOSES: Final = MappingProxyType(
    {
        ("ctrl", "v"): Loss.PASTE,
        ("ctrl", "shift", "v"): Loss.PASTE,
        ("shift", "insert"): Loss.PASTE,
        ("ctrl", "x"): Loss.UNKNOWN,
        ("ctrl", "z"): Loss.UNKNOWN,
        ("ctrl", "y"): Loss.UNKNOWN,
        ("ctrl", "shift", "z"): Loss.UNKNOWN,
    }
    | {(name,): Loss.UNKNOWN for name in ("up", "down", "pageup", "pagedown", "esc")}
)
"""After these the field may hold what was not typed, or no longer what was."""

_ACTS: Final = MappingProxyType(
    dict.fromkeys((("ctrl", "v"), ("ctrl", "shift", "v"), ("shift", "insert")), Act.PASTE)
    | dict.fromkeys((("ctrl", "x"), ("shift", "delete")), Act.CUT)
    | dict.fromkeys((("ctrl", "z"), ("ctrl", "y"), ("ctrl", "shift", "z")), Act.UNDO)
)
"""What the page may report after these; after any other key it may be that something was chosen."""
_COMPOSING: Final = frozenset({"dead", "compose", "unknown"})
_TOLD_BY_EFFECT: Final = frozenset({Act.PASTE, Act.CUT, Act.ENTER})


class Keyboard:
    """Takes the keys of one page at a time."""

    def __init__(self, journal: Journal, holds: Holds) -> None:
        """Write into *journal*, and hold text in *holds*."""
        self._journal = journal
        self._holds = holds
        self._withheld: tuple[str, str] | None = None
        self._selection_pasted = False

    def key(self, event: RawKey, context: Context, visit: int) -> None:
        """Take a key that went down; releases and modifiers alone say nothing."""
        if event.pressed and event.name in _COMPOSING and _editable(context):
            self._holds.act(field_key(context), Act.COMPOSE, event.at_ns)
        if not event.pressed or event.name in _SILENT:
            return
        text, keys = _meaning(event)
        kind = None if context.field is None else sensitive_label(context.field)
        if kind is not None:
            self.withhold(context, visit, event.at_ns, kind.value)
            if keys and keys[-1] in _LEAVING:
                self._pressed(keys, event.at_ns, visit)
        elif text:
            self._type(text, event, context, visit)
        elif keys:
            self._act(keys, event, context, visit)

    def withhold(self, context: Context, visit: int, at_ns: int, reason: str) -> None:
        """Note once a visit of a field of which nothing may be kept, and drop what was held of it."""
        key = field_key(context)
        if self._withheld == (key, reason):
            return
        self._holds.close()
        self._holds.blur(key, at_ns)
        self._holds.forget(key)
        # The page may show elsewhere what it was told: a preview of a card, a field that is none any more.
        self._journal.scribe.tainted.add(visit)
        self._withheld = (key, reason)
        note = Withheld(at_ms=self._journal.at_ms(at_ns), visit=visit, reason=reason)
        self._journal.add(Entry(make=lambda _: note, visit=visit), needed=True)

    def clicked(self, context: Context, x: int, y: int, at_ns: int) -> None:
        """Learn that a button went down at root pixel *x*, *y*: the segment ends, and the caret may have moved."""
        self._holds.close()
        self._holds.act(None, Act.POINTER, at_ns)
        held = self._holds.get(field_key(context))
        box = None if context.field is None else context.field.rect
        inside = box is None or box.contains(x, y)
        if not inside:
            self._withheld = None
        if held is not None:
            held.edits.lose(Loss.CARET)
            held.blurred_ns = None if inside else at_ns

    def pasted(self, context: Context) -> None:
        """Learn that the middle button went down, which pastes the selection: here, or in the field that it enters."""
        held = self._holds.get(field_key(context))
        if held is not None:
            self._holds.lose(held, Loss.PASTE)
            held.edits.lose(Loss.UNKNOWN)
        self._selection_pasted = True

    def dragged(self, context: Context) -> None:
        """Learn that the pointer was dragged: any part of the field in focus may be selected now."""
        held = self._holds.get(field_key(context))
        if held is not None:
            held.edits.lose(Loss.UNKNOWN)

    def turn_page(self) -> None:
        """Forget which field was withheld last, and that something was pasted."""
        self._withheld = None
        self._selection_pasted = False

    def _type(self, text: str, event: RawKey, context: Context, visit: int) -> None:
        if text == " " and not _editable(context) and self._holds.get(field_key(context)) is None:
            self._act(("space",), event, context, visit)
            return
        self._notice(context)
        hold = self._focus(context, visit, event.at_ns)
        self._holds.edit(hold, event.at_ns)
        hold.insert(text)
        hold.stream.key(text, event.at_ns)

    def _act(self, keys: tuple[str, ...], event: RawKey, context: Context, visit: int) -> None:
        """Take a key or hotkey that types nothing: an edit of the field in focus is silent, all others are kept."""
        self._notice(context)
        hold = self._focus(context, visit, event.at_ns) if _editable(context) else None
        act = _act_of(keys, context)
        if hold is not None and act not in _TOLD_BY_EFFECT:
            hold.stream.act(act, event.at_ns)
        if hold is not None and self._edited(hold, keys, event.at_ns):
            return
        if hold is not None and act in _TOLD_BY_EFFECT:
            pressed = Pressed(at_ms=self._journal.at_ms(event.at_ns), visit=visit, keys=keys)
            self._holds.hotkey(hold, pressed, act, event.at_ns)
        else:
            self._pressed(keys, event.at_ns, visit)
        loss = _LOSES.get(keys)
        if hold is not None and loss is not None:
            self._holds.lose(hold, loss)

    def _focus(self, context: Context, visit: int, at_ns: int) -> Hold:
        hold = self._holds.focus(context, visit, at_ns)
        if self._selection_pasted:
            self._holds.lose(hold, Loss.PASTE)
            hold.edits.lose(Loss.UNKNOWN)
            self._selection_pasted = False
        return hold

    def _edited(self, hold: Hold, keys: tuple[str, ...], at_ns: int) -> bool:
        """Edit *hold* if *keys* do so; say whether they did."""
        *held, name = keys
        if "alt" in held or "win" in held:
            return False
        if name in _ERASERS and keys != ("shift", "delete"):
            if hold.edits.chars:
                self._holds.edit(hold, at_ns)
            hold.edits.erase(forward=name == "delete", word="ctrl" in held)
        elif name in _MOVES:
            self._move(hold, name, held)
        elif keys == ("ctrl", "a"):
            ours = bool(hold.edits.chars)
            hold.edits.select_all()
            # What the field held before is selected by an act that must be kept: the text that follows replaces it.
            return ours
        else:
            return False
        return True

    def _move(self, hold: Hold, name: str, held: list[str]) -> None:
        if "shift" in held:
            self._holds.lose(hold, Loss.UNKNOWN)
        elif "ctrl" in held and name in {"left", "right"}:
            self._holds.lose(hold, Loss.CARET)
        else:
            hold.edits.move(name)

    def _pressed(self, keys: tuple[str, ...], at_ns: int, visit: int) -> None:
        self._holds.close()
        pressed = Pressed(at_ms=self._journal.at_ms(at_ns), visit=visit, keys=keys)
        self._journal.add(Entry(make=lambda _: pressed, visit=visit))

    def _notice(self, context: Context) -> None:
        """A key in another field ends the visit of a withheld one."""
        if self._withheld is not None and self._withheld[0] != field_key(context):
            self._withheld = None


def _act_of(keys: tuple[str, ...], context: Context) -> Act:
    """Return what the page may report after *keys*; Enter breaks a line only where there are several."""
    if keys[-1] in _ERASERS and keys != ("shift", "delete"):
        return Act.ERASE if keys == ("backspace",) else Act.DELETE
    multiline = context.field is not None and context.field.multiline
    if keys[-1] == "enter" and multiline:
        return Act.ENTER
    return _ACTS.get(keys, Act.CHOICE)


def _editable(context: Context) -> bool:
    return context.field is not None and context.field.editable


def _meaning(event: RawKey) -> tuple[str, tuple[str, ...]]:
    """Return the text that a press types, or else the names of the keys held and pressed, as PyAutoGUI has them."""
    text, name = event.text or "", event.name or ""
    if len(text) == 1 and not text.isprintable():
        name, text = _CONTROL.get(text) or (chr(ord(text) + 96) if "\0" < text < "\x1b" else ""), ""
    hot = not _HOT.isdisjoint(event.modifiers) and "altgr" not in event.modifiers
    if text and not hot:
        return text, ()
    base = name or text.casefold()
    if not base:
        return "", ()
    return "", (*(held for held in _ORDER if held in event.modifiers), "space" if base == " " else base)
