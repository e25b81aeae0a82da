"""What names, projects and titles are taken from, and who of the proposers has no say."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from spacy.tokens import Doc

from pipeline.evidence import Evidence
from pipeline.evidence.votes import VOTES
from pipeline.extract.areas import find_areas
from pipeline.extract.doc_text import text_of
from pipeline.extract.entities import Group
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.learned import learned_titles
from pipeline.extract.organisations import find_organisations
from pipeline.extract.people import find_people
from pipeline.extract.projects import find_projects
from pipeline.extract.projects.coreference import grouped, weighable_pairs
from pipeline.extract.projects.proposals import SPANS
from pipeline.extract.titles import find_titles
from pipeline.learned import LEARNED


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Which finders name things; what the facts join them by is the same for all.

    ``without`` names proposers of projects or bodies that have no say; with ``LEARNED`` the spans
    told in context have none anywhere.
    """

    without: frozenset[str] = frozenset()

    @property
    def learned(self) -> bool:
        """Have the spans told in context a say?"""
        return LEARNED not in self.without

    @property
    def silent(self) -> frozenset[str]:
        """The proposers of projects that have no say."""
        return self.without if self.learned else self.without | {SPANS}

    def titles(self, doc: Doc) -> list[TitleFind]:
        """Role titles."""
        known = find_titles(text_of(doc))
        return learned_titles(doc, known) if self.learned else known

    def organisations(self, doc: Doc, page: Layout, evidence: Evidence) -> list[EntityFind]:
        """Named bodies."""
        # Without learned spans the rules' votes alone decide: the weights are fitted with both.
        weighed = evidence if self.learned else VOTES
        return find_organisations(
            doc, page=page, model=weighed.model("organisations"), without=self.without
        )

    def projects(
        self,
        doc: Doc,
        page: Layout,
        organisations: Sequence[EntityFind],
        people: Sequence[EntityFind],
        title: str | None,
        evidence: Evidence,
    ) -> list[EntityFind]:
        """Named projects and programmes."""
        return find_projects(
            doc,
            page,
            organisations,
            people,
            title=title,
            without=self.silent,
            evidence=evidence,
        )

    def coreferent(
        self, doc: Doc, page: Layout, finds: Sequence[EntityFind], evidence: Evidence
    ) -> list[Group]:
        """The mentions of each project."""
        weighed = evidence if self.learned else VOTES
        return grouped(finds, weighable_pairs(doc, page, finds), weighed.model("coreference"))

    def people(
        self,
        doc: Doc,
        page: Layout,
        titles: Sequence[TitleFind],
        taken: Sequence[EntityFind],
    ) -> list[EntityFind]:
        """Named people outside ``taken``."""
        return find_people(doc, page, titles, taken)

    def areas(self, doc: Doc, page: Layout, taken: Sequence[EntityFind]) -> list[EntityFind]:
        """Named areas outside ``taken``; ``training/by_model.py`` asks the page, too."""
        return find_areas(doc, taken)


BOTH = Sources()
RULES = Sources(without=frozenset({LEARNED}))
