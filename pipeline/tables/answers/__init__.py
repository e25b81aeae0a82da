"""The questions that most users ask, answered once in SQL: views of the SQLite file."""

from __future__ import annotations

from pipeline.tables.answers.facts import DOUBTFUL, FACTS, SAYING
from pipeline.tables.answers.funding import FUNDING
from pipeline.tables.answers.projects import OVERVIEW, STAFF, TIMELINE
from pipeline.tables.answers.together import BY_AREA, PARTNERS
from pipeline.tables.answers.view import View

__all__ = ["BY_NAME", "DOUBTFUL", "SAYING", "VIEWS", "View"]

# Each after those that it reads.
VIEWS: tuple[View, ...] = (FUNDING, OVERVIEW, STAFF, TIMELINE, PARTNERS, BY_AREA, FACTS)
BY_NAME = {view.name: view for view in VIEWS}
