"""A receipt: what was agreed to, for the person to keep; it can be checked without Overt and without a server."""

from overt.errors import ConsentError
from overt.keys.consent_files import load_grants, read_text
from overt.store.home import Home


def receipt(home: Home) -> dict[str, str]:
    """Return the newest grant's signed note, the exact notice, and the key that verifies the note.

    Raises:
        ConsentError: No consent was ever given here, or its files were changed.
    """
    grants = load_grants(home)
    if not grants:
        raise ConsentError("there is no consent to give a receipt for", hint="overt consent status")
    grant = grants[-1]
    try:
        notice = read_text(home.notices_directory / f"{grant.terms.notice_sha256}.txt")
        note = read_text(home.grants_directory / f"{grant.id}.note")
    except FileNotFoundError:
        raise ConsentError("the notice that the consent was given over is missing") from None
    return {"format": "overt-receipt/1", "grant": note, "notice": notice, "verify_with": grant.parties.device}
