"""``overt consent countersign``, ``revoke`` and ``accept``: the controller's word on a grant travels as a file."""

import os
from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.consent.instants import instant_text
from overt.keys.consent_files import load_countersignature
from overt.keys.countersigning import countersign, revoke
from overt.keys.receipts import open_receipt
from overt.store import files
from overt.store.home import Role
from overt.subject.receipt import accept, accept_revocation


@click.command(
    "countersign",
    short_help="Countersign a receipt (admin).",
    epilog=ends(
        "overt consent countersign receipt.json --out countersigned.json",
        "0 countersigned, 4 no valid consent, 5 no policy, 6 key, 7 disk, 9 no admin's home",
    ),
)
@click.argument("receipt", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the countersigned receipt goes.")
@home_option
@passphrase_option
@json_option
def countersign_command(
    *, receipt: Path, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """For the admin: say that the consent in RECEIPT was received and that its promises stand.

    What is countersigned goes back to the person, and nothing of it is kept here: there is no list of who consented.
    """
    admin, text = opened(home, Role.ADMIN), read_document(receipt)
    source = passphrase_source(passphrase_file)
    countersigned = retried(lambda: countersign(admin, text, source, now()), passphrase_file)
    write_document(out, countersigned)
    grant = open_receipt(countersigned).grant
    lines = [
        f"countersigned the consent {grant.id} into {out}",
        "give it back; they keep it with: overt consent accept",
    ]
    say({"grant": grant.id, "out": str(out)}, lines, as_json=as_json)


@click.command(
    "revoke",
    short_help="End the consent of a receipt (admin).",
    epilog=ends(
        "overt consent revoke receipt.json --out ended.note",
        "0 written, 4 not your organisation's, 5 no policy, 6 key, 7 disk, 9 no admin's home",
    ),
)
@click.argument("receipt", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the revocation goes.")
@home_option
@passphrase_option
@json_option
def revoke_command(*, receipt: Path, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """For the admin: end the consent in RECEIPT. It takes effect when the person accepts it, or joins another bundle.

    It destroys nothing: only the person can withdraw.
    """
    admin, text = opened(home, Role.ADMIN), read_document(receipt)
    source = passphrase_source(passphrase_file)
    grant, note = retried(lambda: revoke(admin, text, source, now()), passphrase_file)
    write_document(out, note)
    lines = [f"wrote the end of the consent {grant.id} into {out}", "it takes effect with: overt consent accept"]
    say({"grant": grant.id, "out": str(out)}, lines, as_json=as_json)


@click.command(
    "accept",
    short_help="Keep what the admin sent back.",
    epilog=ends("overt consent accept countersigned.json", "0 kept, 4 not of a consent of yours, 7 disk, 9 no home"),
)
@click.argument("file", type=PLACE)
@home_option
@json_option
def accept_command(*, file: Path, home: Path | None, as_json: bool) -> None:
    """Keep what the admin sent back: FILE is your receipt countersigned, or the end of your consent.

    A countersignature changes nothing about what may be recorded. A revocation ends recording, and destroys nothing.
    """
    person, text = opened(home, Role.EMPLOYEE), read_document(file)
    if "\n\n" in text:  # a note; a receipt is one line
        grant = accept_revocation(person, text)
        said = f"your organisation has ended the consent {grant.id}; nothing more is recorded under it"
        say({"grant": grant.id, "countersigned_at": None, "revoked": True}, [said], as_json=as_json)
        return
    grant = accept(person, text)
    held = load_countersignature(person, grant)
    at = None if held is None else instant_text(held.at)
    said = f"the consent {grant.id} is countersigned"
    say({"grant": grant.id, "countersigned_at": at, "revoked": False}, [said], as_json=as_json)


def write_document(out: Path, text: str) -> None:
    """Write *text* to the file *out* as a whole, in place of what was there; raises ``StorageError``."""
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, text.encode())
