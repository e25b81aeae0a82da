"""Scores by the readers' votes alone: what the rules would decide if no evidence were weighed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evidence.fitted import Evidence
from pipeline.evidence.model import Model, Signs

OUTRIGHT = "outright"
"""The sign that holds the surest vote for a name by words that say one."""
VOTE = "vote"
"""The sign that holds the surest vote for a fact."""
BY_ITSELF = "by_itself"
"""The sign that holds how likely a name is by itself, where it is weighed beside others."""


class Votes(Model):
    """Takes the surest vote of a candidate for its probability."""

    def __init__(self) -> None:
        super().__init__([], least=0.5)

    def probabilities(self, candidates: Sequence[Signs]) -> list[float]:
        """The confidence of the surest vote for each candidate, 0 where there is none."""
        return [
            next((signs[sign] for sign in (OUTRIGHT, VOTE, BY_ITSELF) if sign in signs), 0.0)
            for signs in candidates
        ]


VOTES = Evidence(
    {
        decision: Votes()
        for decision in (
            *("publication", "organisations", "projects", "projects_joint", "coreference"),
            *("participations", "dates", "budgets", "owners", "areas", "links"),
            *("role_projects", "role_bodies"),
        )
    }
)
