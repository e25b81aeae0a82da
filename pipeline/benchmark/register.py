"""How well projects are tied to a register's rows: ``python -m pipeline.benchmark.register FILE``.

Announcements are written about rows of a real register, with its names as announcements give them:
whole, inflected, cut at the subtitle, by the acronym, in a form with the code; some tell who leads
and when, some nothing else. They are read, resolved and matched as by ``run --register``. Half are
about rows that the register handed over lacks: whatever these are tied to is wrong.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec

from pipeline.annotate import Annotator, load_annotator
from pipeline.names import inflect
from pipeline.records import Post, Record
from pipeline.resolve import resolve
from pipeline.resolve.register import RegisterRow, read_register
from pipeline.single import record

COUNT = 300  # announcements
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_SUBTITLE = re.compile(r"\s+[-–—]\s+|:\s+|\s*[–—]\s+")
_ACRONYM = re.compile(r"[A-ZÅÄÖ][A-Za-zÅÄÖåäö0-9-]*[A-ZÅÄÖ0-9][A-Za-zÅÄÖåäö0-9-]*")
_MONTHS = (
    "tammi", "helmi", "maalis", "huhti", "touko", "kesä",
    "heinä", "elo", "syys", "loka", "marras", "joulu",
)  # fmt: skip


class Tally(msgspec.Struct):
    """Announcements of a form: how many, tied to the right row, to a wrong one, to none."""

    count: int = 0
    right: int = 0
    wrong: int = 0


class Form(msgspec.Struct, frozen=True):
    """A way of writing: ``text`` of a row, ``None`` where the row's name has no such form."""

    name: str
    text: Callable[[RegisterRow], str | None]


def whole(row: RegisterRow) -> str:
    """The name without what stands in brackets."""
    return _BRACKET.sub("", row.name).strip()


def cut(row: RegisterRow) -> str | None:
    """The name up to its subtitle."""
    first = _SUBTITLE.split(whole(row), maxsplit=1)[0].strip()
    return first if first != whole(row) and len(first) > 3 else None


def acronym(row: RegisterRow) -> str | None:
    """The acronym in brackets."""
    inside = [text.removesuffix("-hanke").strip() for text in _BRACKET.findall(row.name)]
    return next((text for text in inside if _ACRONYM.fullmatch(text)), None)


def _body(row: RegisterRow) -> str:
    return _BRACKET.sub("", row.lead or "").strip()


def _begun(row: RegisterRow) -> str:
    return f"{_MONTHS[row.start.month - 1]}kuussa {row.start.year}" if row.start else ""


def _news(row: RegisterRow, name: str | None) -> str | None:
    """A piece of news that tells who leads and when."""
    if name is None or not row.lead or row.start is None:
        return None
    return (
        f"Uutinen\n\n{name} -hanke käynnistyi {_begun(row)}. "
        f"Hanketta toteuttaa {_body(row)}. Tavoitteena on vahvistaa alueen osaamista."
    )


def _bare(row: RegisterRow, name: str | None) -> str | None:
    """An invitation that tells nothing but the name."""
    return (
        name and f"Tervetuloa mukaan!\n\n{name} -hankkeen päätösseminaari pidetään keskiviikkona."
    )


def _inflected(row: RegisterRow) -> str | None:
    """A sentence with the name itself in the genitive."""
    *words, last = whole(row).split()
    if not last.isalpha() or not row.lead:
        return None
    name = " ".join([*words, inflect(last, "Gen")])
    return (
        f"Hankeuutisia\n\nHankkeen nimi on {whole(row)}. {name} loppuraportti on julkaistu, kertoo "
        f"{_body(row)}."
    )


def _form(row: RegisterRow, *, code: bool) -> str | None:
    if row.start is None or row.end is None:
        return None
    lines = [f"Hankkeen nimi: {cut(row) or whole(row) if code else whole(row)}"]
    lines += [f"Hankekoodi: {row.code}"] * code
    lines += [f"Toteuttaja: {_body(row)}"] * bool(row.lead)
    days = (f"{day.day}.{day.month}.{day.year}" for day in (row.start, row.end))
    return "\n".join([*lines, f"Toteutusaika: {'–'.join(days)}"])


FORMS = (
    Form("form, whole name", lambda row: _form(row, code=False)),
    Form("form with the code", lambda row: _form(row, code=True)),
    Form("news, whole name", lambda row: _news(row, whole(row))),
    Form("news, name inflected", _inflected),
    Form("news, name cut at the subtitle", lambda row: _news(row, cut(row))),
    Form("news, acronym only", lambda row: _news(row, acronym(row))),
    Form("whole name and nothing else", lambda row: _bare(row, whole(row))),
    Form("cut name and nothing else", lambda row: _bare(row, cut(row))),
    Form("acronym and nothing else", lambda row: _bare(row, acronym(row))),
)


class Written(msgspec.Struct, frozen=True):
    """An announcement about a row, and whether the register handed over has it."""

    form: str
    row: RegisterRow
    listed: bool
    post: Post


def written(rows: Sequence[RegisterRow], count: int, seed: int) -> list[Written]:
    """``count`` announcements about different rows, form after form, every second unlisted."""
    order = list(rows)
    Random(seed).shuffle(order)
    left: Iterator[RegisterRow] = iter(order)
    made: list[Written] = []
    waiting: dict[str, list[str]] = {}
    for row in left:
        if len(made) == count:
            break
        # The form that has had least so far, of those that the row's name has.
        texts = {form.name: text for form in FORMS if (text := form.text(row)) is not None}
        if not texts:
            continue
        name = min(texts, key=lambda name: len(waiting.get(name, [])))
        so_far = waiting.setdefault(name, [])
        so_far.append(row.code)
        raw = sha256(f"{row.code} {name}".encode()).hexdigest()
        post = Post(source=f"{len(made):04}.txt", raw_sha256=raw, text=texts[name])
        made.append(Written(name, row, len(so_far) % 2 == 1, post))
    return made


def tallied(
    posts: Sequence[Written], rows: Sequence[RegisterRow], annotator: Annotator
) -> Mapping[str, tuple[Tally, Tally]]:
    """Of each form the tally of listed and of unlisted rows.

    Each announcement is matched by itself, so that none helps another.
    """
    unlisted = {one.row.code for one in posts if not one.listed}
    register = [row for row in rows if row.code not in unlisted]
    found: dict[str, tuple[Tally, Tally]] = {form.name: (Tally(), Tally()) for form in FORMS}
    matches = _matches([record(one.post, annotator) for one in posts], register)
    for one in posts:
        tally = found[one.form][0 if one.listed else 1]
        codes = matches.get(one.post.source, set())
        tally.count += 1
        tally.right += one.listed and codes == {one.row.code}
        tally.wrong += bool(codes - ({one.row.code} if one.listed else set()))
    return found


def _matches(records: Sequence[Record], register: Sequence[RegisterRow]) -> dict[str, set[str]]:
    """The codes that each announcement's projects are tied to, by its source."""
    found: dict[str, set[str]] = {}
    with resolve(records, register) as tables:
        sources = {row["doc_id"]: row["source"] for row in tables.arrow("documents").to_pylist()}
        places: dict[str, set[str]] = {}
        for row in tables.arrow("resolutions").to_pylist():
            places.setdefault(row["entity_id"], set()).add(sources[row["doc_id"]])
        for row in tables.arrow("register_matches").to_pylist():
            for source in places[row["project_id"]]:
                found.setdefault(source, set()).add(row["code"])
    return found


def as_text(found: Mapping[str, tuple[Tally, Tally]]) -> str:
    """The tallies as a table, and precision and recall over all."""
    lines = [
        f"{'announcement':<32}{'listed':>7}{'right':>7}{'wrong':>7}{'unlisted':>10}{'tied':>6}"
    ]
    total = (Tally(), Tally())
    for name, pair in found.items():
        for whole_tally, part in zip(total, pair, strict=True):
            whole_tally.count += part.count
            whole_tally.right += part.right
            whole_tally.wrong += part.wrong
        listed, other = pair
        lines.append(
            f"{name:<32}{listed.count:>7}{listed.right:>7}{listed.wrong:>7}"
            f"{other.count:>10}{other.wrong:>6}"
        )
    listed, other = total
    tied = listed.right + listed.wrong + other.wrong
    precision = listed.right / tied if tied else 0.0
    recall = listed.right / listed.count if listed.count else 0.0
    lines.append(f"precision {precision:.3f}, recall {recall:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.benchmark.register")
    parser.add_argument(
        "register", type=Path, help="CSV file: code,name,lead,start,end,granted_eur"
    )
    parser.add_argument("--count", type=int, default=COUNT, help="announcements")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rows = read_register(given.register)
    posts = written(rows, given.count, given.seed)
    print(as_text(tallied(posts, rows, load_annotator())))


if __name__ == "__main__":
    main()
