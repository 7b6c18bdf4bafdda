"""What was newly typed: the recorder tells what a field held whenever a segment closed, that is more each time."""

from dataclasses import dataclass, field

from overt.events.redacted import Clicked, Dragged, Pressed, RedactedEvent, Typed
from overt.trajectory.merge import place_of


@dataclass(slots=True, repr=False)
class Fields:
    """What each field of one page visit was last known to hold."""

    _held: dict[tuple[object, ...], str] = field(default_factory=dict)
    _may_be_selected: bool = False

    def turn_page(self) -> None:
        """Forget every field: another visit begins."""
        self._held.clear()
        self._may_be_selected = False

    def watch(self, event: RedactedEvent) -> None:
        """Note an action after which typing may replace what is there: a hotkey, a drag, a double click."""
        match event:
            case Dragged() | Clicked(count=2 | 3):
                self._may_be_selected = True
            case Pressed(keys=keys) if len(keys) > 1:
                self._may_be_selected = True
            case _:
                pass

    def newly(self, event: Typed) -> tuple[Typed, bool]:
        """Return *event* with only what was added to its field since the last time.

        The second value says that more than an addition happened: the text then stands for all that was there before.
        """
        if event.field is None:
            return event, False
        place = place_of(event.field)
        before = self._held.get(place, "")
        self._held[place] = event.text
        replaced, self._may_be_selected = self._may_be_selected, False
        if not before or replaced or not event.text.startswith(before):
            return event, bool(before)
        added = event.text[len(before) :]
        kinds = tuple(kind for kind in event.withheld if f"[{kind}]" in added)
        return event.model_copy(update={"text": added, "withheld": kinds}), False
