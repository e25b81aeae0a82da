"""Find identifiers: Y-tunnus, hankekoodi, diaarinumero, web addresses, e-mail, telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stdnum.fi import ytunnus

from pipeline import lexicon
from pipeline.extract.finds import IdentifierFind
from pipeline.extract.spans import Taken
from pipeline.patterns import Pattern

_URL = Pattern(
    r"""(?<![\w@.])(?:
        https?://[^\s<>"”»|]+
      | www\.[^\s<>"”»|]+
      | (?:[a-z0-9-]{1,63}\.){1,20}(?:fi|com|eu|org|net|info)/[^\s<>"”»|]+  # kunta.fi/x
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_URL_TAIL = ".,;:!?’'*_"
_PARTNER = {")": "(", "]": "["}

_Y_TUNNUS = re.compile(r"(?<![\w.,/-])(?:FI[ -]?)?(\d{6,7})\s?[-–‑]\s?(\d)(?![\w/]|[.,-]\d)")
_VAT = re.compile(r"(?<!\w)FI[ -]?(\d{8})(?!\w)")

_REGISTER_CODE = re.compile(r"(?<![\w/-])[ASJ]\d{5}(?![\w/-])")  # the structural funds' EURA
_GOVERNMENT_CODE = Pattern(r"(?<![\w/-])[A-ZÅÄÖ]{2,4}\d{3}:\d{2}/(?:19|20)\d\d(?!\w)")

# Case numbers that are clear without a label.
_CASE = Pattern(
    r"""(?<![\w/.-])(?:
        EURA\s\d{4}/\d{1,7}/[\d ]{8,16}/\d{4}(?:/[A-ZÅÄÖ]{2,8})?   # EURA 2021/12/09 02 01/2023/PSA
      | [A-ZÅÄÖ]{2,10}(?:-[A-ZÅÄÖ]{2,6})?/\d{1,7}(?:/[\d.]+(?:-\d+)?){0,2}/(?:19|20)\d\d
        (?:-[A-Z]{2,5}-\d+)?                                        # OKM/12/620/2024
      | (?:D/)?\d{1,6}/\d\d\.\d\d(?:\.\d\d){0,3}/(?:19|20)\d\d      # 5146/01.04.00/2023
    )(?![\w/])""",
    re.VERBOSE,
)
_LABELLED_CASE = (
    r"((?:[A-ZÅÄÖ]{1,10}[ /-])?\d[\d./:-]*(?:\s\d\d(?=[ /]))*/[\d./-]*\d(?:/[A-ZÅÄÖ]{2,8})?)"
)
# As registers write them, and behind a label whatever else looks like one: "XYZQW12Q".
_LABELLED_CODE = (
    r"([A-ZÅÄÖ]{0,4}[ -]?\d{3,9}(?:[-/:]\d{1,6}){0,3}"
    r"|(?=[A-ZÅÄÖ/-]*\d)[A-ZÅÄÖ\d](?:[A-ZÅÄÖ\d]|[-/](?=[A-ZÅÄÖ\d])){3,19})(?![\w€%])"
)

_PHONE = re.compile(
    r"""(?<![\w/.,+-])(?<!\d[ \xa0])
        (?: (?:\+|00)\d{2,3} (?:[ \xa0-]?\(0\))? | \(?0\d{1,3}\)? )
        (?: [ \xa0–-]?\d{2,4} ){2,5}
        (?![\w/]|[.,:-]\d|[ \xa0]?[€%])""",
    re.VERBOSE,
)
_MOBILE = re.compile(r"\+358(?:4\d|50)\d{5,8}")


def find_identifiers(text: str) -> list[IdentifierFind]:
    """All identifiers of ``text`` in order, none crossing another.

    Values are as the register writes them: ``2012345-6``, ``S23187``, ``+358401234567``,
    ``nimi@domain.fi``. Patterns of addresses (``etunimi.sukunimi@…``) are none.
    """
    taken = Taken()
    kept = [
        find
        for finder in (_emails, _urls, _case_numbers, _codes, _business_ids, _phones)
        for find in finder(text)
        if taken.take(find.start, find.end) and find.confidence > 0
    ]
    return sorted(kept, key=lambda find: find.start)


def _find(
    scheme: str, span: tuple[int, int], value: str, rule: str, confidence: float = 0.95
) -> IdentifierFind:
    valid = ytunnus.is_valid(value) if scheme == "y_tunnus" else None
    return IdentifierFind(
        start=span[0],
        end=span[1],
        rule=rule,
        confidence=confidence,
        scheme=scheme,
        value=value,
        valid=valid,
    )


def _labels(scheme: str) -> str:
    """An alternation of a scheme's labels with any ending: ``hankekoodi(lla)``."""
    labels = sorted(lexicon.settings("identifiers")[scheme]["labels"], key=len, reverse=True)
    return "|".join(re.escape(label) for label in labels)


@cache
def _label_before(scheme: str, edge: str, gap: int) -> re.Pattern[str]:
    """A scheme's label behind ``edge``, at most ``gap`` characters before the end."""
    return re.compile(rf"{edge}(?:{_labels(scheme)})\W{{0,{gap}}}$", re.IGNORECASE)


@cache
def _email() -> Pattern:
    data = lexicon.settings("identifiers")["email"]
    at, dot = "|".join(data["at"]), "|".join(data["dot"])
    return Pattern(
        rf"""(?<![\w.+-])(?P<local>[\w+-]+(?:\.[\w+-]+)*)
             [ \xa0]?(?:{at})[ \xa0]?
             (?P<domain>(?:[\w-]+(?:\.|[ ]?(?:{dot})[ ]?))+[a-zåäö]{{2,}})""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _dot() -> re.Pattern[str]:
    """The full stop of an address, or a word for it."""
    dot = "|".join(lexicon.settings("identifiers")["email"]["dot"])
    return re.compile(rf"\s*(?:{dot})\s*", re.IGNORECASE)


def _emails(text: str) -> Iterator[IdentifierFind]:
    data = lexicon.settings("identifiers")["email"]
    for match in _email().finditer(text):
        local = match["local"].lower()
        domain = _dot().sub(".", match["domain"].lower())
        template = local in data["templates"]
        # A template still takes its place, so that nothing else is read there.
        yield _find("email", match.span(), f"{local}@{domain}", "email", 0.0 if template else 0.97)


def _urls(text: str) -> Iterator[IdentifierFind]:
    for match in _URL.finditer(text):
        value = match.group().rstrip(_URL_TAIL)
        while value[-1:] in _PARTNER and value.count(value[-1]) > value.count(_PARTNER[value[-1]]):
            value = value[:-1].rstrip(_URL_TAIL)
        if len(value) > len("https://"):
            yield _find("url", (match.start(), match.start() + len(value)), value, "url")


def _business_ids(text: str) -> Iterator[IdentifierFind]:
    for match in _Y_TUNNUS.finditer(text):
        value = f"{match[1].zfill(7)}-{match[2]}"
        labelled = _label_before("y_tunnus", "", 4).search(
            text, max(0, match.start() - 24), match.start()
        )
        if labelled or ytunnus.is_valid(value):
            yield _find("y_tunnus", match.span(), value, "y-tunnus", 0.98 if labelled else 0.9)
    for match in _VAT.finditer(text):
        value = f"{match[1][:7]}-{match[1][7]}"
        if ytunnus.is_valid(value):
            yield _find("y_tunnus", match.span(), value, "vat-number", 0.9)


def _case_numbers(text: str) -> Iterator[IdentifierFind]:
    for match in _CASE.finditer(text):
        yield _find("diaarinumero", match.span(), _one_space(match.group()), "case-number", 0.9)
    for match in _labelled("diaarinumero", _LABELLED_CASE).finditer(text):
        yield _find("diaarinumero", match.span(1), _one_space(match[1]), "labelled-case-number")


def _codes(text: str) -> Iterator[IdentifierFind]:
    for match in _labelled("hankekoodi", _LABELLED_CODE).finditer(text):
        value = re.sub(r"\s", "", match[1])
        yield _find("hankekoodi", match.span(1), value, "labelled-project-code")
    for match in _GOVERNMENT_CODE.finditer(text):
        yield _find("hankekoodi", match.span(), match.group(), "government-project-code", 0.9)
    cues = lexicon.settings("identifiers")["hankekoodi"]["cues"]
    for match in _REGISTER_CODE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()].lower()
        opened = not before or before.endswith(("(", "\n"))
        alone = opened and text[match.end() : match.end() + 1] in (")", "\n", "")
        if alone or any(cue in before.rsplit("\n", 1)[-1] for cue in cues):
            yield _find("hankekoodi", match.span(), match.group(), "register-project-code", 0.85)


@cache
def _labelled(scheme: str, value: str) -> Pattern:
    """Label, a possible ending and copula, then the value on the same line or the next."""
    return Pattern(
        rf"\b(?i:(?:{_labels(scheme)})[a-zåäö]{{0,5}})\.?(?:\s?\([^)\n]{{1,30}}\))?"
        rf"(?:\s(?:on|oli)\b)?[\s:]{{1,4}}{value}"
    )


def _phones(text: str) -> Iterator[IdentifierFind]:
    blockers = lexicon.settings("identifiers")["phone"]["blockers"]
    for match in _PHONE.finditer(text):
        raw = match.group()
        value = _international(raw)
        before = re.findall(r"\w+", text[max(0, match.start() - 20) : match.start()])
        if before and before[-1].lower() in blockers:
            continue
        labelled = _label_before("phone", r"\b", 3).search(
            text, max(0, match.start() - 20), match.start()
        )
        national = len(value.removeprefix("+358"))
        if not 5 <= national <= 12 or (not labelled and national < 7):
            continue
        confidence = 0.97 if labelled else 0.9 if _MOBILE.fullmatch(value) else 0.7
        yield _find("phone", match.span(), value, "phone", confidence)


def _international(raw: str) -> str:
    """``040 123 4567`` → ``+358401234567``; ``+358 (0)40 …`` loses its zero."""
    code = lexicon.settings("identifiers")["phone"]["country_code"]
    raw = raw.replace("(0)", "")
    digits = re.sub(r"\D", "", raw)
    if raw.lstrip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{code}{digits.removeprefix('0')}"


def _one_space(value: str) -> str:
    return re.sub(r"\s+", " ", value).strip()
