"""The engine in this very process: one episode after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from overt.dataset.engines.task import Done, Order
from overt.dataset.judge import Judge
from overt.dataset.part import PartWriter
from overt.dataset.reading import read_episode
from overt.dataset.recheck import SecondLook
from overt.dataset.workshop import Workshop
from overt.trajectory.build import Rules


class Here:
    """Reads episodes in this process (``Engine``)."""

    def __init__(self, judges: Sequence[Judge] = ()) -> None:
        """Look a second time with *judges*."""
        self._look = SecondLook(judges=judges)

    @property
    def judges(self) -> Mapping[str, str]:
        """Who looks a second time, and which version of them."""
        return self._look.versions

    def read(self, orders: Iterable[Order], rules: Rules, workshop: Workshop) -> Iterator[Done]:
        """Read one episode each time that the next is asked for."""
        for order in orders:
            each = order.each
            with PartWriter(workshop.path(order.name), workshop.part_key(order.name)) as part:
                part.finish(read_episode(each.content, part, self._look, rules, synthetic=each.session.synthetic))
            yield Done(name=order.name)
