"""One synthetic announcement from a seed and a number: the same two always give the same text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from pipeline.lexicon import table

EPOCH = date(2015, 1, 1)
SPAN_DAYS = 365 * 10
# Shares of announcements: pages of labels and values, damaged text, page furniture around it.
FORMS, DAMAGED, FURNISHED = 0.2, 0.15, 0.4
DAMAGES = ("cp1252", "mac_roman", "latin-1")
BACK_VOWELS = "aouAOU"


@cache
def _parts() -> dict[str, Any]:
    text = files(__package__).joinpath("templates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _places() -> tuple[Mapping[str, str], ...]:
    return tuple(
        place for place in table("places") if place["type"] == "municipality" and place["genitive"]
    )


def compose(seed: int, number: int) -> str:
    """The announcement ``number`` of the corpus ``seed``, 50 to 250 words of Finnish."""
    random = Random(f"{seed} {number}")
    parts = _parts()
    fields = _fields(random, parts)
    if random.random() < FORMS:
        text = parts["form"].strip().format_map(fields)
    else:
        middle = random.sample(parts["middle"], random.randint(3, 7))
        chosen = [random.choice(parts["first"]), *middle, random.choice(parts["contact"])]
        paragraphs = [_opened(paragraph.format_map(fields)) for paragraph in chosen]
        heading = random.choice(parts["openings"]).format_map(fields)
        text = "\n\n".join([heading, f"Julkaistu {fields['published']}", *paragraphs])
    if random.random() < FURNISHED:
        around = random.sample(parts["furniture"], 2)
        text = f"{around[0]}\n\n{text}\n\n{around[1]}"
    return _damaged(random, text) if random.random() < DAMAGED else text


def _fields(random: Random, parts: Mapping[str, Any]) -> dict[str, str]:
    place, other = random.sample(_places(), 2)
    begins = EPOCH + timedelta(days=random.randrange(SPAN_DAYS))
    ends = begins + timedelta(days=random.choice((365, 540, 730, 1095)))
    published = begins - timedelta(days=random.randrange(7, 90))
    county = f"{place['genitive']} seudun hyvinvointikuntayhtymä"
    places = {"place_gen": place["genitive"], "county_gen": f"{county}n"}
    (body, body_gen), (partner, partner_gen) = (
        [form.format_map(places) for form in forms] for forms in random.sample(parts["bodies"], 2)
    )
    person, second = _person(random, parts), _person(random, parts)
    title, second_title = random.choice(parts["titles"]), random.choice(parts["titles"])
    short, project = _project(random, parts, place["genitive"])
    total = random.randrange(40, 1200) * 1000
    share = random.choice((50, 60, 70, 75, 80))
    account = ".".join(person[0].lower().split())
    return {
        **places,
        "project": project,
        "short": short,
        "goal": random.choice(parts["project_goal"]),
        "place": place["name"],
        "place_in": _local(place),
        "other": other["name"],
        "other_gen": other["genitive"],
        "other_in": _local(other),
        "county": county,
        "body": body,
        "body_gen": body_gen,
        "partner": partner,
        "partner_gen": partner_gen,
        "fund": random.choice(parts["funds"])[2],
        "title": title[0],
        "title_ess": title[1],
        "second_title": second_title[0],
        "person": person[0],
        "person_gen": person[1],
        "second": second[0],
        "season": f"{random.choice(parts['seasons'])} {begins.year}",
        "start": f"{begins.day}.{begins.month}.{begins.year}",
        "end": f"{ends.day}.{ends.month}.{ends.year}",
        "start_prose": f"{parts['months'][begins.month - 1]}ssa {begins.year}",
        "end_prose": f"{parts['months'][ends.month - 1]}n {ends.year} loppuun",
        "published": f"{published.day}.{published.month}.{published.year}",
        "total": _spaced(total),
        "grant": _spaced(total * share // 100),
        "share": str(share),
        "email": f"{account.replace('ä', 'a').replace('ö', 'o')}@esimerkki.fi",
        "phone": f"040 000 {random.randrange(1000, 10000)}",
    }


def _person(random: Random, parts: Mapping[str, Any]) -> tuple[str, str]:
    """An invented person's name, nominative and genitive."""
    given, first = random.choice(parts["given"]), random.choice(parts["surname_first"])
    nominative, genitive = random.choice(parts["surname_second"])
    return f"{given} {first}{nominative}", f"{given} {first}{genitive}"


def _project(random: Random, parts: Mapping[str, Any], place: str) -> tuple[str, str]:
    """An invented project's short and full name."""
    first, second = random.choice(parts["project_first"]), random.choice(parts["project_second"])
    if random.random() < 0.3:
        short = f"{first[:2]}{random.choice(parts['acronym_endings'])}".upper()
    elif random.random() < 0.5:
        short = f"{first} {second.lower()}"
    else:
        short = f"{place} {first.lower()} {second.lower()}"
    goal: str = random.choice(parts["project_goal"])
    return short, f"{short} – {goal}"


def _local(place: Mapping[str, str]) -> str:
    """A place in its usual local case: the weak stem of the genitive and -ssa or -lla."""
    stem = place["genitive"].removesuffix("n")
    ending = "ssa" if place["local"] == "inner" else "lla"
    back = any(letter in BACK_VOWELS for letter in stem.split("-")[-1])
    return stem + (ending if back else ending.replace("a", "ä"))


def _spaced(amount: int) -> str:
    return f"{amount:,}".replace(",", " ")


def _opened(paragraph: str) -> str:
    return paragraph[:1].upper() + paragraph[1:]


def _damaged(random: Random, text: str) -> str:
    """The text with some paragraphs read in a wrong character set."""
    charset = random.choice(DAMAGES)
    return "\n\n".join(
        paragraph.encode("utf-8").decode(charset, "replace") if random.random() < 0.5 else paragraph
        for paragraph in text.split("\n\n")
    )
