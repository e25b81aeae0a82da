"""``load(outputs)``: one run's tables as typed attributes, and views that answer questions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.ask.evidence import Evidence, evidence
from pipeline.ask.frames import complete_run, database, read_tables, read_view, run_before
from pipeline.ask.funding import Funding
from pipeline.resolve.normal import project_key
from pipeline.tables.answers import BY_NAME, DOUBTFUL

if TYPE_CHECKING:
    import altair as alt

    from pipeline.ask.changes import Changes

LEVELS = ("municipality", "subregion", "region", "wellbeing_county", "country", "other")


_NO_QUERY = re.compile(r"[^\w\s\"*()^+]")  # a mark that stands in texts rather than in queries


class Loaded(Mapping[str, pd.DataFrame]):
    """The tables of one complete run: ``tables.projects`` or ``tables["projects"]``.

    The methods answer what is mostly asked; each gives a frame whose columns
    ``docs/tables.md`` explains.
    """

    documents: pd.DataFrame
    projects: pd.DataFrame
    people: pd.DataFrame
    organisations: pd.DataFrame
    areas: pd.DataFrame
    names: pd.DataFrame
    mentions: pd.DataFrame
    roles: pd.DataFrame
    participations: pd.DataFrame
    dates: pd.DataFrame
    budgets: pd.DataFrame
    project_areas: pd.DataFrame
    identifiers: pd.DataFrame
    project_links: pd.DataFrame
    resolutions: pd.DataFrame
    checks: pd.DataFrame
    register_matches: pd.DataFrame

    def __init__(self, outputs: str | Path) -> None:
        self.outputs = Path(outputs)
        self.folder = complete_run(outputs)
        self._tables = read_tables(self.folder)
        self._database = database(self.folder)
        for name, frame in self._tables.items():
            setattr(self, name, frame)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table by name."""
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        """Names of the tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self._tables)

    def __repr__(self) -> str:
        """What there is, in one line."""
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self._tables.items())
        return f"<tables of {self.outputs}: {rows}>"

    def overview(self) -> pd.DataFrame:
        """A row a project or programme: names, period, lead, funders, money, areas, contact."""
        return self._view("overview")

    def staff(self, project: str | None = None) -> pd.DataFrame:
        """Who works in what role, with e-mail; of one project, by its id or any of its names."""
        return self._of(self._view("staff"), project)

    def timeline(self, project: str | None = None) -> pd.DataFrame:
        """What happened when, in order; of one project, by its id or any of its names."""
        return self._of(self._view("timeline"), project)

    def funding(self, project: str | None = None) -> Funding:
        """A row an amount; ``funding().sum_by("funder")`` counts no euro twice."""
        return Funding(self._of(self._view("funding"), project))

    def partners(self) -> pd.DataFrame:
        """Pairs of organisations in the same projects, those that share most first."""
        return self._view("partners")

    def by_area(self, level: str = "region") -> pd.DataFrame:
        """Projects by area of a level: municipality, subregion, region, wellbeing_county, …

        A project in a municipality is in the areas around it, too. Raises ``ValueError`` for
        another level.
        """
        if level not in LEVELS:
            raise ValueError(f"areas are of the level {', '.join(LEVELS)}; not {level!r}")
        found = self._view("by_area")
        return found[found["level"] == level].reset_index(drop=True)

    def chart(self, name: str, language: str = "fi") -> Any:
        """An Altair chart to show, change and save.

        ``running`` (projects by year), ``money`` (euros by year and kind of payer), ``funders``,
        ``pairs`` (who works with whom), ``municipalities``, ``regions``, ``counties``. Needs the
        extra ``report``. Raises ``ValueError`` for another name.
        """
        from pipeline.report.figures import chart

        return chart(self._database, name, language)

    def map(self) -> alt.LayerChart:
        """A dot for each municipality that has projects: ``chart("municipalities")``."""
        made: alt.LayerChart = self.chart("municipalities")
        return made

    def running(self, year: int) -> pd.DataFrame:
        """Projects that run in a year, with who leads them: rows of ``overview``.

        One whose start or end no announcement says counts in the year of the other alone.
        """
        found = self.overview()
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        known = found["start"].notna() | found["end"].notna()
        within = found["start"].fillna(found["end"]).le(last)
        within &= found["end"].fillna(found["start"]).ge(first)
        return found[known & within & (found["kind"] == "project")].reset_index(drop=True)

    def facts(self, project: str | None = None) -> pd.DataFrame:
        """Every fact with its words, the least sure first; of one project, by id or any name."""
        return self._of(self._view("facts"), project)

    def doubtful(self, below: float = DOUBTFUL) -> pd.DataFrame:
        """Facts of less confidence than ``below``, the least sure first, each in its sentence."""
        found = self.facts()
        found = found[found["confidence"] < below].reset_index(drop=True)
        sentences = [str(self.evidence(row)) for _, row in found.iterrows()]
        found.insert(1, "sentence", pd.Series(sentences, dtype="str"))
        return found

    def evidence(self, row: Mapping[str, Any] | pd.Series[Any]) -> Evidence:
        """The sentence behind a row of a fact table or view, its words marked.

        Raises ``ValueError`` when the row has no place in an announcement.
        """
        try:
            doc_id, start, end = row["doc_id"], int(row["start_char"]), int(row["end_char"])
            document = self.documents[self.documents["doc_id"] == doc_id].iloc[0]
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError("the row has no doc_id, start_char and end_char") from error
        title = document["title"]
        return evidence(
            document["text"],
            start,
            end,
            source=document["source"],
            title=None if pd.isna(title) else title,
            rule=row.get("rule"),
            confidence=row.get("confidence"),
        )

    def to_excel(self, path: str | Path) -> Path:
        """Write a workbook: the views first, then every table; returns its path."""
        from pipeline.ask.workbook import write_workbook

        return write_workbook(self, Path(path))

    def changes(self, earlier: str | Path | None = None) -> Changes:
        """What came, went and changed since an earlier run, whose output folder may be given.

        By default it is the run before. Raises ``OutputUnusable`` where there is no earlier run.
        """
        from pipeline.ask.changes import changes

        before = run_before(self.folder) if earlier is None else complete_run(earlier)
        return changes(before, self.folder)

    def search(self, words: str) -> pd.DataFrame:
        """Announcements that hold words in any form: ``kunnan`` finds ``kunta`` and ``kuntien``.

        ``words`` is a query of SQLite's full-text search (``silta OR tie``, ``"uusi silta"``,
        ``hyvinvoin*``, ``title: silta``), words in quotes and beginnings as they are written; or
        words with marks in and beside them (``Ylä-Savo, 80 %``), of which all are looked for.
        Raises ``ValueError`` for a query that cannot be understood.
        """
        from pipeline.ask.forms import any_form, with_lemmas

        try:
            found = self._holding(with_lemmas(words))
        except sqlite3.OperationalError as error:
            if words.count('"') % 2 or not _NO_QUERY.search(words):
                raise ValueError(f"{words!r} cannot be searched for: {error}") from error
            found = self._holding(any_form(words))
        return self.documents[self.documents["doc_id"].isin(found)].reset_index(drop=True)

    def _holding(self, query: str) -> set[str]:
        """Ids of the announcements that a full-text query finds."""
        asked = "SELECT doc_id FROM documents_fts WHERE documents_fts MATCH ?"
        return {row[0] for row in self._database.execute(asked, [query])}

    def find(self, name: str, entity_type: str | None = None) -> pd.DataFrame:
        """Entities whose names hold these words, in any letter case."""
        found = self.names[self.names["name"].str.contains(name, case=False, regex=False)]
        return found if entity_type is None else found[found["entity_type"] == entity_type]

    def _view(self, name: str) -> pd.DataFrame:
        return read_view(self._database, BY_NAME[name])

    def _of(self, found: pd.DataFrame, project: str | None) -> pd.DataFrame:
        """The rows of one project. Raises ``LookupError`` when none, or several, are so called."""
        if project is None:
            return found
        ids = self._projects(project)
        if len(ids) != 1:
            told = f"several projects are called {project!r}: {', '.join(sorted(ids))}"
            raise LookupError(told if ids else self._unknown(project))
        return found[found["project_id"].isin(ids)].reset_index(drop=True)

    def _projects(self, said: str) -> set[str]:
        """Ids of the projects with that id or name, whatever its dashes, quotes, case and head."""
        names = self.names[self.names["entity_type"] == "project"]
        same = (names["entity_id"] == said) | (names["name"].map(project_key) == project_key(said))
        return set(names[same]["entity_id"])

    def _unknown(self, said: str) -> str:
        """That no project is so called, and which names are like it."""
        names = self.names[self.names["entity_type"] == "project"]["name"]
        near = get_close_matches(said, [*dict.fromkeys(names)], n=3, cutoff=0.6)
        told = f"; like it are {', '.join(near)}" if near else ""
        return f"no project is called {said!r}{told}"
