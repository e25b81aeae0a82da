"""How likely the network of relations finds each relation of a project to what stands at a span."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.evidence.model import sigmoid
from pipeline.extract.doc_text import words_in
from pipeline.extract.finds import Find
from pipeline.extract.named import Named
from pipeline.extract.relations.channels import Channels
from pipeline.extract.relations.network import RELATIONS, RelationNetwork, shipped_network
from pipeline.extract.relations.pairs import Pair
from pipeline.layer_norm import Matrix

MOST_WORDS = 4_000  # of an announcement that are read
MOST_PROJECTS = 60  # of an announcement that are asked for
LEAST = -15.0  # logit of what is not read
MARGIN = 8.0  # logits
NET = "net"  # the sign of the answer that every pair has

Span = tuple[int, int]
Asked = Iterable[tuple[str | None, Span, str]]
"""Projects, spans and relations that all tell of one candidate."""


class RelationChances:
    """The network's answers for one announcement; each project is read when it is first asked for.

    ``network`` stands in for the one that is shipped. A document without rows of meanings has no
    answers: each is ``LEAST``.
    """

    def __init__(
        self,
        named: Named,
        network: RelationNetwork | None,
        dates: Iterable[Find],
        sums: Iterable[Find],
    ) -> None:
        tokens = words_in(named.doc)[:MOST_WORDS]
        self.read = bool(tokens) and named.doc.tensor.size > 0
        self._logits: dict[str | None, Matrix] = {}
        if not self.read:
            return
        self._network = network or shipped_network()
        ends = [token.idx + len(token) for token in tokens]
        self._end = ends[-1]
        self._channels = Channels(named, [token.idx for token in tokens], ends, dates, sums)
        meanings: Any = named.doc.tensor
        self._known = self._network.known(meanings[[token.i for token in tokens]])

    def logit(self, asked: Asked) -> float:
        """The logit that any of these says so: their chances weigh together."""
        total = sum(math.exp(self._one(*question)) for question in asked)
        return math.log(total) if total > 0 else LEAST

    def _one(self, project: str | None, span: Span, relation: str) -> float:
        """The mean of the span's first and last word."""
        if not self.read or span[0] >= self._end:
            return LEAST
        if project not in self._logits:
            if len(self._logits) >= MOST_PROJECTS:
                return LEAST
            channels = self._channels.of(project)
            self._logits[project] = self._network.logits(self._known, channels)
        first, behind = self._channels.words(*span)
        column = self._logits[project][:, RELATIONS.index(relation)]
        return max(LEAST, min((float(column[first]) + float(column[behind - 1])) / 2, -LEAST))


def with_chances(
    pairs: Sequence[Pair], asked: Callable[[Pair], Mapping[str, Asked]], chances: RelationChances
) -> list[Pair]:
    """The pairs with the network's answers among their signs.

    ``asked`` tells what is asked of a pair for each sign: an answer is a probability. How far that
    of ``NET`` is above the best for the same item with another project, for the same item and
    project with another value, and for the same project and value with another item, are signs
    too, where there is another.
    """
    logits = [{sign: chances.logit(a) for sign, a in asked(pair).items()} for pair in pairs]
    first = [answers[NET] for answers in logits]
    over = {
        "net_over_projects": margins(first, [(pair.item, pair.value) for pair in pairs]),
        "net_over_values": margins(first, [(pair.item, pair.project) for pair in pairs]),
        "net_over_items": margins(first, [(pair.project, pair.value) for pair in pairs]),
    }
    found: list[Pair] = []
    for number, pair in enumerate(pairs):
        signs = {**pair.signs}
        signs.update((name, sigmoid(logit)) for name, logit in logits[number].items())
        for name, of_pairs in over.items():
            margin = of_pairs[number]
            if margin is not None:
                signs[name] = margin
        found.append(msgspec.structs.replace(pair, signs=signs))
    return found


def margins(logits: Sequence[float], keys: Sequence[object]) -> list[float | None]:
    """How far each logit is above the best other one of its key, ``None`` where it has none.

    From 0 (far below) by ``MARGIN`` (level) to twice that (far above): a sign that is not there
    is 0, and what is far is not told apart.
    """
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        groups[key].append(number)
    found: list[float | None] = [None] * len(logits)
    for numbers in groups.values():
        if len(numbers) == 1:
            continue
        best, second = sorted((logits[number] for number in numbers), reverse=True)[:2]
        for number in numbers:
            rival = best if logits[number] < best else second
            found[number] = MARGIN + max(-MARGIN, min(logits[number] - rival, MARGIN))
    return found
