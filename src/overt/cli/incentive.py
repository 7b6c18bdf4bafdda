"""``overt incentive``: a flat amount for taking part, in vouchers that say nothing about their bearer."""

import os
from datetime import datetime
from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.consent.incentive import IncentiveLedger, paid
from overt.dataset.source import cohort_floor
from overt.errors import UsageError
from overt.keys.incentives import ledgers, offer_vouchers, redeem_voucher
from overt.store import files
from overt.store.home import Role


@click.group("incentive", epilog=ends("overt incentive show"))
def command() -> None:
    """Give everybody who is asked the same, by vouchers: recorded or not, much or little, and never taken back."""


@command.command(
    "offer",
    short_help="Write the offer for one window, and a voucher for each person.",
    epilog=ends(
        "overt incentive offer --begins-on 2027-01-01 --people 80 --out vouchers",
        "0 written, 2 wrong use, 5 the policy offers nothing, 6 key, 7 disk, 9 no admin's home",
    ),
)
@click.option("--begins-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day of the window.")
@click.option("--people", type=click.IntRange(min=1), required=True, help="Everybody who is asked, whatever they say.")
@click.option("--out", type=PLACE, required=True, metavar="DIR", help="A new directory for them.")
@home_option
@passphrase_option
@json_option
def offer_command(
    *, begins_on: datetime, people: int, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Write the policy's offer for the window, and as many vouchers as people are asked.

    Hand them out before anybody answers, one to each. Whoever is recorded and whoever does the alternative redeems one
    for the same amount, and a voucher does not say which. They are secrets like banknotes.
    """
    admin, source = opened(home, Role.ADMIN), passphrase_source(passphrase_file)
    if out.is_dir() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty", hint="nothing is overwritten: choose another --out")
    at, day = now(), begins_on.date()
    offer, signed, vouchers = retried(lambda: offer_vouchers(admin, day, people, source, at), passphrase_file)
    place = files.ensure_directory(Path(os.path.abspath(out)))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place, "offer.note", signed.encode())
    for number, voucher in enumerate(vouchers, start=1):
        files.replace(place, f"voucher-{number:05d}.note", voucher.encode())
    lines = [
        f"wrote {len(vouchers)} vouchers for {_money(offer.amount_minor, offer.currency)} each into {out}",
        f"the same amount without being recorded: {offer.alternative}",
    ]
    say(
        {"out": str(out), "vouchers": len(vouchers), **offer.model_dump(mode="json", exclude={"kind"})},
        lines,
        as_json=as_json,
    )


@command.command(
    "redeem",
    short_help="Redeem VOUCHERS, each once.",
    epilog=ends(
        "overt incentive redeem voucher-00017.note",
        "0 redeemed, or it was before; 1 changed, 2 of another home, 4 no voucher, 7 disk, 9 no admin's home",
    ),
)
@click.argument("vouchers", nargs=-1, required=True, type=PLACE)
@home_option
@json_option
def redeem_command(*, vouchers: tuple[Path, ...], home: Path | None, as_json: bool) -> None:
    """Redeem VOUCHERS and say what each is worth. Kept is the voucher, and neither who brought it nor when."""
    admin = opened(home, Role.ADMIN)
    rows: list[dict[str, object]] = []
    for path in vouchers:
        offer, first = redeem_voucher(admin, read_document(path))
        rows.append({"file": str(path), "first": first, "amount_minor": offer.amount_minor, "currency": offer.currency})
        if not first:
            note(f"{path} was redeemed before")
    worth = [f"{row['file']}: {_money(int(str(row['amount_minor'])), str(row['currency']))}" for row in rows]
    say({"vouchers": rows}, worth, as_json=as_json)


@command.command(
    "show",
    short_help="Show the offers, and what was redeemed.",
    epilog=ends("overt incentive show --json", "0 shown, 4 changed, 5 no policy, 9 no admin's home"),
)
@home_option
@json_option
def show_command(*, home: Path | None, as_json: bool) -> None:
    """Show each offer, and how many of its vouchers were redeemed, once that is no figure about a few people."""
    admin = opened(home, Role.ADMIN)
    floor = cohort_floor(admin)
    known = list(ledgers(admin))
    lines = [_line(each, floor) for each in known] or ["no offer was made"]
    say({"floor": floor, "offers": [_facts(each, floor) for each in known]}, lines, as_json=as_json)


def _facts(ledger: IncentiveLedger, floor: int) -> dict[str, object]:
    sum_ = paid(ledger, floor)
    return {
        **ledger.offer.model_dump(mode="json", exclude={"kind"}),
        "redeemed": None if sum_ is None else sum_.vouchers,
        "total_minor": None if sum_ is None else sum_.total_minor,
    }


def _line(ledger: IncentiveLedger, floor: int) -> str:
    offer, sum_ = ledger.offer, paid(ledger, floor)
    told = (
        f"fewer than {floor} redeemed"
        if sum_ is None
        else f"{sum_.vouchers} redeemed, {_money(sum_.total_minor, offer.currency)}"
    )
    return f"{offer.begins_on}, {offer.window_days} days  {_money(offer.amount_minor, offer.currency)} each  {told}"


def _money(minor: int, currency: str) -> str:
    return f"{minor} of the smallest unit of {currency}"
