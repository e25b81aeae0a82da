"""Stands in for a model where the probabilities of an announcement's candidates are known."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evidence.model import Model, Signs


class Known(Model):
    """Gives each candidate the probability that is known of it, in order."""

    def __init__(self, chances: Sequence[float], least: float) -> None:
        super().__init__([], least=least)
        self._chances = list(chances)

    def probabilities(self, candidates: Sequence[Signs]) -> list[float]:
        """The known probabilities. Raises ``ValueError`` for another number of candidates."""
        if len(candidates) != len(self._chances):
            raise ValueError("other candidates than those that were weighed")
        return self._chances
