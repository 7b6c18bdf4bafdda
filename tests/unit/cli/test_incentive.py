"""Vouchers that everybody gets, that say nothing, and that are paid alike."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
OFFER = ("incentive", "offer", "--begins-on", "2027-01-01", "--people", "3")
TERMS = """
[incentive]
amount_minor = 1000
currency = "EUR"
window_days = 30
alternative = "scripted tasks on made-up accounts"
"""


@pytest.fixture
def vouchers(overt: Overt, tmp_path: Path) -> list[Path]:
    """Three vouchers of an admin whose policy offers something."""
    overt("init", "--all-in-one")
    (tmp_path / "policy.toml").write_text(overt("policy", "new", "--trial").out + TERMS)
    signed = overt("policy", "sign", tmp_path / "policy.toml", "--out", tmp_path / "bundle")
    assert signed.code == 0, signed.err
    made = overt(*OFFER, "--out", tmp_path / "vouchers", "--json")
    assert (made.code, made.said["vouchers"], made.said["amount_minor"]) == (0, 3, 1000), made.err
    assert made.said["alternative"] == "scripted tasks on made-up accounts"
    return sorted((tmp_path / "vouchers").glob("voucher-*.note"))


def test_each_voucher_is_worth_the_same_and_is_redeemed_once(overt: Overt, vouchers: list[Path]) -> None:
    first = overt("incentive", "redeem", *vouchers[:2], "--json")
    again = overt("incentive", "redeem", vouchers[0], "--json")
    shown = overt("incentive", "show", "--json")

    assert {row["amount_minor"] for row in first.said["vouchers"]} == {1000}
    assert [row["first"] for row in (*first.said["vouchers"], *again.said["vouchers"])] == [True, True, False]
    assert again.code == 0
    assert [(each["redeemed"], each["total_minor"]) for each in shown.said["offers"]] == [(2, 2000)]


def test_vouchers_differ_in_nothing_but_their_random_name(vouchers: list[Path]) -> None:
    sizes = {len(path.read_bytes()) for path in vouchers}
    texts = [path.read_text().partition("\n\n")[0] for path in vouchers]

    assert len(sizes) == 1
    assert len(set(texts)) == 3
    assert len({text.partition('"voucher":')[0] for text in texts}) == 1


def test_a_withdrawal_takes_nothing_back(overt: Overt, vouchers: list[Path], tmp_path: Path) -> None:
    """Neither what was redeemed nor what is still to be redeemed; the admin's home does not even change."""
    overt("join", tmp_path / "bundle", "--yes")
    assert overt(*GIVE).code == 0
    overt("incentive", "redeem", vouchers[0])
    admin = tmp_path / "home" / "admin" / "incentive"
    before = {path: path.read_bytes() for path in admin.rglob("*") if path.is_file()}

    assert overt("consent", "withdraw").code == 0

    assert {path: path.read_bytes() for path in admin.rglob("*") if path.is_file()} == before
    assert overt("incentive", "redeem", vouchers[1], "--json").said["vouchers"][0]["first"]


def test_a_changed_voucher_is_refused(overt: Overt, vouchers: list[Path]) -> None:
    text = vouchers[0].read_text()
    vouchers[0].write_text(text.replace('"voucher":"', '"voucher":"0', 1))

    outcome = overt("incentive", "redeem", vouchers[0])

    assert outcome.code == 1
    assert "voucher was changed" in outcome.err


def test_without_an_incentive_in_the_policy_there_is_no_offer(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")

    outcome = overt(*OFFER, "--out", tmp_path / "vouchers")

    assert outcome.code == 5
    assert not (tmp_path / "vouchers").exists()
    assert overt("incentive", "show").out == "no offer was made\n"


def test_vouchers_are_never_written_over_others(overt: Overt, vouchers: list[Path]) -> None:
    before = [path.read_bytes() for path in vouchers]

    assert overt(*OFFER, "--out", vouchers[0].parent).code == 2

    assert [path.read_bytes() for path in vouchers] == before
