"""Finds projects and programmes: every mention of a named one, with all names it licenses.

Names come from labels of forms, from "X -hanke" in its forms, from quotation marks, from
"hanke X", from "X on … hanke", from headings of project lists and from the known programmes.
A second pass finds the short names that stand alone later ("Poropolulle").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract import project_names
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.records import Name

_OPEN = "”“\"„»«‘’'"
_FACT_LABELS = frozenset(
    {"lead", "total", "grant", "period", "funder", "implementer", "start", "own", "coordinator"}
)
_SEQUEL = re.compile(
    r"\s(?P<number>[2-9]|II|III|IV)(?=[\s.,:;!?)]|$)(?!\s?(?:%|€|euro|prosent|vuo|kuukau|\d))"
)


@cache
def _headed() -> re.Pattern[str]:
    """``… -hanke``, ``…-hanke``: a head after a hyphen, with what stands right before it."""
    return re.compile(
        rf"""
        (?P<quote> [{_OPEN}] )?
        (?P<gap> \s+[–—-]\s? | [-–] )
        (?P<head> {project_names.head_forms()} )
        (?![\w-])
        """,
        re.VERBOSE,
    )


@cache
def _announced() -> re.Pattern[str]:
    """``hanke ”X”``, ``yhteishanke X – alaotsikko``, ``hankkeessa nimeltä X``."""
    return re.compile(
        rf"""
        (?<![\w-]) (?P<head> {project_names.head_forms()} )
        (?: ,?\ (?:nimeltä(?:än)?|nimellä) )?
        \s+ (?: [{_OPEN}](?P<quoted>[^{_OPEN}\n]{{3,120}})[{_OPEN}] | (?P<bare>[A-ZÅÄÖ][^\n]{{2,140}}) )
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _programmes() -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    found = []
    for row in lexicon.table("programmes"):
        plain = [row["name"], *filter(None, row["aliases"].split(";"))]
        forms = [form.strip() for form in row["forms"].split(" | ") if form.strip()]
        forms += [re.escape(name).replace(r"\ ", r"\s+") for name in plain]
        if row["acronym"] and len(row["acronym"]) > 3:
            forms.append(rf"{re.escape(row['acronym'])}(?=-(?:muutos)?ohjelma)")
        body = "|".join(sorted(forms, key=len, reverse=True))
        found.append((re.compile(rf"(?<![\w-])(?:{body})"), row))
    return tuple(found)


def find_projects(
    doc: Doc, page: Layout, organisations: Sequence[EntityFind], people: Sequence[EntityFind] = ()
) -> list[EntityFind]:
    """Mentions of named projects and programmes in text order, not overlapping.

    ``organisations`` are the finds of ``find_organisations``: owners that end a name to the left.
    """
    text = doc.text
    blocks = [b for b in page.blocks if b.kind != "furniture"]
    firm = [*_from_labels(text, page), *_from_programmes(text), *_from_headings(text, page)]
    firm += _from_quotes(text)
    firm += _from_definitions(doc, blocks, organisations)
    known = {n.name.casefold() for find in firm for n in find.names if n.kind != "alias"}
    headed = list(_from_heads(doc, blocks, organisations, lambda name: name.casefold() in known))
    announced = list(_from_announcing_heads(doc, blocks, [*organisations, *people]))
    finds = _without_overlaps([*firm, *headed, *announced])
    finds = [f for f in finds if any(b.start <= f.start < b.end for b in blocks)]
    others = [*organisations, *people]
    bare = list(_bare_mentions(doc, blocks, finds, others))
    return sorted(_without_overlaps([*finds, *bare]), key=lambda find: find.start)


def _find(
    text: str, start: int, end: int, name: str, rule: str, confidence: float, kind: str = "project"
) -> EntityFind | None:
    names = project_names.names_of(name)
    if not names or not _may_be_name(names[0].name):
        return None
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="project",
        name=names[0].name,
        names=names,
        label="PROGRAMME" if kind == "programme" else "PROJECT",
        subtype=kind,
    )


def _may_be_name(name: str) -> bool:
    folded = name.casefold()
    data = lexicon.settings("project_heads")
    if folded in data["heads"]["not_names"] or folded in data["stops"]["generic"]:
        return False
    return (
        len(name) > 1
        and any(c.isalpha() for c in name)
        and (name[0].isupper() or name[0].isdigit() or len(name.split()) > 2)
    )


def _from_labels(text: str, page: Layout) -> Iterator[EntityFind]:
    """``Hankkeen nimi``, ``Lyhenne``, ``Ohjelma``: the value is the name."""
    main: EntityFind | None = None
    for field in page.fields:
        value = text[field.start : field.end]
        if len(value) > 220 or field.key is None:
            continue
        kind = "programme" if field.key in {"programme", "programme_line"} else "project"
        if field.key in {
            "project_name",
            "programme",
            "programme_line",
            "parent_project",
            "previous_project",
        }:
            find = _from_value(text, field.start, value, f"label:{field.key}", kind)
            if find and field.key == "project_name" and main is None:
                main = find
            if find and not find.rule.endswith("programme_line"):
                yield find
        elif field.key in {"project_acronym", "project_name_foreign"} and main is not None:
            kind_of_name = "acronym" if field.key == "project_acronym" else "alias"
            alias = Name(project_names.clean(value), kind_of_name)  # type: ignore[arg-type]
            yield EntityFind(
                start=field.start,
                end=field.end,
                rule=f"label:{field.key}",
                confidence=0.97,
                type="project",
                name=main.name,
                names=(*main.names, alias),
                label="PROJECT",
                subtype="project",
            )


def _from_value(text: str, start: int, value: str, rule: str, kind: str) -> EntityFind | None:
    match = re.search(rf"\s?-{project_names.head_forms()}$", value)
    name = value[: match.start()] if match else value
    name = re.sub(r"^\d+\.\s+", "", name)
    if re.search(r"[.!?]\s+[A-ZÅÄÖ]", name):  # prose, not a name
        return None
    return _find(text, start, start + len(value), name, rule, 0.97, kind)


def _from_programmes(text: str) -> Iterator[EntityFind]:
    """Programmes of ``lexicon/programmes.csv`` wherever their wordings stand."""
    for pattern, row in _programmes():
        for match in pattern.finditer(text):
            names = [Name(row["name"], "full")]
            names += [Name(alias, "alias") for alias in row["aliases"].split(";") if alias]
            if row["acronym"]:
                names.append(Name(row["acronym"], "acronym"))
            yield EntityFind(
                start=match.start(),
                end=match.end(),
                rule="known-programme",
                confidence=0.98,
                type="project",
                name=row["name"],
                names=tuple(names),
                label="PROGRAMME" if row["kind"] == "programme" else "PROJECT",
                subtype=row["kind"],
            )


def _from_headings(text: str, page: Layout) -> Iterator[EntityFind]:
    """A heading right above labels such as ``Hakija:`` is the name of a project."""
    labels = {f.label_start: f.key for f in page.fields}
    form = any(field.key == "project_name" for field in page.fields)
    for block, after in zip(page.blocks, page.blocks[1:], strict=False):
        if block.kind not in {"heading", "item"} or labels.get(after.start) not in _FACT_LABELS:
            continue
        heading = re.sub(r"^(?:[-–•*]|\d+[.)])\s+", "", text[block.start : block.end])
        name = re.sub(rf"\s?-{project_names.head_forms()}$", "", heading)
        if form or re.search(r":$|€|euroa|^\d+\s", name):
            continue
        if 1 <= len(name.split()) <= 16:
            start = block.end - len(heading)
            find = _find(text, start, start + len(heading), name, "heading-with-labels", 0.9)
            if find:
                yield find


def _from_quotes(text: str) -> Iterator[EntityFind]:
    """``”Hoivapolku Kainuuseen” -hanke``: the quotation marks say where the name begins."""
    pattern = re.compile(
        rf"[{_OPEN}](?P<name>[^{_OPEN}\n]{{2,140}})[{_OPEN}]\s*[–-]\s?(?P<head>{project_names.head_forms()})(?!\w)"
    )
    for match in pattern.finditer(text):
        head = project_names.head_of(match["head"])
        if head is None or head.kind == "none":
            continue
        find = _find(
            text, match.start("name"), match.end(), match["name"], "quoted-name", 0.96, head.kind
        )
        if find:
            yield find


def _from_heads(
    doc: Doc,
    blocks: Sequence[Block],
    organisations: Sequence[EntityFind],
    trusted: Callable[[str], bool],
) -> Iterator[EntityFind]:
    """``Kylän kautta -hanke`` and ``VASA-hanke``, the beginning found by walking left."""
    text = doc.text
    for block in blocks:
        for match in _headed().finditer(text, block.start, block.end):
            head = project_names.head_of(match["head"])
            if head is None or head.kind == "none" or match["quote"]:
                continue
            end = match.start("gap")
            if match["gap"] in {"-", "–"}:
                start = _compound_start(text, block.start, end)
                sure = 0.95
            else:
                bracket = text.rfind("(", block.start, end) if text[end - 1] == ")" else end
                core = len(text[:bracket].rstrip())
                found = project_names.begins(doc, block.start, core, organisations, trusted)
                if found is None or bracket < 0:
                    continue
                start, sure = found
            name = text[start:end]
            if match["gap"].strip() != match["gap"] and "-" not in match["gap"] and sure < 0.95:
                sure = 0.8  # "– hankkeen" may be a clause of its own
            find = _find(text, start, match.end(), name, "name-before-head", sure, head.kind)
            if find:
                yield find


def _compound_start(text: str, floor: int, end: int) -> int:
    """Start of the compound that ends at ``end``; a number takes the word before it along."""
    start = end
    while start > floor and not text[start - 1].isspace() and text[start - 1] not in "(" + _OPEN:
        start -= 1
    if text[start:end].isdigit():
        before = re.search(r"[A-ZÅÄÖ][\w-]*\s+$", text[floor:start])
        if before:
            start = floor + before.start()
    return start


def _from_announcing_heads(
    doc: Doc, blocks: Sequence[Block], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``hanke ”X”`` and ``yhteishanke X – alaotsikko (XYZ)``."""
    text = doc.text
    for block in blocks:
        for match in _announced().finditer(text, block.start, block.end):
            head = project_names.head_of(match["head"])
            if head is None or head.kind == "none":
                continue
            if match["quoted"]:
                find = _find(
                    text,
                    match.start("quoted"),
                    match.end("quoted"),
                    match["quoted"],
                    "quoted-after-head",
                    0.93,
                    head.kind,
                )
            else:
                find = _unquoted_after_head(doc, match, others, head.kind)
            if find:
                yield find


def _unquoted_after_head(
    doc: Doc, match: re.Match[str], others: Sequence[EntityFind], kind: str
) -> EntityFind | None:
    """``yhteishanke Juuret – …``: capitalised words up to a verb, a comma or a lower-case word."""
    start = match.start("bare")
    folded = match["head"].casefold()
    if not folded.endswith(("hanke", "projekti", "ohjelma", "pilotti", "kokeilu")):
        return None
    if not doc.text[start].isupper() or any(o.start <= start < o.end for o in others):
        return None
    span = doc.char_span(start, match.end("bare"), alignment_mode="contract")
    if (
        span is None
        or not len(span)
        or span[0].ent_type_ in {"PERSON", "GPE", "LOC", "ORG", "DATE"}
        or span[0].is_sent_start
    ):
        return None
    end = start
    subtitle = False
    for token in span:
        if token.text in {"–", "—"}:
            subtitle = True
        elif token.text in {",", ".", ":", ";", "!", "?"} or token.is_space:
            break
        elif token.text == "(":
            closing = doc.text.find(")", token.idx, token.idx + 32)
            end = closing + 1 if closing > 0 else end
            break
        elif not subtitle and token.text[0].islower() and token.i > span.start:
            break
        elif (
            subtitle and token.pos_ in {"AUX", "VERB"} and "Fin" in token.morph.get("VerbForm", [])
        ):
            break
        end = token.idx + len(token.text)
    return _find(doc.text, start, end, doc.text[start:end], "name-after-head", 0.85, kind)


def _from_definitions(
    doc: Doc, blocks: Sequence[Block], organisations: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``Muistipolku on yhdistyksen kolmivuotinen hanke``: the subject of "on … hanke"."""
    data = lexicon.settings("project_heads")
    pattern = re.compile(
        rf"(?P<name>[A-ZÅÄÖ][^.!?\n]{{1,140}}?)\s+(?:on|oli)\s+(?:[^.!?\n]{{0,160}}?\s)?(?P<head>{project_names.head_forms()})(?=\s*[.,;:!]|\s+j[oa]|$)"
    )
    sentences = [(s.start_char, s.end_char) for s in doc.sents]
    for start, sentence_end in sorted({*sentences, *((b.start, b.end) for b in blocks)}):
        if not any(b.start <= start < b.end for b in blocks):
            continue
        match = pattern.match(doc.text, start, sentence_end)
        if match is None:
            continue
        folded = match["head"].casefold()
        head = project_names.head_of(match["head"])
        name = project_names.clean(match["name"])
        nominative = folded.endswith(
            ("hanke", "projekti", "ohjelma", "pilotti", "kokeilu", "hankekokonaisuus")
        )
        first = name.split()[0].casefold()
        if (
            head is None
            or head.kind == "none"
            or not nominative
            or first in data["stops"]["generic"]
        ):
            continue
        if (
            first in data["stops"]["words"]
            or "," in name
            or re.search(rf"(?:^|\s|-){project_names.head_forms()}$", name)
        ):
            continue
        whole = re.sub(rf"^[{_OPEN}]|[{_OPEN}]$", "", name)
        if any(o.start <= start < o.end and o.end >= match.end("name") for o in organisations):
            continue
        subject = doc.char_span(match.start("name"), match.end("name"), alignment_mode="contract")
        if subject is None:
            continue
        titled = re.search(r"\s[–—-]\s|\(", whole) is not None
        if not titled and any("Fin" in t.morph.get("VerbForm", []) for t in subject):
            continue
        if not titled and (
            len(whole.split()) > 4 or "Nom" not in subject[-1].morph.get("Case", ["Nom"])
        ):
            continue
        find = _find(
            doc.text,
            match.start("name"),
            match.end("name"),
            whole,
            "defined-as-project",
            0.88,
            head.kind,
        )
        if find:
            yield find


def _without_overlaps(finds: Sequence[EntityFind]) -> list[EntityFind]:
    """The longest of overlapping finds, the more certain of equally long ones."""
    kept: list[EntityFind] = []
    for find in sorted(finds, key=lambda f: (-(f.end - f.start), -f.confidence, f.start)):
        if all(find.end <= other.start or find.start >= other.end for other in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)


def _bare_mentions(
    doc: Doc, blocks: Sequence[Block], finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """Names found above that stand alone elsewhere: ``Digiaskeleen``, ``Kuiva maa 2``."""
    text = doc.text
    taken = [(f.start, f.end) for f in (*finds, *others)]
    starts = {sentence.start_char for sentence in doc.sents} | {b.start for b in blocks}
    for find in _distinct(finds):
        for name, whole in _callable_names(find, finds):
            for start, end in _occurrences(text, name):
                if not any(b.start <= start < b.end for b in blocks):
                    continue
                if any(s < end and start < e for s, e in taken):
                    continue
                if not whole and start in starts and text[start:end] != name:
                    continue
                sequel = _SEQUEL.match(text, end) if project_names.numbered(name) is None else None
                if sequel and whole:
                    number = f"{text[start:end]} {sequel['number']}"
                    later = _find(text, start, sequel.end(), number, "numbered-sequel", 0.85)
                    if later:
                        yield later
                    continue
                yield EntityFind(
                    start=start,
                    end=end,
                    rule="name-again",
                    confidence=min(0.85, find.confidence),
                    type="project",
                    name=find.name,
                    names=find.names,
                    label=find.label,
                    subtype=find.subtype,
                )


def _distinct(finds: Sequence[EntityFind]) -> list[EntityFind]:
    seen: dict[str, EntityFind] = {}
    for find in finds:
        seen.setdefault(find.name.casefold(), find)
    return sorted(seen.values(), key=lambda find: -len(find.name))


def _callable_names(find: EntityFind, finds: Sequence[EntityFind]) -> list[tuple[str, bool]]:
    """Names of a project that may stand alone, and whether each is a whole name.

    The first word of a longer name may stand for it where no other project begins with it.
    """
    names = {name.name: True for name in find.names if len(name.name) > 2}
    first = find.name.split()[0]
    shared = sum(other.name.split()[0] == first for other in _distinct(finds))
    if len(first) >= 6 and shared == 1 and first[0].isupper() and find.subtype == "project":
        names.setdefault(first, False)
    return sorted(names.items(), key=lambda item: -len(item[0]))


def _occurrences(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where ``name`` stands as a phrase, its last word inflected or not."""
    words = name.split()
    last = words[-1]
    stem = last if len(last) < 4 else last[: max(3, len(last) - 2)]
    lead = r"\s+".join(re.escape(word) for word in words[:-1])
    gap = r"\s+" if lead else ""
    ending = r"(?::\w{1,4}|\w{0,6})" if len(last) >= 3 and not last.isdigit() else ""
    pattern = re.compile(rf"(?<![\w-]){lead}{gap}{re.escape(stem)}{ending}(?![\w-])")
    for match in pattern.finditer(text):
        if match.group().split()[-1] == last or _inflected(match.group().split()[-1], last):
            yield match.start(), match.end()


def _inflected(form: str, nominative: str) -> bool:
    """Could ``form`` be an inflected form of ``nominative``? (prefix kept, a case ending added)"""
    if form == nominative:
        return True
    shared = 0
    for a, b in zip(form.casefold(), nominative.casefold(), strict=False):
        if a != b:
            break
        shared += 1
    return (
        shared >= max(3, len(nominative) - 2)
        and len(form) > len(nominative) - 1
        and form[-1] in "naäeiotlsöu"
    )
