"""What the network of relations is asked of each kind of pair: which project, where, what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.named import Named
from pipeline.extract.relations.chances import NET, Asked, Span
from pipeline.extract.relations.money import KINDS as MONEY
from pipeline.extract.relations.pairs import Pair

PLACES = 8  # mentions of an entity that are looked at
BACK = "net_back"  # the sign of the answer for a link seen from its other end

_BACK = {"continues": "continued_by", "part_of": "has_part"}


class Asks:
    """Questions about the pairs of one announcement: ``of[kind](pair)``, by the sign of each."""

    def __init__(self, named: Named) -> None:
        key = named.entities.key
        self._bodies = _places((key(find), find) for find in named.organisations)
        self._areas = _places((key(find), find) for find in named.areas)
        self._projects = _places((key, find) for find, key in named.context.mentions)
        self._keys = [*self._projects, None]
        self.of: Mapping[str, Callable[[Pair], Mapping[str, Asked]]] = {
            "participations": self._of_body,
            "dates": self._of_date,
            "budgets": self._of_sum,
            "owners": self._of_owner,
            "areas": self._of_area,
            "links": self._of_link,
        }

    def _of_body(self, pair: Pair) -> Mapping[str, Asked]:
        """Has the body that part, at any of its mentions?"""
        spans = self._bodies.get(pair.item) or [(pair.start, pair.end)]
        return {NET: [(pair.project, span, pair.value) for span in spans]}

    def _of_date(self, pair: Pair) -> Mapping[str, Asked]:
        """Is the date that end of the project's period?"""
        return {NET: [(pair.project, (pair.start, pair.end), pair.value)]}

    def _of_sum(self, pair: Pair) -> Mapping[str, Asked]:
        """Is the sum of that kind, whosever it is?"""
        return {NET: [(key, (pair.start, pair.end), pair.value) for key in self._keys]}

    def _of_owner(self, pair: Pair) -> Mapping[str, Asked]:
        """Is the sum any money of the project's?"""
        return {NET: [(pair.project, (pair.start, pair.end), kind) for kind in MONEY]}

    def _of_area(self, pair: Pair) -> Mapping[str, Asked]:
        """Does the project work in the area, at any of its mentions?"""
        return {NET: [(pair.project, span, "area") for span in self._areas[pair.item]]}

    def _of_link(self, pair: Pair) -> Mapping[str, Asked]:
        """Is the one linked so to the other, and the other back to the one?"""
        relation, _, related = pair.value.partition(" ")
        return {
            NET: [(related, span, relation) for span in self._projects[pair.item]],
            BACK: [(pair.item, span, _BACK[relation]) for span in self._projects[related]],
        }


def _places(finds: Iterable[tuple[str, EntityFind]]) -> Mapping[str, Sequence[Span]]:
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for key, find in finds:
        if len(found[key]) < PLACES:
            found[key].append((find.start, find.end))
    return dict(found)
