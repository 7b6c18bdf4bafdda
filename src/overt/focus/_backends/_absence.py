"""How the inside of a focus backend says that there is no context: caught at the contract, never seen outside."""

from overt.events.context import Absence


class AbsenceError(Exception):
    """There is no context, for *absence*'s reason; carries nothing else."""

    def __init__(self, absence: Absence) -> None:
        """Hold *absence*."""
        super().__init__(absence.value)
        self.absence = absence
