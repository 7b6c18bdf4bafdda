"""What was newly typed: the recorder tells what a field held whenever a segment closed, that is more each time."""

from dataclasses import dataclass, field

from overt.events.redacted import Clicked, Dragged, Pressed, RedactedEvent, Typed
from overt.trajectory.merge import place_of


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Addition:
    """What a step types: *event* has that text alone.

    *edited* says that more than an addition happened: the text then stands for all that was there before. *away* says
    that it was added at the end of a text from which the caret may have been moved meanwhile.
    """

    event: Typed
    edited: bool = False
    away: bool = False


@dataclass(slots=True, repr=False)
class Fields:
    """What each field of one page visit was last known to hold."""

    _held: dict[tuple[object, ...], str] = field(default_factory=dict)
    _may_be_selected: bool = False
    _caret: tuple[object, ...] | None = None
    """The field at whose end the caret was left, and still is."""

    def turn_page(self) -> None:
        """Forget every field: another visit begins."""
        self._held.clear()
        self._may_be_selected = False
        self._caret = None

    def watch(self, event: RedactedEvent) -> None:
        """Note an action after which typing may replace what is there, or go elsewhere."""
        match event:
            case Dragged() | Clicked(count=2 | 3):
                self._may_be_selected = True
                self._caret = None
            case Clicked() | Pressed(keys=("tab",)):
                self._caret = None
            case Pressed(keys=keys) if len(keys) > 1:
                self._may_be_selected = True
                self._caret = None
            case _:
                pass

    def newly(self, event: Typed) -> Addition:
        """Return what *event* adds to its field since the last time."""
        if event.field is None:
            self._caret = None
            return Addition(event=event)
        place = place_of(event.field)
        before, caret = self._held.get(place, ""), self._caret
        self._held[place], self._caret = event.text, place
        replaced, self._may_be_selected = self._may_be_selected, False
        if not before or replaced or not event.text.startswith(before):
            return Addition(event=event, edited=bool(before))
        added = event.text[len(before) :]
        kinds = tuple(kind for kind in event.withheld if f"[{kind}]" in added)
        return Addition(event=event.model_copy(update={"text": added, "withheld": kinds}), away=caret != place)
