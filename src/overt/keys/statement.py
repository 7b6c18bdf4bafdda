"""What a role says, signed, of its present age recipient: the role stays the same when that is replaced."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overt.errors import FormatError, KeyAccessError, VerificationError
from overt.format.age_write import check_recipient
from overt.format.note import NoteSigner, verify_note
from overt.policy.bundle import AgeRecipient
from overt.policy.canonical import canonical_json, read_canonical

StatedRole = Literal["auditor", "exporter", "employee", "vault"]
"""Whose recipient a statement is about; also the name of that key in its home."""


class Statement(BaseModel):
    """The *recipient* of *role* from *epoch* on; *epoch* is 1 at first and grows by one with each new recipient."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: Literal["overt-recipient/1"] = "overt-recipient/1"
    epoch: Annotated[int, Field(ge=1)]
    recipient: AgeRecipient
    role: StatedRole


def sign_statement(statement: Statement, signer: NoteSigner) -> str:
    """Return *statement* as a note signed by *signer*, the signing key of its role."""
    return signer.sign(canonical_json(statement.model_dump(mode="json")) + "\n")


def open_statement(note: str, vkey: str, role: StatedRole) -> Statement:
    """Return what *note*, signed by *vkey* alone, states of *role*.

    Raises:
        KeyAccessError: It is signed by another key, is about another role, or malformed.
    """
    try:
        text = verify_note(note, vkey)
        read_canonical(text.removesuffix("\n"), "the statement")
        statement = Statement.model_validate_json(text)
        check_recipient(statement.recipient)
    except (FormatError, VerificationError, ValidationError):
        raise KeyAccessError(
            f"the statement about the {role}'s key is not signed by the {role}, or malformed",
            hint="ask for it again: overt keys list --json",
        ) from None
    if statement.role != role:
        raise KeyAccessError(f"a statement about the {statement.role}'s key stands in the place of the {role}'s")
    return statement


def statement_recipient(note: str, vkey: str, role: StatedRole) -> str:
    """Return the age recipient that *note*, signed by *vkey*, states for *role*; raises ``KeyAccessError``."""
    return open_statement(note, vkey, role).recipient


def check_succession(old: Statement, new: Statement) -> None:
    """Raise ``KeyAccessError`` unless *new* may follow *old*, a statement of the same key; the same one may."""
    if new.epoch < old.epoch:
        raise KeyAccessError(f"the statement about the {old.role}'s key (epoch {new.epoch}) is older than {old.epoch}")
    if new.epoch == old.epoch and new.recipient != old.recipient:
        raise KeyAccessError(f"the {old.role} has stated two different keys for epoch {old.epoch}")
