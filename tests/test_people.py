"""People: passages in, names in the nominative out."""

from __future__ import annotations

import pytest
from facts import read, rows

from pipeline.annotate import Annotator
from pipeline.records import Entity, Record


def people(record: Record) -> list[Entity]:
    first = {m.entity: m.start for m in reversed(record.mentions)}
    found = [entity for entity in record.entities if entity.type == "person"]
    return sorted(found, key=lambda entity: first[entity.key])


@pytest.mark.parametrize("row", rows("people"), ids=lambda row: row["text"][:50])
def test_cases(row: dict[str, str], annotator: Annotator) -> None:
    record = read(annotator, row["text"].replace("⏎", "\n"))
    assert " | ".join(person.name for person in people(record)) == row["people"]


def test_a_name_has_parts_and_a_degree(annotator: Annotator) -> None:
    (person,) = people(read(annotator, "Venla Koivu-Hakapuro (YTM) aloitti Kotkassa."))
    assert (person.given_name, person.family_name) == ("Venla", "Koivu-Hakapuro")
    assert person.degree == "YTM"


def test_names_of_one_person_are_one(annotator: Annotator) -> None:
    record = read(annotator, "Outi Koivuranta aloitti Kajaanissa. Outi kertoo lisää.")
    (person,) = people(record)
    assert [m.text for m in record.mentions if m.entity == person.key] == [
        "Outi Koivuranta",
        "Outi",
    ]


CONTACTS = """Lisätietoja:

projektipäällikkö Outi Koivuranta, p. 040 123 4567, outi.koivuranta@esimerkki.fi
suunnittelija Pekka Suokas, p. 050 765 4321, pekka.suokas@esimerkki.fi
Vaihde 08 123 4567
"""


def test_addresses_and_numbers_belong_to_people(annotator: Annotator) -> None:
    found = {p.name: (p.email, p.phone) for p in people(read(annotator, CONTACTS))}
    assert found == {
        "Outi Koivuranta": ("outi.koivuranta@esimerkki.fi", "+358401234567"),
        "Pekka Suokas": ("pekka.suokas@esimerkki.fi", "+358507654321"),
    }


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("elavakyla@kunta.example", "elavakyla@kunta.example"),
        ("kirjaamo@kunta.example", None),
        ("info.raahe@kunta.example", None),
        ("toimisto(at)kunta.example", None),
    ],
)
def test_an_office_s_address_is_nobody_s(
    annotator: Annotator, address: str, owner: str | None
) -> None:
    (person,) = people(read(annotator, f"Lisätietoja antaa Outi Koivuranta, {address}."))
    assert person.email == owner


def test_an_address_finds_its_owner_by_name(annotator: Annotator) -> None:
    text = "Tiedustelut: pekka.suokas@esimerkki.fi\n\nOuti Koivuranta ja Pekka Suokas vastaavat."
    found = {p.name: p.email for p in people(read(annotator, text))}
    assert found == {"Outi Koivuranta": None, "Pekka Suokas": "pekka.suokas@esimerkki.fi"}
