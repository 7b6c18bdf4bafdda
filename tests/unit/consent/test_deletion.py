"""A handle finds all that is its own, says nothing of its person, and cannot be told from what a data set holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.consent.deletion import DeletionRequest, deletion_tag, parse_request, request_text
from overt.consent.revocation_list import Recall, RevocationList, parse_revocations, recall_of, revocations_text
from overt.errors import ConsentError

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ID = st.binary(min_size=16, max_size=16).map(bytes.hex)
IDS = st.sets(ID, max_size=8)


def listed(handles: set[str], episodes: set[str]) -> RevocationList:
    return RevocationList(at=NOON, handles=tuple(sorted(handles)), episodes=tuple(sorted(episodes)))


@given(IDS, IDS, st.dictionaries(ID, ID, max_size=12))
def test_exactly_what_was_asked_for_is_to_be_deleted(
    handles: set[str], episodes: set[str], recorded: dict[str, str]
) -> None:
    """*recorded* has the secret handle of each episode in a data set."""
    some = set(list(recorded.values())[::2])
    recall = recall_of([listed(handles | some, episodes | set(list(recorded)[:1]))])

    doomed = {episode for episode, handle in recorded.items() if recall.names(episode, deletion_tag(handle, episode))}

    asked = handles | some
    by_id = episodes | set(list(recorded)[:1])
    assert doomed == {each for each, handle in recorded.items() if handle in asked or each in by_id}


@given(ID, ID, ID)
def test_tags_of_one_person_have_nothing_in_common(handle: str, one: str, other: str) -> None:
    tags = {deletion_tag(handle, one), deletion_tag(handle, other)}

    assert len(tags) == len({one, other})
    assert all(handle not in tag for tag in tags)


def test_the_tag_is_what_the_specification_says() -> None:
    """Anybody can compute it: SHA-256 of three lines."""
    by_sha256sum = "08fc1ed47df691773e8b387591f5999d970d5e9321a1eb321693c5f879422b0a"

    assert deletion_tag("0" * 32, "1" * 32) == by_sha256sum


@given(IDS.filter(bool))
def test_a_request_reads_as_it_was_written_in_one_way_only(handles: set[str]) -> None:
    request = DeletionRequest(handles=tuple(sorted(handles)))

    text = request_text(request)

    assert parse_request(text) == request
    assert set(DeletionRequest.model_fields) == {"format", "handles"}
    for changed in (text.strip(), text + "\n", " " + text, text.replace(":", ": ", 1)):
        with pytest.raises(ConsentError):
            parse_request(changed)


@given(IDS, IDS)
def test_a_list_reads_as_it_was_written(handles: set[str], episodes: set[str]) -> None:
    made = listed(handles, episodes)

    assert parse_revocations(revocations_text(made)) == made


@pytest.mark.parametrize("handles", [("b" * 32, "a" * 32), ("a" * 32, "a" * 32), ("A" * 32,), ("a" * 31,), ("",)])
def test_what_is_out_of_order_double_or_no_handle_is_refused(handles: tuple[str, ...]) -> None:
    text = f'{{"format":"overt-deletion/1","handles":[{",".join(f"{chr(34)}{each}{chr(34)}" for each in handles)}]}}\n'

    with pytest.raises(ConsentError, match="malformed"):
        parse_request(text)
    with pytest.raises(ConsentError):
        parse_revocations(text.replace("overt-deletion", "overt-revocations").replace("{", '{"episodes":[],', 1))


def test_requests_and_lists_add_up() -> None:
    recall = recall_of([listed({"aa" * 16}, set()), listed(set(), {"bb" * 16})], ["cc" * 16])

    assert recall == Recall(handles=frozenset({"aa" * 16, "cc" * 16}), episodes=frozenset({"bb" * 16}))


@pytest.mark.parametrize("wrong", ["", "{}", "[]\n", '{"format":"overt-deletion/1"}\n'])
def test_rubbish_is_named_for_what_it_should_have_been(wrong: str) -> None:
    with pytest.raises(ConsentError, match=r"^the request to delete is malformed$"):
        parse_request(wrong)
    with pytest.raises(ConsentError, match=r"^the revocation list is malformed$"):
        parse_revocations(wrong)


def test_a_request_is_one_whole_line() -> None:
    text = request_text(DeletionRequest(handles=("ab" * 16,)))

    with pytest.raises(ConsentError, match=r"^the request to delete says something that no request of ours says$"):
        parse_request(text.removesuffix("\n"))
