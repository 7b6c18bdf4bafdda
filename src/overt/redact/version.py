"""Which rules of redaction an episode was made under."""

from typing import Final

REDACTOR_VERSION: Final = "3"
"""Grows with every change of what is withheld; sealed into each session's facts."""
