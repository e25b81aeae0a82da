"""Writes all pages of a run from its SQLite file; of a large one each language in a process."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from pipeline.report.kept import Kept, digest_of
from pipeline.report.site import Site, environment
from pipeline.report.words import LANGUAGES
from pipeline.tables.schema import ENTITY_IDS, ENTITY_TABLES
from pipeline.tables.sqlite import DATABASE
from pipeline.versions import stage_digest

MANY = 300  # announcements from which on each language is written by a process of its own


def write_report(run: Path, earlier: Path | None = None) -> Path:
    """Write ``report/`` below a run's folder, from its SQLite file; returns the first page.

    Pages that show what they showed in ``earlier``, the folder of the run before, come from there.
    """
    folder = run / "report"
    folder.mkdir()
    with as_file(files(__package__).joinpath("static")) as static:
        shutil.copytree(static, folder / "static")
    first, *others = LANGUAGES
    with ExitStack() as beside:
        if _announcements(run) >= MANY:
            for language in others:
                beside.enter_context(_in_a_process(run, language, earlier))
            write_language(run, first, earlier=earlier)
        else:
            write_language(run, *LANGUAGES, earlier=earlier)
    return folder / "index.html"


def attempted_report(run: Path, earlier: Path | None = None) -> tuple[str, ...]:
    """Write the pages; what is wrong where that fails, in words. Tables never wait for pages."""
    try:
        write_report(run, earlier)
    except Exception as error:
        shutil.rmtree(run / "report", ignore_errors=True)
        return (f"The pages could not be written: {type(error).__name__}: {error}",)
    return ()


@contextmanager
def _in_a_process(run: Path, language: str, earlier: Path | None) -> Iterator[None]:
    """Write one language's pages meanwhile, in a process of its own; here if that fails."""
    package = Path(__file__).resolve().parents[1]
    paths = [str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-m", f"{package.name}.report", str(run), language]
    command += [str(earlier)] if earlier else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    process = subprocess.Popen(command, env=environment)
    try:
        yield
        if process.wait() != 0:
            shutil.rmtree(run / "report" / language, ignore_errors=True)
            write_language(run, language, earlier=earlier)
    finally:
        process.kill()
        process.wait()


def _announcements(run: Path) -> int:
    with closing(_opened(run)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM documents").fetchone()
    return int(count)


def _opened(run: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{(run / DATABASE).absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def write_language(run: Path, *languages: str, earlier: Path | None = None) -> None:
    """Write the pages of some languages below a run's folder, those that show something new."""
    folder = run / "report"
    with closing(_opened(run)) as connection:
        for view in ("overview", "funding", "by_area", "partners"):
            # Worked out once; in this connection the name means what was worked out.
            connection.execute(f"CREATE TEMP TABLE {view} AS SELECT * FROM main.{view}")
        connection.execute("CREATE TEMP TABLE entity_names (id TEXT PRIMARY KEY, name TEXT)")
        for table, column in zip(ENTITY_TABLES.values(), ENTITY_IDS.values(), strict=True):
            connection.execute(f"INSERT INTO entity_names SELECT {column}, name FROM {table}")
        templates = environment()
        made_by = _made_by()
        for language in languages:
            place = folder if language == LANGUAGES[0] else folder / language
            before = earlier / place.relative_to(run) if earlier else None
            kept = Kept(place, before, f"{made_by} {language}")
            Site(connection, folder, language, templates, kept).write()


def _made_by() -> str:
    """Digest of the code and the templates that make pages."""
    templates = sorted(Path(__file__).parent.joinpath("templates").iterdir())
    code = stage_digest("pipeline.report")
    return digest_of([code.encode(), *(path.read_bytes() for path in templates)])
