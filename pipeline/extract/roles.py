"""Joins titles to people: labels, titles beside names, "projektipäällikkönä toimii …", signatures.

What project and organisation a role belongs to is decided in ``linking``; here only the bodies
that stand in the role's own phrase are read ("Jyväskylän yliopiston professori …").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, Find, TitleFind
from pipeline.extract.layout import Field, Layout
from pipeline.extract.titles import find_titles, read_title


class RoleFind(Find, frozen=True, kw_only=True):
    """A person in a role, with the body that the role's own phrase names."""

    person: EntityFind
    role: str
    role_code: str
    organisation: EntityFind | None = None


_BESIDE = re.compile(r"\s*(?:,\s*)?")
_AFTER = re.compile(r"(?:\s*,\s*|\s+\(|\s+[–-]\s+|\s*\([^()\n]{1,20}\)\s*,?\s*)")
_CHAIN = re.compile(r"\s*(?:,|\bja\b|\bsekä\b|,?\s*\([^()\n]{1,60}\)\s*(?:,|\bja\b|\bsekä\b))\s*")
_SIGNATURE_WORDS = 8


def find_roles(
    doc: Doc,
    page: Layout,
    titles: Sequence[TitleFind],
    people: Sequence[EntityFind],
    organisations: Sequence[EntityFind],
) -> list[RoleFind]:
    """Every (person, role) that the text states, once each, the surest reading first."""
    reader = _Reader(doc, page, titles, people, organisations)
    best: dict[tuple[str, str], RoleFind] = {}
    found = list(reader.read())
    for role in found:
        if role.role_code == "contact" and role.person.name in reader.titled:
            continue  # who has a role is a contact as well
        key = (role.person.name, role.role)
        other = best.get(key)
        if (
            other is None
            or role.confidence > other.confidence
            or (other.organisation is None and role.organisation)
        ):
            best[key] = role
    return sorted(best.values(), key=lambda role: (role.start, role.end))


class _Reader:
    """One document's titles and people by place; every method reads one wording."""

    def __init__(
        self,
        doc: Doc,
        page: Layout,
        titles: Sequence[TitleFind],
        people: Sequence[EntityFind],
        organisations: Sequence[EntityFind],
    ) -> None:
        furniture = [b for b in page.blocks if b.kind == "furniture"]
        self.text = doc.text
        self.page = page
        self.people = sorted(people, key=lambda p: p.start)
        self.organisations = sorted(organisations, key=lambda o: o.start)
        self.titles = [
            t
            for t in titles
            if not any(b.start <= t.start < b.end for b in furniture)
            and not any(p.start <= t.start < p.end for p in people)
        ]
        self.sentences = sorted((s.start_char, s.end_char) for s in doc.sents)
        self.used: set[int] = set()  # starts of titles that a person has
        self.titled: set[str] = set()  # names of people who have a title

    def read(self) -> Iterator[RoleFind]:
        yield from self._labels()
        yield from self._titles_before()
        yield from self._titles_after()
        yield from self._signatures()
        yield from self._held()
        yield from self._tasks()
        yield from self._appointed()
        yield from self._leads()
        yield from self._author()
        yield from self._staff_lists()

    def _role(
        self,
        person: EntityFind,
        title: TitleFind,
        rule: str,
        confidence: float,
        organisation: EntityFind | None = None,
    ) -> RoleFind:
        self.used.add(title.start)
        self.titled.add(person.name)
        return RoleFind(
            start=min(person.start, title.start),
            end=max(person.end, title.end),
            rule=rule,
            confidence=min(confidence, 0.5 + title.confidence / 2),
            person=person,
            role=title.role,
            role_code=title.role_code,
            organisation=organisation or self._body_of(title, person),
        )

    def _people_in(self, start: int, end: int) -> list[EntityFind]:
        return [p for p in self.people if start <= p.start and p.end <= end]

    def _titles_in(self, start: int, end: int) -> list[TitleFind]:
        return [t for t in self.titles if start <= t.start and t.end <= end]

    def _labels(self) -> Iterator[RoleFind]:
        """``Projektipäällikkö: X``, ``Asiantuntijat: X, Y``, ``Yhteyshenkilön asema: …``."""
        holder: EntityFind | None = None
        for field in self.page.fields:
            named = self._people_in(field.start, field.end)
            if field.key == "contact" and named:
                holder = named[0]
                label = self.text[field.label_start : field.label_end].casefold()
                if "yhteyshenkil" in label:
                    for person in named:
                        yield self._contact(person, field)
            elif field.key == "contact_title" and holder is not None:
                for title in find_titles(self.text[field.start : field.end]):
                    if title.start == 0:
                        moved = TitleFind(
                            start=field.start + title.start,
                            end=field.start + title.end,
                            rule=title.rule,
                            confidence=title.confidence,
                            role=title.role,
                            role_code=title.role_code,
                            case="Nom",
                        )
                        yield self._role(holder, moved, "label-of-contact-title", 0.95)
            elif named and field.end - field.start < 300:
                in_label = self._titles_in(field.label_start, field.label_end)
                for title in in_label[-1:]:
                    for person in named if title.plural or len(named) == 1 else named[:1]:
                        yield self._role(
                            person, title, "title-label", 0.96, self._body_after(person, field.end)
                        )

    def _contact(self, person: EntityFind, field: Field) -> RoleFind:
        body = next(
            (
                o
                for other in self.page.fields
                if other.key == "contact_organisation"
                for o in self.organisations
                if other.start <= o.start < other.end
            ),
            None,
        )
        return RoleFind(
            start=field.label_start,
            end=person.end,
            rule="label-of-contact",
            confidence=0.9,
            person=person,
            role="yhteyshenkilö",
            role_code="contact",
            organisation=body,
        )

    def _titles_before(self) -> Iterator[RoleFind]:
        """``hankejohtaja X``, ``hankkeen johtaja, professori X``, ``suunnittelijat X ja Y``."""
        for person in self.people:
            title = next(
                (
                    t
                    for t in reversed(self.titles)
                    if 0 < person.start - t.end <= 30 and self._between(t, person)
                ),
                None,
            )
            if title is None:
                continue
            yield self._role(person, title, "title-before-name", 0.95)
            if title.plural:
                for other in self._chained(person):
                    yield self._role(other, title, "plural-title-before-names", 0.92)
            for before in reversed(self.titles):
                gap = self.text[before.end : title.start]
                if (
                    before.end <= title.start
                    and gap.strip() in {",", "ja"}
                    and len(gap) <= 4
                    and before.case == title.case
                ):
                    yield self._role(person, before, "titles-before-name", 0.9)

    def _between(self, title: TitleFind, person: EntityFind) -> bool:
        """Nothing, a degree in brackets or one more lower-case title between title and name."""
        gap = self.text[title.end : person.start]
        return re.fullmatch(r" |\s?\([^()\n]{2,12}\) |, [a-zåäö][\wåäö-]+ ", gap) is not None

    def _chained(self, person: EntityFind) -> Iterator[EntityFind]:
        """People listed after ``person`` with commas and "ja", each without a title of its own."""
        end = person.end
        for other in self.people:
            if other.start < end:
                continue
            gap = self.text[end : other.start]
            if _CHAIN.fullmatch(gap):
                yield other
                end = other.end
            else:
                break

    def _titles_after(self) -> Iterator[RoleFind]:
        """``Kaisa Esimerkki, kehitysjohtaja`` and ``Kaisa Esimerkki (hankejohtaja)``."""
        for person in self.people:
            match = _AFTER.match(self.text, person.end)
            if match is None or person.rule.endswith("again"):
                continue
            start = match.end()
            title = next(
                (
                    t
                    for t in reversed(self.titles)
                    if 0 <= t.start - start <= 40 and self._plain(start, t.start)
                ),
                None,
            )
            if title is None or title.case != "Nom" or title.start in self.used or title.plural:
                continue
            if any(0 < p.start - title.end <= 2 and self._between(title, p) for p in self.people):
                continue  # the title belongs to the next person
            yield self._role(person, title, "title-after-name", 0.92)

    def _plain(self, start: int, end: int) -> bool:
        """Nothing but an organisation or genitives between the comma and the title."""
        gap = self.text[start:end]
        if not gap.strip():
            return True
        return not re.search(r"[.,;:()\n]", gap) and gap.strip().endswith(("n", "-", "K", "U"))

    def _signatures(self) -> Iterator[RoleFind]:
        """A line that is a name, and a short line with a title above or below it."""
        blocks = [b for b in self.page.blocks if b.kind != "furniture"]
        for one, two in pairwise(blocks):
            for name_block, title_block in ((one, two), (two, one)):
                named = self._people_in(name_block.start, name_block.end)
                if (
                    len(named) != 1
                    or named[0].end - named[0].start < name_block.end - name_block.start - 8
                ):
                    continue
                titles = [
                    t
                    for t in self._titles_in(title_block.start, title_block.end)
                    if t.case == "Nom"
                ]
                short = (
                    len(self.text[title_block.start : title_block.end].split()) <= _SIGNATURE_WORDS
                )
                if titles and short and not self._people_in(title_block.start, title_block.end):
                    if self.text[title_block.start : title_block.end].rstrip().endswith((".", ":")):
                        continue
                    for title in titles:
                        yield self._role(named[0], title, "signature", 0.9)

    def _held(self) -> Iterator[RoleFind]:
        """``Projektipäällikkönä toimii X``, ``X on hankkeen koordinaattori``."""
        verbs = tuple(lexicon.settings("roles")["verbs"]["holds"])
        for start, end in self.sentences:
            people = [p for p in self.people if start <= p.start < end]
            for title in self._titles_in(start, end):
                if title.start in self.used:
                    continue
                if title.case in {"Ess", "Tra"}:
                    person = self._nearest(people, title, end)
                    if person is not None and self._verb_near(title, person, verbs):
                        confidence = 0.92 if person.start > title.end else 0.87
                        yield self._role(person, title, "title-in-essive", confidence)
                        if title.plural:
                            for other in self._chained(person):
                                yield self._role(other, title, "title-in-essive", 0.88)
                elif title.case == "Nom" and not title.plural:
                    person = self._subject(people, title)
                    if person is not None:
                        yield self._role(person, title, "person-is-title", 0.88)

    def _nearest(
        self, people: Sequence[EntityFind], title: TitleFind, end: int
    ) -> EntityFind | None:
        """The next person after the title, before another essive title; else the one before."""
        others = [t for t in self.titles if t.case in {"Ess", "Tra"} and title.end < t.start < end]
        limit = others[0].start if others else end
        after = [p for p in people if title.end <= p.start < limit]
        if after:
            return after[0]
        before = [p for p in people if p.end <= title.start]
        return before[-1] if before else None

    def _verb_near(self, title: TitleFind, person: EntityFind, verbs: tuple[str, ...]) -> bool:
        low, high = min(title.end, person.end), max(title.start, person.start)
        window = self.text[max(0, low - 30) : high + 30].casefold()
        return any(word.startswith(verbs) for word in re.findall(r"\w+", window))

    def _subject(self, people: Sequence[EntityFind], title: TitleFind) -> EntityFind | None:
        """``Inkeri on hankesihteerimme``: a person, "on" and the title's own words."""
        before = [p for p in people if p.end <= title.start]
        if not before:
            return None
        gap = self.text[before[-1].end : title.start]
        if re.search(r"\b(?:kokenut|entinen|koulutukseltaan|ammatiltaan|pitkäaikainen)\b", gap):
            return None
        return before[-1] if re.fullmatch(r"\s(?:on|oli|olen)\s[^.,;:]{0,60}", gap) else None

    def _tasks(self) -> Iterator[RoleFind]:
        """``Hankepäällikön tehtävän ottaa vastaan X``."""
        words = "|".join(lexicon.settings("roles")["tasks"]["words"])
        task = re.compile(rf"\s(?:{words})\b")
        for start, end in self.sentences:
            for title in self._titles_in(start, end):
                if (
                    title.case == "Gen"
                    and title.start not in self.used
                    and task.match(self.text, title.end)
                ):
                    person = next((p for p in self.people if title.end <= p.start < end), None)
                    if person is not None:
                        yield self._role(person, title, "title-of-task", 0.85)

    def _appointed(self) -> Iterator[RoleFind]:
        """``Ohjausryhmään nimettiin X ja varalle Y``: members without a title that says so."""
        tasks = lexicon.settings("roles")["tasks"]
        deputy = re.compile("|".join(tasks["deputy_words"]), re.IGNORECASE)
        for start, end in self.sentences:
            sentence = self.text[start:end]
            if not re.search(tasks["group"], sentence, re.IGNORECASE) or not re.search(
                tasks["appoints"], sentence, re.IGNORECASE
            ):
                continue
            previous = start
            for person in self._people_in(start, end):
                between = self.text[previous : person.start]
                as_deputy = deputy.search(between) is not None
                stated = any(
                    t.role.endswith("jäsen") or "puheenjohtaja" in t.role
                    for t in self._titles_in(previous, person.start)
                )
                if not stated:
                    yield self._said(
                        person,
                        tasks["deputy" if as_deputy else "member"],
                        "other",
                        (start, end),
                        "appointed",
                        0.75,
                    )
                previous = person.end

    def _leads(self) -> Iterator[RoleFind]:
        """``Hanketta johtaa X``, ``X, joka vetää hanketta``."""
        leads = lexicon.settings("roles")["verbs"]["leads"]
        pattern = re.compile(
            rf"\b(?:(?:hanketta|projektia|kokeilua|konsortiota)\s(?P<after>{'|'.join(leads)})|(?P<before>{'|'.join(leads)})\s(?:hanketta|projektia|kokeilua))\b",
            re.IGNORECASE,
        )
        for start, end in self.sentences:
            match = pattern.search(self.text, start, end)
            if match is None:
                continue
            people = self._people_in(start, end)
            after = [p for p in people if match.end() <= p.start and p.start - match.end() < 60]
            before = [p for p in people if p.end <= match.start() and match.start() - p.end < 12]
            person = after[0] if after else (before[-1] if before else None)
            mine = [
                t
                for t in self.titles
                if t.start in self.used and person and t.end <= person.start <= t.end + 2
            ]
            if person is None or any(re.match(r"(?:hanke|projekti)", t.role) for t in mine):
                continue
            role = leads[(match["after"] or match["before"]).casefold()]
            code = "director" if role.endswith("johtaja") else "project_manager"
            yield self._said(
                person, role, code, (match.start(), match.end()), "leads-project", 0.75
            )

    def _author(self) -> Iterator[RoleFind]:
        """``Aloitin projektitutkijana``: the writer of a blog post, by byline or signature."""
        author = self._writer()
        if author is None:
            return
        me = re.compile(
            r"\b(?:\w{3,}(?:in|en)\b(?=[^.]*$)|olen|minä|minut|työskentelen|toimin|aloitin)\b"
        )
        marked = "|".join(lexicon.settings("roles")["author"]["i"])
        for start, end in self.sentences:
            for title in self._titles_in(start, end):
                if title.start in self.used:
                    continue
                before = self.text[start : title.start].casefold()
                myself = re.search(rf"(?:{marked})[^.]*$", before)
                held = title.case == "Ess" and re.search(
                    r"\b(?:olen|aloitin|toimin|työskentelen|aloittanut|minä|minut|saanut)\b", before
                )
                if (myself and title.case == "Nom") or (held and me.search(before)):
                    yield self._role(author, title, "writer-of-post", 0.8)

    def _writer(self) -> EntityFind | None:
        byline = re.compile(lexicon.settings("roles")["author"]["bylines"] + "$")
        for person in self.people:
            if byline.search(self.text[max(0, person.start - 30) : person.start]):
                return person
        lines = {b.start: b for b in self.page.blocks if b.kind != "furniture"}
        signed = [p for p in self.people if p.start in lines and p.end == lines[p.start].end]
        if len({p.name for p in signed}) == 1:
            return signed[-1]
        said = [p for p in self.people if p.rule == "introduced"]
        return said[0] if said else None

    def _said(
        self,
        person: EntityFind,
        role: str,
        code: str,
        span: tuple[int, int],
        rule: str,
        confidence: float,
    ) -> RoleFind:
        return RoleFind(
            start=span[0],
            end=span[1],
            rule=rule,
            confidence=confidence,
            person=person,
            role=role,
            role_code=code,
        )

    def _staff_lists(self) -> Iterator[RoleFind]:
        """``Hankkeessa työskentelevät A, B ja C``: workers where no title says more."""
        staff = lexicon.settings("roles")["staff"]
        for start, end in self.sentences:
            sentence = self.text[start:end]
            cue = re.search("|".join(staff["workers"]), sentence)
            if cue is None:
                continue
            people = [p for p in self.people if start + cue.end() <= p.start < end]
            if len(people) < 2:
                continue
            listed = [people[0], *self._chained(people[0])]
            if len(listed) < 2 or any(
                0 < people[0].start - t.end <= 2
                for t in self.titles
                if read_title(self.text[t.start : t.end]) and t.plural
            ):
                continue
            for person in listed:
                if person.name not in self.titled or person.rule.endswith("again"):
                    span = (start + cue.start(), person.end)
                    yield self._said(
                        person, staff["default_role"], "other", span, "staff-list", 0.85
                    )

    def _body_of(self, title: TitleFind, person: EntityFind) -> EntityFind | None:
        """The organisation in the role's phrase: genitive before the title, or after the name."""
        for body in self.organisations:
            gap = title.start - body.end
            if body.case == "Gen" and 0 <= gap <= 2 and body.start < title.start:
                return body
            if body.case in {"Ine", "Ade"} and 0 <= gap <= 2:
                return body
        return self._body_after(person, person.end + 120)

    def _body_after(self, person: EntityFind, end: int) -> EntityFind | None:
        """``X Jyväskylän yliopistosta``, ``X, Setlementti``, ``X Prizztechistä``."""
        for body in self.organisations:
            if person.end <= body.start < end:
                gap = self.text[person.end : body.start]
                if re.fullmatch(r"\s", gap) and body.case in {"Ela", "Abl"}:
                    return body
                if re.fullmatch(
                    r"\s*(?:\([^()]*\))?\s*,\s*(?:[\wäöå-]+,\s*)?", gap
                ) and body.case in {"Nom", None}:
                    return body
                return None
        return None
