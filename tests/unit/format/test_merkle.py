"""The Merkle tree against the reference roots, the published proof vectors and itself."""

import base64
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymerkle
import pytest

from overt.errors import UsageError, VerificationError
from overt.format.merkle import Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion

VECTORS = Path(__file__).parents[4] / "shared/data/merkle-testdata.tar.gz"

LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The reference roots of Certificate Transparency for the first one to eight of the leaves."""


def test_the_reference_roots_are_ours() -> None:
    tree = Tree()
    roots = []
    for leaf in LEAVES:
        tree.append(leaf)
        roots.append(tree.root().hex())

    assert roots == ROOTS


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root().hex().startswith("e3b0c44298fc1c14")


def test_every_proof_of_every_small_tree_verifies() -> None:
    tree = Tree(leaf_hash(bytes([index])) for index in range(40))
    for size in range(1, 41):
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            verify_inclusion(leaf_hash(bytes([index])), index, size, proof, tree.root(size))
        for old in range(size + 1):
            verify_consistency(old, size, tree.consistency_proof(old, size), tree.root(old), tree.root(size))


def test_a_proof_for_another_place_or_size_does_not_verify() -> None:
    tree = Tree(leaf_hash(bytes([index])) for index in range(12))
    proof = tree.inclusion_proof(5, 12)
    for index, size in ((4, 12), (7, 12), (5, 8), (5, 17), (12, 12), (-1, 12)):
        with pytest.raises(VerificationError):
            verify_inclusion(leaf_hash(b"\x05"), index, size, proof, tree.root())


def test_a_tree_that_did_not_grow_from_the_old_one_does_not_verify() -> None:
    tree = Tree(leaf_hash(bytes([index])) for index in range(12))
    other = Tree(leaf_hash(bytes([index + 1])) for index in range(12))
    for old in range(1, 12):
        with pytest.raises(VerificationError):
            verify_consistency(old, 12, tree.consistency_proof(old, 12), other.root(old), tree.root())


def test_growth_from_the_empty_tree_needs_its_root() -> None:
    """Defect of a first version: any bytes passed as the root of no leaves."""
    with pytest.raises(VerificationError):
        verify_consistency(0, 1, [], bytes(32), Tree([bytes(32)]).root())


def test_hashes_of_another_length_are_refused() -> None:
    with pytest.raises(VerificationError):
        verify_consistency(1, 1, [], b"twelve bytes", b"twelve bytes")
    with pytest.raises(VerificationError):
        verify_inclusion(b"x", 0, 1, [], b"x")


def test_truncating_takes_leaves_back() -> None:
    tree = Tree(leaf_hash(bytes([index])) for index in range(30))
    roots = [tree.root(size) for size in range(31)]
    for size in range(30, -1, -1):
        tree.truncate(size)
        assert (tree.size, tree.root()) == (size, roots[size])

    tree.append(bytes([0]))

    assert tree.root() == roots[1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.root(4),
        lambda tree: tree.inclusion_proof(3, 3),
        lambda tree: tree.inclusion_proof(0, 4),
        lambda tree: tree.consistency_proof(3, 2),
        lambda tree: tree.consistency_proof(1, 4),
        lambda tree: tree.truncate(4),
    ],
    ids=["root", "leaf", "inclusion", "shrinking", "consistency", "truncate"],
)
def test_what_the_tree_does_not_have_is_refused(ask: Any) -> None:
    with pytest.raises(UsageError):
        ask(Tree([bytes(32)] * 3))


def vectors(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not VECTORS.exists():
        pytest.skip("the proof vectors of transparency-dev/merkle are absent: wrong proofs are tested less widely")
    with tarfile.open(VECTORS) as archive:
        for member in archive:
            if f"/{kind}/" in member.name and member.name.endswith(".json"):
                file = archive.extractfile(member)
                assert file is not None
                yield member.name, json.load(file)


def decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [base64.b64decode(item) for item in value]
    return base64.b64decode(value or "")


def agrees(wanted_error: bool, verify: Any, *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except VerificationError:
        return wanted_error
    return not wanted_error


def test_the_published_inclusion_vectors_agree() -> None:
    wrong, count = [], 0
    for name, case in vectors("inclusion"):
        count += 1
        arguments = (decoded(case["leafHash"]), case["leafIdx"], case["treeSize"])
        proof, root = decoded(case["proof"] or []), decoded(case["root"])
        if not agrees(case["wantErr"], verify_inclusion, *arguments, proof, root):
            wrong.append(name)

    assert (wrong, count) == ([], 98)


def test_the_published_consistency_vectors_agree_but_for_roots_of_twelve_bytes() -> None:
    """That one says that twelve bytes are equal to themselves; to us they are no roots."""
    wrong, count = [], 0
    for name, case in vectors("consistency"):
        count += 1
        proof = decoded(case["proof"] or [])
        roots = (decoded(case["root1"]), decoded(case["root2"]))
        sizes = (case["size1"], case["size2"])
        if not agrees(case["wantErr"], verify_consistency, *sizes, proof, *roots):
            wrong.append((name, len(roots[0])))

    assert ([size for _, size in wrong], count) == ([12], 98)


def test_the_published_subtree_vectors_that_begin_at_the_first_leaf_agree() -> None:
    """A subtree from the first leaf on is a tree: those are the ones that fit; we have no others."""
    wrong, count = [], 0
    for name, case in vectors("subtreeinclusion"):
        if case["start"] == 0:
            count += 1
            arguments = (decoded(case["leafHash"]), case["leafIdx"], case["end"])
            if not agrees(case["wantErr"], verify_inclusion, *arguments, decoded(case["proof"]), decoded(case["root"])):
                wrong.append(name)
    for name, case in vectors("subtreeconsistency"):
        roots = [decoded(case[root]) for root in ("root1", "root2")]
        if case["start"] == 0 and {len(root) for root in roots} == {32}:
            count += 1
            sizes = (case["end"], case["size"])
            if not agrees(case["wantErr"], verify_consistency, *sizes, decoded(case["proof"]), *roots):
                wrong.append(name)

    assert (wrong, count) == ([], 182)


@pytest.mark.parametrize("old", [0, 1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("new", [0, 1, 2, 3, 4, 7, 8])
def test_an_empty_proof_shows_growth_only_where_there_is_nothing_to_show(old: int, new: int) -> None:
    """Defect of a first version: a missing check of the length believed any root at size 0."""
    tree, other = Tree([bytes(32)] * 8), Tree([bytes([1]) * 32] * 8)
    fine = old in {0, new}

    assert agrees(not fine, verify_consistency, old, new, [], tree.root(old), tree.root(new))
    if old or new:
        assert agrees(not (fine and old == 0), verify_consistency, old, new, [], tree.root(old), other.root(new))


def test_every_shortened_lengthened_reordered_or_foreign_proof_is_refused() -> None:
    tree = Tree(leaf_hash(bytes([index])) for index in range(21))
    for size in range(2, 22):
        for other in range(1, size):
            growth = tree.consistency_proof(other, size)
            inclusion = tree.inclusion_proof(other, size)
            for bad in (growth[:-1], [*growth, bytes(32)], growth[::-1]):
                if bad != growth:
                    with pytest.raises(VerificationError):
                        verify_consistency(other, size, bad, tree.root(other), tree.root(size))
            for bad in (inclusion[:-1], [*inclusion, bytes(32)], inclusion[::-1]):
                if bad != inclusion:
                    with pytest.raises(VerificationError):
                        verify_inclusion(leaf_hash(bytes([other])), other, size, bad, tree.root(size))


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    """Leaves and nodes are hashed apart, so that the tree of two nodes is not the tree of their four leaves."""
    leaves = [leaf_hash(bytes([index])) for index in range(4)]
    nodes = [node_hash(*leaves[:2]), node_hash(*leaves[2:])]

    assert Tree(map(leaf_hash, nodes)).root() != Tree(leaves).root()
    with pytest.raises(VerificationError):
        verify_inclusion(leaf_hash(leaves[0] + leaves[1]), 0, 2, [nodes[1]], Tree(leaves).root())


def test_numbers_beyond_all_trees_end_in_a_refusal_at_once() -> None:
    for index, size in ((2**63, 2**64), (2**4096, 2**4097), (0, 2**4096)):
        with pytest.raises(VerificationError):
            verify_inclusion(bytes(32), index, size, [bytes(32)] * 63, bytes(32))
        with pytest.raises(VerificationError):
            verify_consistency(index + 1, size, [bytes(32)] * 63, bytes(32), bytes(32))


def test_another_library_has_the_same_roots() -> None:
    theirs, ours = pymerkle.InmemoryTree(algorithm="sha256"), Tree()
    sizes = [*range(1, 70), 127, 128, 129, 255, 256, 257, 511, 512, 513, 700]
    for number in range(max(sizes)):
        theirs.append_entry(b"%d" % number)
        ours.append(b"%d" % number)

    assert [ours.root(size) for size in sizes] == [theirs.get_root(size) for size in sizes]
