"""The scorer: verdicts on small cases, and the same counts as the shared scorer on any tables."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import OutputUnusable
from pipeline.scoring.compare import compare, paired
from pipeline.scoring.gold import GoldDocument, folded, load_gold
from pipeline.scoring.outcome import TABLES, Found, Outcome, Tally, tallies
from pipeline.scoring.pairing import Announced
from pipeline.scoring.report import as_json, as_text, calibration, errors_as_text
from pipeline.scoring.score import Score, role_ties, sentence_around

SHARED = Path(__file__).resolve().parents[2] / "shared" / "eval" / "score.py"

NAMES = ("Kaisla", "KAISLA-hanke", "Kaisla – meren hanke", "Kaisla - meren", "Utö", "Inari")
TYPES = {
    "project": "projects",
    "person": "people",
    "organisation": "organisations",
    "area": "areas",
}
DAYS = (date(2021, 1, 1), date(2021, 3, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VIRTA-hanke", "virta"),
        ("Virta – parempi arki", "virta-parempi arki"),
        ("”Virta” hanke", "virta"),
        ("Kestävän kasvun ohjelma", "kestävän kasvun"),
        ("Ohjelma", "ohjelma"),
        ("Itä\u00ad-Uusimaa.", "itä-uusimaa"),
    ],
)
def test_names_fold_to_what_tells_them_apart(name: str, expected: str) -> None:
    assert folded(name) == expected


def row(**values: Any) -> dict[str, Any]:
    return {"start_char": 0, "end_char": 5, "rule": "a rule", "confidence": 0.8, **values}


def announced(entities: dict[tuple[str, str], str], **facts: list[dict[str, Any]]) -> Announced:
    return Announced(
        mentions={key: [row(entity_id=key[1], entity_type=key[0])] for key in entities},
        facts={
            table: facts.get(table, [])
            for table in (
                "dates", "roles", "participations", "budgets", "project_areas", "project_links"
            )
        },
        names={key: frozenset({folded(name)}) for key, name in entities.items()},
        shown=entities,
    )  # fmt: skip


def verdicts(gold: dict[str, Any], rows: Announced) -> list[tuple[str, str, str]]:
    document = msgspec.convert({"source": "a.txt", **gold}, GoldDocument)
    return [(found.table, found.verdict, found.label) for found in compare(document, rows)]


def test_entities_are_found_missed_and_made_up() -> None:
    gold = {"people": [{"names": ["Aino Aalto"]}, {"names": ["Eero Erä"], "optional": True}]}
    rows = announced({("person", "p1"): "Eero Erä", ("person", "p2"): "Helsingin Sanomat"})
    assert verdicts(gold, rows) == [
        ("people", "missed", "Aino Aalto"),
        ("people", "optional", "Eero Erä"),
        ("people", "extra", "Helsingin Sanomat"),
    ]


def test_a_fact_counts_only_where_its_entities_were_found() -> None:
    gold = {
        "projects": [{"names": ["Kaisla"]}],
        "organisations": [{"names": ["Inarin kunta"]}],
        "participations": [{"project": "Kaisla", "organisation": "Inarin kunta", "part": "lead"}],
    }
    part = row(project_id="h1", organisation_id="o1", part="lead")
    entities = {("project", "h1"): "Kaisla", ("organisation", "o1"): "Inarin kunta"}
    assert ("participations", "hit", "Kaisla – Inarin kunta: lead") in verdicts(
        gold, announced(entities, participations=[part])
    )
    entities["organisation", "o1"] = "Utsjoen kunta"
    found = verdicts(gold, announced(entities, participations=[part]))
    assert ("participations", "missed", "Kaisla – Inarin kunta: lead") in found
    assert ("participations", "extra", "Kaisla – Utsjoen kunta: lead") in found


def test_each_side_of_a_period_is_a_fact() -> None:
    gold = {
        "projects": [
            {
                "names": ["Kaisla"],
                "start": ["2021-01-01", "2021-01-31"],
                "end": ["2022-12-01", "2022-12-31"],
            }
        ]
    }
    period = row(
        project_id="h1", kind="project_period", start=date(2021, 1, 1), end=date(2023, 1, 1)
    )
    rows = announced({("project", "h1"): "Kaisla"}, dates=[period])
    assert [v for t, v, _ in verdicts(gold, rows) if t == "project_dates"] == [
        "hit",
        "missed",
        "extra",
    ]


@pytest.mark.parametrize(
    ("project", "body", "right"),
    [
        ("h1", "o1", [True, True]),
        ("h2", None, [False, False]),  # another project; a body that gold names is not told
        (None, "o1", [False, True]),
    ],
)
def test_a_role_is_where_gold_says(
    project: str | None, body: str | None, right: list[bool]
) -> None:
    role = {"person": "Aino Aalto", "role": ["johtaja"]}
    gold = {
        "projects": [{"names": ["Kaisla"]}, {"names": ["Utö"]}],
        "people": [{"names": ["Aino Aalto"]}],
        "organisations": [{"names": ["Inarin kunta"]}],
        "roles": [
            role | {"project": "Kaisla", "organisation": "Inarin kunta"},
            {"person": "Aino Aalto", "role": ["rehtori"], "optional": True},
        ],
    }
    entities = {
        ("project", "h1"): "Kaisla",
        ("project", "h2"): "Utö",
        ("person", "p1"): "Aino Aalto",
        ("organisation", "o1"): "Inarin kunta",
    }
    held = {"person_id": "p1", "project_id": project, "organisation_id": body}
    rows = announced(entities, roles=[row(role=of, **held) for of in ("johtaja", "rehtori")])
    document = msgspec.convert({"source": "a.txt", **gold}, GoldDocument)
    # Of the rector, who is optional, nothing is asked.
    found = dict(role_ties(document, rows, paired(document, rows)))
    assert found == dict(zip(("project of a role", "organisation of a role"), right, strict=True))


def test_sure_facts_are_counted_by_their_confidence() -> None:
    def outcome(verdict: Any, sure: float) -> Outcome:
        found = Found(label="x", confidence=sure)
        return Outcome(table="people", source="a", verdict=verdict, label="x", found=found)

    bins = calibration(
        [
            outcome("hit", 0.95),
            outcome("extra", 1.0),
            outcome("hit", 0.3),
            outcome("optional", 0.3),
        ],
        (0.0, 0.9),
    )
    assert [(bin_.facts, bin_.right) for bin_ in bins] == [(1, 1), (2, 1)]


def test_an_error_is_shown_in_its_sentence() -> None:
    text = "Ensin yksi. Sitten Aino Aalto puhui.\nLopuksi muuta."
    start, end = sentence_around(text, 19, 29)
    assert text[start:end] == "Sitten Aino Aalto puhui."
    outcome = Outcome(
        table="people", source="a.txt", verdict="missed", label="Aino Aalto",
        sentence=text[start:end], nearby=("a rule",),
    )  # fmt: skip
    shown = errors_as_text(Score([outcome], {}))
    assert "Sitten Aino Aalto puhui." in shown
    assert "a rule" in shown


def test_the_report_holds_every_table() -> None:
    empty = Score([], {"status": (1, 2)})
    assert set(json.loads(as_json(empty))["tables"]) == set(TABLES)
    assert all(table in as_text(empty) for table in TABLES)


def test_missing_gold_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="no gold"):
        load_gold(tmp_path)
    (tmp_path / "a.json").write_text('{"source": 3}', encoding="utf-8")
    with pytest.raises(OutputUnusable, match=r"a\.json"):
        load_gold(tmp_path)


# The same counts as the shared scorer, whatever the tables and the gold.


@pytest.fixture(scope="module")
def shared() -> ModuleType:
    if not SHARED.is_file():
        pytest.skip("the shared scorer is not beside this repository")
    spec = importlib.util.spec_from_file_location("shared_score", SHARED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


names = st.sampled_from(NAMES)
flags = st.booleans()
interval = st.none() | st.tuples(*[st.sampled_from(DAYS)] * 2).map(
    lambda days: [day.isoformat() for day in sorted(days)]
)


def entry(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields, optional={"optional": flags})


entities = st.lists(entry(names=st.lists(names, min_size=1, max_size=2)), max_size=3)
golds = st.fixed_dictionaries(
    {
        "source": st.just("a.txt"),
        "projects": st.lists(
            entry(
                names=st.lists(names, min_size=1, max_size=2),
                start=interval,
                end=interval,
                start_optional=flags,
            ),
            max_size=3,
        ),
        "people": entities,
        "organisations": entities,
        "areas": entities,
        "roles": st.lists(
            entry(person=names, role=st.lists(st.sampled_from(("johtaja", "opas")), min_size=1)),
            max_size=3,
        ),
        "participations": st.lists(
            entry(
                project=st.none() | names,
                organisation=names,
                part=st.sampled_from(("lead", "funder")),
            ),
            max_size=3,
        ),
        "budgets": st.lists(
            entry(
                kind=st.sampled_from(("total", "share")),
                amount=st.just(100.0),
                share_pct=st.just(80.0),
                organisation=st.none() | names,
            ),
            max_size=3,
        ),
        "project_areas": st.lists(entry(project=names, area=names), max_size=3),
        "links": st.lists(
            entry(project=names, related=names, relation=st.sampled_from(("continues", "part_of"))),
            max_size=3,
        ),
    }
)

ids = {kind: st.sampled_from([f"{kind}{n}" for n in range(3)]) for kind in TYPES}


def fact(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(fields).map(lambda values: row(**values)), max_size=4)


outputs = st.fixed_dictionaries(
    {
        "named": st.fixed_dictionaries(
            {kind: st.lists(names, min_size=3, max_size=3) for kind in TYPES}
        ),
        "mentioned": st.fixed_dictionaries(
            {kind: st.lists(ids[kind], unique=True, max_size=3) for kind in TYPES}
        ),
        "dates": fact(
            project_id=st.none() | ids["project"],
            kind=st.sampled_from(("project_start", "project_end", "project_period", "event")),
            start=st.none() | st.sampled_from(DAYS),
            end=st.none() | st.sampled_from(DAYS),
        ),
        "roles": fact(person_id=ids["person"], role=st.sampled_from(("johtaja", "Opas"))),
        "participations": fact(
            project_id=st.none() | ids["project"],
            organisation_id=ids["organisation"],
            part=st.sampled_from(("lead", "funder")),
        ),
        "budgets": fact(
            project_id=st.none() | ids["project"],
            kind=st.sampled_from(("total", "share", "other")),
            amount=st.none() | st.sampled_from((100.0, 200.0)),
            share_pct=st.none() | st.sampled_from((80.0, 20.0)),
            organisation_id=st.none() | ids["organisation"],
        ),
        "project_areas": fact(project_id=ids["project"], area_id=ids["area"]),
        "project_links": fact(
            project_id=ids["project"],
            related_project_id=ids["project"],
            relation=st.sampled_from(("continues", "part_of")),
        ),
    }
)
COLUMNS = {
    "dates": ["project_id", "kind", "start", "end"],
    "roles": ["person_id", "role", "project_id", "organisation_id"],
    "participations": ["project_id", "organisation_id", "part"],
    "budgets": ["project_id", "kind", "amount", "share_pct", "organisation_id"],
    "project_areas": ["project_id", "area_id"],
    "project_links": ["project_id", "related_project_id", "relation"],
}


def as_frames(found: dict[str, Any]) -> dict[str, pd.DataFrame]:
    named = [
        {"entity_type": kind, "entity_id": f"{kind}{n}", "name": name}
        for kind, given_names in found["named"].items()
        for n, name in enumerate(given_names)
    ]
    frames = {"names": pd.DataFrame(named)}
    for kind, table in TYPES.items():
        frames[table] = pd.DataFrame(
            [
                {f"{kind}_id": item["entity_id"], "name": item["name"], "code": None}
                for item in named
                if item["entity_type"] == kind
            ]
        )
    frames["mentions"] = pd.DataFrame(
        [
            {"doc_id": "d", "entity_type": kind, "entity_id": key}
            for kind, keys in found["mentioned"].items()
            for key in keys
        ],
        columns=["doc_id", "entity_type", "entity_id"],
    )
    for table, columns in COLUMNS.items():
        rows = [{**dict.fromkeys(columns), **item, "doc_id": "d"} for item in found[table]]
        frames[table] = pd.DataFrame(rows, columns=["doc_id", *columns]).astype(object)
    return frames


@settings(max_examples=150, deadline=None)
@given(gold=golds, found=outputs)
def test_counts_are_those_of_the_shared_scorer(
    shared: ModuleType, gold: dict[str, Any], found: dict[str, Any]
) -> None:
    tally = shared.Tally()
    shared.score_document(tally, gold, "d", as_frames(found))
    theirs = {table: Tally(*counts) for table, counts in tally.n.items()}

    shown = {(kind, f"{kind}{n}"): name for kind, given_names in found["named"].items()
             for n, name in enumerate(given_names)}  # fmt: skip
    rows = announced({}, **{table: found[table] for table in COLUMNS})
    rows = Announced(
        mentions={
            (kind, key): [row()] for kind, keys in found["mentioned"].items() for key in keys
        },
        facts=rows.facts,
        names={key: frozenset({folded(name)}) for key, name in shown.items()},
        shown=shown,
    )
    assert tallies(compare(msgspec.convert(gold, GoldDocument), rows)) == theirs
