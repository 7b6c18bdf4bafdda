"""One browser on a desktop of its own, played beside the others."""

import threading
from typing import Any

from tests.desktop.pages import playing
from tests.desktop.pages.case import Case
from tests.desktop.pages.playing import Evidence


class Lane(threading.Thread):
    """Plays *cases* in the browser that the context manager *browser* opens."""

    def __init__(self, cases: tuple[Case, ...], browser: Any) -> None:
        super().__init__(daemon=True)
        self._cases, self._browser = cases, browser
        self.evidence: Evidence | None = None
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            self.evidence = playing.play(self._cases, self._browser)
        except BaseException as problem:  # noqa: BLE001 - told to whoever asks for the evidence
            self.problem = problem

    def result(self) -> Evidence:
        self.join()
        if self.problem is not None:
            raise self.problem
        assert self.evidence is not None
        return self.evidence
