"""Gold annotations: one JSON file per announcement, read into typed entries."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import msgspec

from pipeline.errors import OutputUnusable

# A generic head after a name says what the named thing is, not what it is called.
GENERIC_HEADS = (
    "hanke",
    "projekti",
    "hankekokonaisuus",
    "kehittämishanke",
    "ohjelma",
    "pilotti",
    "kokeilu",
)
NOT_SCORED_MONEY = frozenset({"other", "applied"})
"""Kinds of sums that cost nothing where they are found: no project's money, or not granted."""

_HEAD = re.compile(rf"[\s-]+(?:{'|'.join(GENERIC_HEADS)})$")
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_QUOTE = re.compile(r"[\"'\u2018-\u201f«»\u00ad]")
_EDGE = " .,;:()"

Interval = tuple[date, date]


class GoldEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What every entry may say: finding an optional one, or missing it, costs nothing."""

    optional: bool = False


class GoldEntity(GoldEntry, frozen=True, kw_only=True):
    """An entity by all its names, the fullest first; dates are intervals of accepted days."""

    names: tuple[str, ...]
    kind: str | None = None
    type: str | None = None
    code: str | None = None
    start: Interval | None = None
    end: Interval | None = None
    start_optional: bool = False
    end_optional: bool = False

    def has_name(self, folded_name: str) -> bool:
        """Whether one of the names folds to ``folded_name``."""
        return any(folded(name) == folded_name for name in self.names)


class GoldRole(GoldEntry, frozen=True, kw_only=True):
    """A person's role by its accepted forms."""

    person: str
    role: tuple[str, ...]
    project: str | None = None
    organisation: str | None = None


class GoldParticipation(GoldEntry, frozen=True, kw_only=True):
    """An organisation's part; any project will do where none is named."""

    project: str | None
    organisation: str
    part: str


class GoldBudget(GoldEntry, frozen=True, kw_only=True):
    """An amount in euros, or a percentage (``kind`` is then ``share``)."""

    kind: str
    project: str | None = None
    organisation: str | None = None
    amount: float | None = None
    share_pct: float | None = None


class GoldProjectArea(GoldEntry, frozen=True, kw_only=True):
    """An area a project serves."""

    project: str
    area: str


class GoldLink(GoldEntry, frozen=True, kw_only=True):
    """A project that continues, or is part of, a related one."""

    project: str
    related: str
    relation: str


class GoldDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What a careful analyst would enter for one announcement."""

    source: str
    language: str = "fi"
    status: str = "ok"
    published: date | None = None
    updated: date | None = None
    projects: tuple[GoldEntity, ...] = ()
    people: tuple[GoldEntity, ...] = ()
    organisations: tuple[GoldEntity, ...] = ()
    areas: tuple[GoldEntity, ...] = ()
    roles: tuple[GoldRole, ...] = ()
    participations: tuple[GoldParticipation, ...] = ()
    budgets: tuple[GoldBudget, ...] = ()
    project_areas: tuple[GoldProjectArea, ...] = ()
    links: tuple[GoldLink, ...] = ()


def folded(name: str) -> str:
    """A name without what does not tell names apart: case, quotes, kinds of dash, generic head."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _DASH.sub("-", _QUOTE.sub("", text))
    text = " ".join(text.split()).strip(_EDGE)
    return _HEAD.sub("", text).strip(" -")


def load_gold(folder: Path) -> list[GoldDocument]:
    """All gold files of a folder in the order of their names.

    Raises ``OutputUnusable`` where there is none, or naming the file that cannot be read.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise OutputUnusable(f"There is no gold annotation (*.json) in {folder}.")
    documents = []
    for path in paths:
        try:
            documents.append(msgspec.json.decode(path.read_bytes(), type=GoldDocument))
        except msgspec.MsgspecError as error:
            raise OutputUnusable(f"{path} is no gold annotation: {error}.") from error
    return documents
