"""The right edge knows the same root as the whole tree, at every size and across every level."""

import pytest

from overt.errors import VerificationError
from overt.format import merkle
from overt.format.checkpoint import Checkpoint
from overt.ledger import tiles
from overt.ledger.edge import Edge, partial_widths


def test_the_root_and_every_tile_are_those_of_the_whole_tree() -> None:
    edge, tree = Edge.empty(), merkle.Tree()
    assert edge.root() == merkle.EMPTY_ROOT
    for number in range(66_000):
        entry = number.to_bytes(4, "big")
        changed = edge.append(entry)
        tree.append(entry)
        if number < 800 or (number > 65_530 and number % 61 == 0) or 65_534 <= number <= 65_537:
            assert edge.root() == tree.root()
            for tile, content in changed[1:]:
                assert content == tiles.render_hashes(tree, tile)
            assert {tile for tile, _ in changed} == set(tiles.changed_tiles(number, number + 1))


@pytest.mark.parametrize(
    ("size", "widths"),
    [(0, []), (1, [1]), (255, [255]), (256, [0, 1]), (257, [1, 1]), (65_536, [0, 0, 1]), (66_000, [208, 1, 1])],
)
def test_the_widths_of_the_last_tiles_follow_from_the_size(size: int, widths: list[int]) -> None:
    assert partial_widths(size) == widths


def test_parts_that_do_not_belong_together_are_refused() -> None:
    leaf = merkle.leaf_hash(b"a")
    for size, entries, levels in (
        (1, [b"a"], []),
        (1, [], [[leaf]]),
        (1, [b"b"], [[leaf]]),
        (2, [b"a"], [[leaf]]),
        (257, [b"a"], [[leaf]]),
        (0, [b"a"], [[leaf]]),
    ):
        with pytest.raises(VerificationError):
            Edge(size, entries, levels)

    assert Edge(1, [b"a"], [[leaf]]).root() == Checkpoint(origin="x", size=1, root=leaf).root
