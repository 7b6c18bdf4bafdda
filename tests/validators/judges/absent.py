"""Empty stand-ins for modules that a data path imports and never calls: sound, clusters, and a cuda build of both."""

import importlib.machinery
import sys
import types
from typing import Any


class Absent(types.ModuleType):
    """A module that has whatever is asked of it, and none of it does anything."""

    __path__: list[str] = []  # noqa: RUF012 - what makes a module a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"remote": staticmethod(lambda function, *_, **__: function)})


def stand_in(*names: str) -> None:
    for name in names:
        sys.modules[name] = Absent(name)
        sys.modules[name].__spec__ = importlib.machinery.ModuleSpec(name, None)
