"""Reads parts from "we": ``Hallinnoimme …-hanketta`` on a page that says whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.cues import PartFind
from pipeline.patterns import Pattern

_SURE = 0.72
_HEAD_LINES = 4  # lines at the top in which a page says whose it is
_QUOTED = re.compile(r"\s*[–—\-\"”“»]")


def from_ours(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """What the page's own body says that "we" do; what somebody is quoted saying is left out."""
    body = page_owner(context, organisations)
    if body is None:
        return
    for part, verb in _verbs().items():
        for match in verb.finditer(context.text):
            line = context.block(match.start())
            if line is None or line.kind == "furniture" or _QUOTED.match(context.text, line.start):
                continue
            project = context.project_at(match.start(), match.end())
            if project is not None:
                yield PartFind(
                    start=match.start(),
                    end=match.end(),
                    rule=f"ours:{part}",
                    confidence=_SURE,
                    organisation=body,
                    part=part,  # type: ignore[arg-type]
                    project=project,
                )


def page_owner(context: Context, organisations: Sequence[EntityFind]) -> EntityFind | None:
    """The one body whose name is a line of its own at the top, else at the end."""
    lines = [b for b in context.page.blocks if b.kind != "furniture"]
    for some in (lines[:_HEAD_LINES], lines[-_HEAD_LINES:]):
        alone = {
            find.name: find
            for line in some
            for find in organisations
            if (find.start, find.end) == (line.start, line.end) and find.case in {"Nom", None}
        }
        if len(alone) == 1:
            return next(iter(alone.values()))
    return None


@cache
def _verbs() -> dict[str, Pattern]:
    words = lexicon.settings("parts")["ours"]
    return {
        part: Pattern(rf"(?<!\w)(?:{'|'.join(verbs)})", re.IGNORECASE)
        for part, verbs in words.items()
    }
