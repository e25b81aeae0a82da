"""Which proposers of names and bodies earn their keep: evidence fitted without each of them.

What earns nothing is deleted. Each line is F1 of folds that the fitting held out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.extract.organisations.candidates import LEARNED as LEARNED_BODY
from pipeline.extract.organisations.candidates import TAGGED
from pipeline.extract.organisations.finder import PROPOSERS as OF_BODIES
from pipeline.extract.projects.proposals import PROPOSERS as OF_PROJECTS
from pipeline.extract.sources import BOTH, Sources
from pipeline.training.context.held_out import read_held_out
from pipeline.training.evidence import fit_bodies, fit_names, known_bodies
from pipeline.training.evidence_texts import annotated_texts

BODIES, PROJECTS = "organisations", "projects"


def switch_off(models: Path, kind: str, say: Callable[[str], None]) -> None:
    """Fit with all proposers, then without each; minutes a proposer on one core.

    ``kind`` is ``organisations`` or ``projects``; raises ``ValueError`` for another.
    """
    if kind not in {BODIES, PROJECTS}:
        raise ValueError(f"{kind} is neither {BODIES} nor {PROJECTS}")
    held_out = read_held_out(models)
    texts = list(annotated_texts(models, held_out))
    proposers = [*OF_BODIES, LEARNED_BODY, TAGGED] if kind == BODIES else list(OF_PROJECTS)
    bodies = known_bodies(fit_bodies(texts, say)) if kind == PROJECTS else []
    for name in (None, *proposers):
        sources = BOTH if name is None else Sources(without=frozenset({name}))

        def told(line: str, name: str | None = name) -> None:
            say(f"without {name or 'nothing':14}{line}")

        if kind == BODIES:
            fit_bodies(texts, told, sources)
        else:
            fit_names(texts, bodies, told, sources)
