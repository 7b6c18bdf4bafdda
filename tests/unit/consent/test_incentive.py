"""The same for everyone, by nothing that was recorded, for the alternative too, and never taken back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.consent.incentive import (
    IncentiveLedger,
    Offer,
    Paid,
    Voucher,
    make_offer,
    make_voucher,
    offer_text,
    paid,
    parse_offer,
    parse_voucher,
    redeem,
    voucher_text,
)
from overt.errors import ConsentError, PolicyError, UsageError
from overt.policy.document import parse_policy, text_sha256
from overt.policy.templates import trial_policy_text

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TERMS = """
[incentive]
amount_minor = 1000
currency = "EUR"
window_days = 30
alternative = "scripted tasks on made-up accounts"
"""
IDS = st.lists(st.integers(0, 40).map(lambda number: f"{number:032x}"), max_size=60)


def offer(amount: int = 1000) -> Offer:
    policy = parse_policy(trial_policy_text() + TERMS.replace("1000", str(amount)))
    return make_offer(policy, "0" * 64, date(2027, 1, 1), NOON)


def test_an_offer_is_the_policys_and_names_the_alternative() -> None:
    made = offer()

    assert (made.amount_minor, made.currency, made.begins_on, made.window_days) == (1000, "EUR", "2027-01-01", 30)
    assert made.alternative == "scripted tasks on made-up accounts"
    assert parse_offer(offer_text(made)) == made


def test_a_policy_without_an_incentive_makes_no_offer() -> None:
    with pytest.raises(PolicyError, match=r"^the policy offers nothing") as caught:
        make_offer(parse_policy(trial_policy_text()), "0" * 64, date(2027, 1, 1), NOON)

    assert str(caught.value.hint).startswith("add [incentive] to it")


def test_a_voucher_says_of_which_offer_it_is_and_nothing_else() -> None:
    """No person, no grant, no volume, no time; and not whether its bearer was recorded or did the alternative."""
    voucher = make_voucher(offer(), "ab" * 16)

    assert set(Voucher.model_fields) == {"format", "offer", "voucher"}
    assert parse_voucher(voucher_text(voucher)) == voucher


@given(IDS)
def test_everybody_gets_the_same_whoever_comes_and_how_often(ids: list[str]) -> None:
    ledger = IncentiveLedger(offer=offer())

    for each in ids:
        ledger = redeem(ledger, make_voucher(ledger.offer, each))

    assert paid(ledger, 0) == Paid(vouchers=len(set(ids)), total_minor=1000 * len(set(ids)))


@given(IDS, IDS)
def test_what_was_redeemed_stays_redeemed_whatever_comes_after(before: list[str], after: list[str]) -> None:
    ledger = IncentiveLedger(offer=offer())
    for each in before:
        ledger = redeem(ledger, make_voucher(ledger.offer, each))
    once = ledger.redeemed

    for each in after:
        ledger = redeem(ledger, make_voucher(ledger.offer, each))

    assert once <= ledger.redeemed
    assert ledger.offer == offer()


@pytest.mark.parametrize(("count", "told"), [(0, False), (49, False), (50, True), (51, True)])
def test_a_figure_about_a_few_people_is_not_given(count: int, told: bool) -> None:
    ledger = IncentiveLedger(offer=offer(), redeemed=frozenset(f"{number:032x}" for number in range(count)))

    assert (paid(ledger, 50) is not None) is told


def test_a_voucher_of_another_offer_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^the voucher is of another offer$"):
        redeem(IncentiveLedger(offer=offer()), make_voucher(offer(2000), "ab" * 16))


@pytest.mark.parametrize("extra", ['"amount":5', '"person":"ann"', '"reversed":true', '"grant":"00"'])
def test_nothing_can_be_written_onto_a_voucher(extra: str) -> None:
    text = voucher_text(make_voucher(offer(), "ab" * 16))

    for changed in (text.replace("{", "{" + extra + ",", 1), text.replace("}", "," + extra + "}", 1)):
        with pytest.raises(ConsentError):
            parse_voucher(changed)


@pytest.mark.parametrize("wrong", ["", "x", "{}", "[]\n", '{"format":"overt-voucher/1"}\n'])
def test_rubbish_is_neither_a_voucher_nor_an_offer(wrong: str) -> None:
    for read, what in ((parse_voucher, "voucher"), (parse_offer, "offer")):
        with pytest.raises(ConsentError, match=rf"^the {what} is malformed$"):
            read(wrong)


def test_a_voucher_is_one_whole_line() -> None:
    text = voucher_text(make_voucher(offer(), "ab" * 16))

    assert (
        text == f'{{"format":"overt-voucher/1","offer":"{text_sha256(offer_text(offer()))}","voucher":"{"ab" * 16}"}}\n'
    )
    with pytest.raises(ConsentError, match=r"^the voucher says something that no voucher of ours says$"):
        parse_voucher(text.removesuffix("\n"))
