"""The pages of one language: an index, lists, a page for each announcement and project."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.ask.evidence import bounds
from pipeline.report import drawing, figures, ranks, strips
from pipeline.report.announcement import announcement_page, project_page
from pipeline.report.facts import (
    CHECKS,
    CORRECTION_COLUMNS,
    Fact,
    correction,
    csv_line,
    doubtful_facts,
    facts,
    missing_cells,
)
from pipeline.report.kept import Kept, announcements_show, projects_show
from pipeline.report.marks import anchor
from pipeline.report.specification import Rows
from pipeline.report.words import LANGUAGES, Words
from pipeline.tables.answers import DOUBTFUL

PAGES = 20_000  # announcements that have a page; of more, the latest
ROWS = 500  # rows of a table on one page
SHOWN = ranks.SHOWN  # rows of a list on the front page
PERIODS = 40  # projects in the picture of time on the front page
CSP = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)


def environment() -> Environment:
    """Templates whose every value is escaped, and missing ones are errors."""
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Site:
    """The pages of one language."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        folder: Path,
        language: str,
        templates: Environment,
        kept: Kept,
    ) -> None:
        self.connection = connection
        self.words = Words(language)
        self.folder = folder if language == LANGUAGES[0] else folder / language
        self.templates = templates
        self.kept = kept
        for name in ("a", "p"):
            (self.folder / name).mkdir(parents=True)

    def write(self) -> None:
        """Write every page."""
        overview = self.rows("SELECT * FROM overview ORDER BY name, project_id")
        self.documents = self.rows(
            "SELECT doc_id, source, title, published, status, reason, language FROM documents "
            "ORDER BY published IS NULL, published DESC, source"
        )
        self.paged = {row["doc_id"] for row in self.documents[:PAGES]}
        self.titles = {row["doc_id"]: row["title"] or row["source"] for row in self.documents}
        self.sources = {row["doc_id"]: row["source"] for row in self.documents}
        areas = self.rows("SELECT * FROM by_area")
        self.index(overview)
        self.lists(overview)
        self.areas(areas)
        self.money()
        self.doubts()
        show = announcements_show(self.connection)
        for row in self.documents[:PAGES]:
            path = f"a/{row['doc_id']}.html"
            if not self.kept.take(path, show[row["doc_id"]]):
                page = announcement_page(self.connection, self.words, row["doc_id"])
                self.page(path, "announcement.html", **page)
        show = projects_show(
            self.connection, {doc: f"{shown} {doc in self.paged}" for doc, shown in show.items()}
        )
        for row in overview:
            path = f"p/{row['project_id']}.html"
            if not self.kept.take(path, show[row["project_id"]]):
                page = project_page(self.connection, self.words, row, self.paged)
                self.page(path, "project.html", **page)
        self.kept.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows of a query."""
        return self.connection.execute(query, values).fetchall()

    def page(self, path: str, template: str, **values: Any) -> None:
        """Write one page; links in it are relative to where it lies."""
        depth = path.count("/")
        english = self.words.language != LANGUAGES[0]
        up = "../" * depth
        context = {
            "words": self.words,
            "csp": CSP,
            "here": path,
            "root": up,
            "static": f"{up}{'../' if english else ''}static/",
            "other": f"{up}../{path}" if english else f"{up}{LANGUAGES[1]}/{path}",
            "titles": self.titles,
            "paged": self.paged,
            **values,
        }
        rendered = self.templates.get_template(template).render(context).encode("utf-8")
        (self.folder / path).write_bytes(rendered)
        self.kept.wrote(path, rendered)

    def index(self, overview: list[sqlite3.Row]) -> None:
        """The front page."""
        counts = {
            table: self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
            for table in ("people", "organisations")
        }
        (paid,) = self.rows(
            "SELECT sum(eur) AS eur, count(DISTINCT coalesce(funder_id, '')) AS payers "
            "FROM funding WHERE counted"
        )
        periods = [row for row in overview if row["start"] or row["end"]]
        latest = sorted(periods, key=lambda row: row["end"] or row["start"], reverse=True)[:PERIODS]
        shown = strips.years([(row["start"], row["end"]) for row in latest])
        latest.sort(key=lambda row: (row["start"] or row["end"], row["name"]))
        self.page(
            "index.html",
            "index.html",
            counts=counts
            | {"announcements": len(self.documents)}
            | {
                f"{kind}s": sum(row["kind"] == kind for row in overview)
                for kind in ("project", "programme")
            },
            statuses=", ".join(
                f"{self.words.number(row['n'])} {self.words(row['status'])}"
                for row in self.rows("SELECT status, count(*) AS n FROM documents GROUP BY status")
            ),
            money=paid["eur"] or 0,
            to_check=len(self.doubtful) + self.rows("SELECT count(*) AS n FROM checks")[0]["n"],
            years=range(shown[0], shown[1] + 1) if latest else (),
            periods=[(row, strips.strip(row["start"], row["end"], shown)) for row in latest],
            periods_all=len(periods),
            payers=paid["payers"],
            shown=SHOWN,
            pairs=self.rows("SELECT * FROM partners LIMIT ?", [SHOWN]),
            figures=self.figures(),
            drawable=drawing.drawable(),
            documents=self.documents[:SHOWN],
            pages=PAGES,
        )

    def figures(self) -> dict[str, tuple[str | None, Rows]]:
        """The charts that have anything to show, by name, with their rows; as SVG if possible."""
        drawable = drawing.drawable()
        found: dict[str, tuple[str | None, Rows]] = {}
        for name, figure in figures.CHARTS.items():
            told = [_leading(row) for row in figure.rows(self.connection)]
            if not figure.tells(told):
                continue

            def draw(name: str = name, figure: figures.Figure = figure, told: Any = told) -> str:
                return drawing.svg(figure.made(told, self.words), self.words(f"chart.{name}"))

            drawn = self.kept.figure(f"{name} {told}", draw) if drawable else None
            found[name] = drawn, told
        return found

    def lists(self, overview: list[sqlite3.Row]) -> None:
        """All projects and all announcements, some hundreds a page."""
        counted = {
            row["doc_id"]: row["n"]
            for row in self.rows(
                "SELECT doc_id, sum(n) AS n FROM ("
                + " UNION ALL ".join(
                    f"SELECT doc_id, count(*) AS n FROM {table} GROUP BY doc_id"
                    for table in _TABLES
                )
                + ") GROUP BY doc_id"
            )
        }
        self.paged_list("projects", overview)
        self.paged_list("announcements", self.documents, counted=counted)

    def paged_list(self, name: str, rows: Sequence[sqlite3.Row], **values: Any) -> None:
        """A table cut into pages: ``name.html``, ``name-2.html`` …"""
        cut = [rows[at : at + ROWS] for at in range(0, max(len(rows), 1), ROWS)]
        paths = [f"{name}.html", *(f"{name}-{n}.html" for n in range(2, len(cut) + 1))]
        for path, part in zip(paths, cut, strict=True):
            self.page(path, f"{name}.html", rows=part, paths=paths, total=len(rows), **values)

    def areas(self, areas: list[sqlite3.Row]) -> None:
        """Projects by area."""
        levels = {
            "region": "regions",
            "wellbeing_county": "counties",
            "subregion": "subregions",
            "municipality": "municipalities",
            "other": "other_areas",
            "country": "countries",
        }
        grouped = [
            (title, [row for row in areas if row["level"] == level])
            for level, title in levels.items()
        ]
        projects = {row["project_id"]: row["name"] for row in self.rows("SELECT * FROM projects")}
        self.page("areas.html", "areas.html", groups=grouped, projects=projects)

    def money(self) -> None:
        """Every amount, with whether it is counted."""
        found = self.rows("SELECT * FROM funding ORDER BY counted DESC, said_eur DESC, budget_id")
        self.paged_list("money", found)

    def doubts(self) -> None:
        """What looks wrong, and facts that are unsure, each with a line of correction."""
        checks = self.rows(
            f"{CHECKS} ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' "
            "THEN 1 ELSE 2 END, doc_id, start_char"
        )
        starts = range(0, max(len(checks), len(self.doubtful), 1), ROWS)
        paths = ["doubts.html", *(f"doubts-{n}.html" for n in range(2, len(starts) + 1))]
        for path, at in zip(paths, starts, strict=True):
            self.page(
                path,
                "doubts.html",
                paths=paths,
                checks=list(self._checked(checks[at : at + ROWS])),
                checks_all=len(checks),
                doubtful=list(self._with_sentences(self.doubtful[at : at + ROWS])),
                doubtful_all=len(self.doubtful),
                first=at + 1,
                explained=next((fact.id for fact in self.doubtful if fact.id), ""),
                header=",".join(CORRECTION_COLUMNS),
                percent=round(100 * DOUBTFUL),
            )

    @cached_property
    def doubtful(self) -> list[Fact]:
        """Unsure facts, the least sure first."""
        return doubtful_facts(self.connection, self.words, DOUBTFUL)

    def _checked(self, checks: Sequence[sqlite3.Row]) -> Iterator[tuple[Any, ...]]:
        """Each with its mark, its sentence, and a line of correction where a fact is meant, or one
        to fill in where it is missing; whether it is to be filled in."""
        places = "SELECT doc_id, start_char, end_char FROM checks"
        where = f"(f.doc_id, f.start_char, f.end_char) IN ({places})"
        meant = {
            (one.table, one.doc_id, one.start, one.end): one
            for one in facts(self.connection, self.words, where)
        }
        for row in checks:
            start, end = row["start_char"], row["end_char"]
            text, *pieces = self._sentence(row["doc_id"], start, end)
            one = meant.get((row["source_table"], row["doc_id"], start, end))
            source = self.sources[row["doc_id"]]
            missing = missing_cells(row, source, text)
            line = correction(one, source, text) if one else ""
            if missing is not None:
                line = csv_line("missing", *missing, "")
            yield row, anchor(start, end), *pieces, line, missing is not None

    def _with_sentences(self, found: Iterable[Fact]) -> Iterator[tuple[Any, ...]]:
        """Each with its sentence in three pieces, and its line of correction."""
        for one in found:
            text, *pieces = self._sentence(one.doc_id, one.start, one.end)
            one.mark = anchor(one.start, one.end)
            yield one, *pieces, correction(one, self.sources[one.doc_id], text)

    def _sentence(self, doc_id: str, start: int, end: int) -> tuple[str, str, str, str]:
        """A text, and the sentence of a place in it: before, there, after."""
        text = self.rows("SELECT text FROM documents WHERE doc_id = ?", [doc_id])[0]["text"]
        first, last = bounds(text, start, end)
        return text, text[first:start].lstrip(), text[start:end], text[end:last].rstrip()


_TABLES = ("roles", "participations", "dates", "budgets", "project_areas", "identifiers")


def _leading(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a chart with where it leads: an area that has projects, to their list."""
    if "area_id" not in row:
        return row
    return row | {"href": f"areas.html#{row['area_id']}" if row["area_id"] else ""}
