"""Which project a date speaks of where a page names several: all of them, or the one meant."""

from __future__ import annotations

import re

from pipeline.extract.context import Context
from pipeline.extract.date_clauses import FAR
from pipeline.extract.date_subjects import RELATIVE, cue
from pipeline.extract.finds import DateFind
from pipeline.extract.focus import STUDY

_AND = re.compile(r"[, ]*ja ")
_COUNTS = {"kaksi": 2, "molemmat": 2, "kolme": 3, "neljä": 4, "viisi": 5, "kuusi": 6}


def project_of(context: Context, item: DateFind, clause: tuple[int, int]) -> str | None:
    """Key of the project of the relative clause, the sentence, the paragraph or the page.

    A study or pilot that is only looked back on is no "hanke": where the sentence says that word
    and names none, it is the page's project.
    """
    if RELATIVE.match(context.text, clause[0]):  # "työtä, joka tehtiin 2021 X-kokeilussa"
        named = {key for _, key in context.named_in(*clause) if context.is_project(key)}
        if len(named) == 1:
            return named.pop()
    project = context.project_at(item.start, item.end)
    if project is None or project == context.main or project not in context.background:
        return project
    said = context.named_in(*context.sentence(item.start))
    generic = context.generic_head(item.start)
    if said or generic is None or not generic.startswith(("hank", "projekt")):
        return project
    shown = " ".join(context.text[m.start : m.end] for m, key in context.mentions if key == project)
    return context.main if STUDY.search(shown) and context.main is not None else project


def projects_of_all(context: Context, item: DateFind, clause: tuple[int, int]) -> list[str]:
    """Keys of several projects that begin or end together: ``kaikki osahankkeet päättyvät``.

    Empty where the words before the date speak of one, or of projects that the page doesn't list.
    """
    low, high = context.sentence(item.start)
    joined = _AND.match(context.text, clause[0]) is not None
    start = max(low, item.start - FAR) if joined else clause[0]
    match = cue("all").search(context.text, start, clause[1])
    if match is None or context.named_in(match.start(), high):
        return []
    if "osa" in match.group().casefold() and context.subs:
        keys = [k for _, k in context.mentions if k in context.subs]
    else:
        keys = [key for key in context.listed() if key not in context.background]
    several = list(dict.fromkeys(keys))
    said = next((n for word, n in _COUNTS.items() if word in match.group().casefold()), None)
    if said is not None and len(several) == said + 1 and context.main in several:
        several.remove(context.main)  # the whole that they are parts of
    return several if len(several) > 1 else []
