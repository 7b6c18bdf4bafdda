"""The Merkle tree of RFC 6962: roots, proofs that a leaf is in it, proofs that it only grew."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from overt.errors import UsageError, VerificationError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
Node = Callable[[int, int], bytes]
"""From a level and an index to the hash of the perfect subtree of ``2 ** level`` leaves at that place of its level."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of the leaf *data*."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over the hashes *left* and *right*."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree. It keeps every hash, 64 bytes a leaf, so that each root and proof costs only logarithms."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        """Start with the leaves whose hashes are *leaf_hashes*."""
        self.levels: list[list[bytes]] = [[]]
        for value in leaf_hashes:
            self.append_hash(value)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self.levels[0])

    def append(self, data: bytes) -> int:
        """Add the leaf *data* and return its index."""
        return self.append_hash(leaf_hash(data))

    def append_hash(self, value: bytes) -> int:
        """Add the leaf whose hash is *value* and return its index."""
        self.levels[0].append(value)
        level = 0
        while len(self.levels[level]) % 2 == 0:
            if level + 1 == len(self.levels):
                self.levels.append([])
            self.levels[level + 1].append(node_hash(self.levels[level][-2], self.levels[level][-1]))
            level += 1
        return self.size - 1

    def truncate(self, size: int) -> None:
        """Take back every leaf after the first *size*.

        Raises:
            UsageError: there are fewer leaves.
        """
        self._checked(size)
        for level, hashes in enumerate(self.levels):
            del hashes[size >> level :]

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first *size* leaves, or over all of them.

        Raises:
            UsageError: there are fewer leaves.
        """
        return root_of(self._checked(self.size if size is None else size), self.node)

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the perfect subtree of ``2 ** level`` leaves that is number *index* of its level."""
        return self.levels[level][index]

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Return the proof that leaf *index* is among the first *size* leaves.

        Raises:
            UsageError: it is not, or there are fewer leaves.
        """
        return inclusion_proof(index, self._checked(size), self.node)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the first *old* leaves are the beginning of the first *new* leaves.

        Raises:
            UsageError: *old* is larger than *new*, or there are fewer leaves.
        """
        return consistency_proof(old, self._checked(new), self.node)

    def _checked(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise UsageError(f"a tree of {self.size} leaves has no first {size}")
        return size


def root_of(size: int, node: Node) -> bytes:
    """Return the root of the tree of *size* leaves whose perfect subtrees *node* knows."""
    return _hash(0, size, node) if size else EMPTY_ROOT


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over *hashes*, as many as a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that leaf *index* is in the tree of *size* leaves whose perfect subtrees *node* knows.

    Raises:
        UsageError: it is not.
    """
    if not 0 <= index < size:
        raise UsageError(f"leaf {index} is not among the first {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_hash(middle, end, node))
            end = middle
        else:
            path.append(_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that a tree of *new* leaves, whose perfect subtrees *node* knows, begins with its first *old*.

    Raises:
        UsageError: *old* is larger than *new*.
    """
    if not 0 <= old <= new:
        raise UsageError(f"a tree of {new} leaves does not grow from one of {old}")
    if old in {0, new}:
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_hash(middle, end, node))
            end = middle
        else:
            path.append(_hash(start, middle, node))
            start = middle
    return ([_hash(start, end, node)] if start else []) + path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Confirm that the leaf with the hash *leaf* stands at *index* in the tree of *size* leaves with this *root*.

    Raises:
        VerificationError: the proof does not show it.
    """
    _check_lengths([leaf, root, *proof])
    if not 0 <= index < size:
        raise VerificationError("an inclusion proof names a leaf beyond its tree")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        raise VerificationError("an inclusion proof has the wrong length")
    if _chain(leaf, proof, index, inner) != root:
        raise VerificationError("an inclusion proof leads to another root")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Confirm that the tree of *new* leaves with *new_root* begins with the tree of *old* leaves with *old_root*.

    Raises:
        VerificationError: the proof does not show it.
    """
    _check_lengths([old_root, new_root, *proof])
    if not 0 <= old <= new:
        raise VerificationError("a consistency proof leads to a smaller tree")
    if old in {0, new}:
        _verify_trivial(old, new, proof, old_root, new_root)
        return
    shift = (old & -old).bit_length() - 1
    # When the old tree is one perfect subtree, its root starts the chain and the proof leaves it out.
    chain = list(proof) if old != 1 << shift else [old_root, *proof]
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    if len(chain) != 1 + inner + ((old - 1) >> (inner + shift)).bit_count():
        raise VerificationError("a consistency proof has the wrong length")
    index = (old - 1) >> shift
    if _chain(chain[0], chain[1:], index, inner, only_left=True) != old_root:
        raise VerificationError("a consistency proof leads to another old root")
    if _chain(chain[0], chain[1:], index, inner) != new_root:
        raise VerificationError("a consistency proof leads to another new root")


def _verify_trivial(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise VerificationError("a consistency proof has the wrong length")
    if old == new and old_root != new_root:
        raise VerificationError("two trees of one size have different roots")
    if old == 0 and old_root != EMPTY_ROOT:
        raise VerificationError("the empty tree has another root")


def _chain(start: bytes, path: Sequence[bytes], index: int, inner: int, *, only_left: bool = False) -> bytes:
    value = start
    for level, sibling in enumerate(path):
        if level >= inner or index >> level & 1:
            value = node_hash(sibling, value)
        elif not only_left:
            value = node_hash(value, sibling)
    return value


def _check_lengths(hashes: Iterable[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in hashes):
        raise VerificationError("a hash in a proof holds 32 bytes")


def _hash(start: int, end: int, node: Node) -> bytes:
    length = end - start
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(length)
    return node_hash(_hash(start, middle, node), _hash(middle, end, node))


def _split(length: int) -> int:
    return 1 << ((length - 1).bit_length() - 1)
