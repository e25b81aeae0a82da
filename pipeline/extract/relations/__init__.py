"""Ties what a text names to its projects: readers and places propose, evidence decides.

``candidates.py`` gathers for each kind of fact every plausible pair with its signs; the models of
``pipeline.evidence`` say how likely each is; ``decision.py`` picks a consistent set.
"""

from pipeline.extract.relations.candidates import RelatedCandidates, related_candidates
from pipeline.extract.relations.decision import Decided, decided

__all__ = ["Decided", "RelatedCandidates", "decided", "related_candidates"]
