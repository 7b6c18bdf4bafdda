"""Has the text of the field in focus reported while it may be, and hands the reports on in their place."""

from collections import OrderedDict

from overt.events.context import Context, Focus
from overt.focus.contract import FocusSource
from overt.gate import Gate
from overt.recorder.pipeline import Pipeline
from overt.redact.fields import sensitive_label

_FIELDS = 4
"""Fields whose last reports may still be on their way."""


class Listener:
    """Listens to an ordinary field of an allowed page while the hook is armed, and to nothing else."""

    def __init__(self, *, focus: FocusSource, gate: Gate, pipeline: Pipeline) -> None:
        """Listen through *focus* to what *gate* allows, and queue in *pipeline*."""
        self._focus = focus
        self._gate = gate
        self._pipeline = pipeline
        self._contexts: OrderedDict[str, Context] = OrderedDict()
        self._listening = False

    def follow(self, fresh: Focus, *, armed: bool, turned: bool) -> None:
        """Listen to the field that has the focus now, anew if the page *turned* under it, if it may be listened to."""
        if not armed or not isinstance(fresh, Context):
            self.hush()
            return
        field = fresh.field
        if field is not None and (field.secret or sensitive_label(field) is not None):
            self.hush()
            return
        if turned:
            self._focus.listen(None)
        heard = field if self._gate.hears(fresh) else None
        self._listening = True
        self._focus.listen(heard)
        if heard is not None:
            self._contexts[heard.key] = fresh
            self._contexts.move_to_end(heard.key)
            while len(self._contexts) > _FIELDS:
                self._contexts.popitem(last=False)

    def hush(self) -> None:
        """Listen to nothing; what was reported and not fetched is dropped."""
        if self._listening:
            self._listening = False
            self._contexts.clear()
            self._focus.hush()

    def fetch(self) -> None:
        """Queue what was reported since the last time."""
        for change in self._focus.changes():
            context = self._contexts.get(change.field)
            if context is not None:
                self._pipeline.said(change, context)
