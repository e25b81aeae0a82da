"""Facts of resolved entities, and that the order of announcements never shows."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from record_cases import area, organisation, person, project, record
from resolved import AINO, IN_PROJECT, LEAD, LONG, TOWN, frames

from pipeline.record_store import put_records
from pipeline.records import Record
from pipeline.resolve import RecordsMissing, resolve, resolve_stored, scratch_database
from pipeline.resolve.columns import Bundles
from pipeline.resolve.database import beside
from pipeline.store import Store, store_key
from pipeline.tables.check import problems
from pipeline.tables.schema import TABLES
from pipeline.tables.tables import Tables

# Facts -------------------------------------------------------------------------------------------


def test_the_same_fact_of_one_announcement_is_one_row_with_the_surest_evidence() -> None:
    post = record("a", [project("p", LONG), TOWN], [LEAD])
    (part,) = post.participations
    again = replace(part, start=part.start + 1, rule="surer", confidence=0.99)
    (row,) = frames([replace(post, participations=(part, again, part))])["participations"].to_dict(
        "records"
    )
    assert (row["rule"], row["confidence"]) == ("surer", 0.99)


def test_what_an_announcement_and_a_person_are_is_in_their_rows() -> None:
    venla = person(
        "h",
        "Venla Koivu",
        degree="YTM",
        email="venla.koivu@esimerkki.example",
        phone="+358400001234",
    )
    post = record("a.txt", [venla])
    known = {
        "url": "https://esimerkki.example/a",
        "title": "Silta valmistui",
        "language": "fi",
        "raw_sha256": "0" * 64,
    }
    made = frames([replace(post, announcement=replace(post.announcement, **known))])
    (document,) = made["documents"].to_dict("records")
    assert {name: document[name] for name in known} == known
    (row,) = made["people"].to_dict("records")
    assert (row["degree"], row["email"], row["phone"]) == (venla.degree, venla.email, venla.phone)


def changed(table: str, **changes: Any) -> Record:
    """A sound record with one fact of a table changed."""
    post = record(
        "a",
        [project("p", LONG), TOWN, AINO, area("k", "Kuusamäki", "999")],
        [
            LEAD,
            IN_PROJECT,
            ("date", "p", "project_start", date(2020, 1, 1), date(2020, 1, 31)),
            ("total", "p", 5.0),
            ("area", "p", "k"),
            ("id", "email", "aino@esimerkki.fi", "person", "h"),
        ],
    )
    first, *others = getattr(post, table)
    return replace(post, **{table: (replace(first, **changes), *others)})


@pytest.mark.parametrize(
    ("table", "changes", "told"),
    [
        ("mentions", {"text": "Ahdelahti"}, "does not stand at"),
        ("mentions", {"end": 10_000}, "no text at"),
        ("mentions", {"label": ""}, "no label"),
        ("roles", {"person": "x"}, "no person 'x'"),
        ("roles", {"person": "p"}, "no person 'p'"),
        ("roles", {"role_code": "king"}, "role_code 'king'"),
        ("roles", {"confidence": 1.5}, "a confidence of 1.5"),
        ("participations", {"part": "guest"}, "part 'guest'"),
        ("dates", {"first": date(2021, 1, 1)}, "before it starts"),
        ("budgets", {"amount": -5.0}, "an amount of -5.0"),
        ("budgets", {"amount": float("inf")}, "an amount of inf"),
        ("budgets", {"share_pct": 120.0}, "a share of 120.0 %"),
        ("project_areas", {"area": None}, "no area None"),
        ("identifiers", {"value": ""}, "no value"),
        ("identifiers", {"scheme": "isbn"}, "scheme 'isbn'"),
    ],
)
def test_what_cannot_be_so_is_left_out_and_told(
    table: str, changes: dict[str, Any], told: str
) -> None:
    whole, found = frames([changed(table)]), frames([changed(table, **changes)])
    assert len(found[table]) == len(whole[table]) - 1
    assert told in found["documents"]["reason"].item()
    assert whole["documents"]["reason"].isna().all()
    # What is left out may be missed: that is for ``checks`` to say.
    others = whole.keys() - {table, "checks"}
    assert all(len(found[other]) == len(whole[other]) for other in others)


def test_what_is_plain_is_mended() -> None:
    found = frames([changed("dates", text="tammikuussa"), changed("dates", project="x")][:1])
    assert found["dates"]["text"].item() == LONG
    assert frames([changed("dates", project="x")])["dates"]["project_id"].isna().all()
    assert frames([changed("mentions", entity_type="area")])["mentions"]["entity_type"][0] == (
        "project"
    )
    odd = record("a", [area("k", "Kuusamäki", kind="planet"), person("h", "–")])
    found = frames([odd])
    assert found["areas"]["type"].item() == "other"
    assert found["people"].empty
    assert found["mentions"]["entity_id"].isna().sum() == 1
    assert "without a name" in found["documents"]["reason"].item()


def test_nothing_in_gives_empty_tables() -> None:
    assert all(frame.empty for frame in frames([]).values())


# Order -------------------------------------------------------------------------------------------

_NAMES = ["KUUSI", "KUUSI 2", LONG, "Kuusi", "Uudet sillat", "Uudet sillat -hanke"]
_BODIES = ["Kuusamäen kaupunki", "KMK", "Ahdelahden kunta", "Kivijoen Paja Oy", "Kivijoen Paja"]
_PEOPLE = ["Aino Esimerkki", "Eino Esimerkki", "Aino"]


@st.composite
def announcements(draw: st.DrawFn) -> list[Record]:
    """A few announcements about a few projects, bodies and people that partly coincide."""
    made = []
    for number in range(draw(st.integers(1, 7))):
        entities = [
            project("p", draw(st.sampled_from(_NAMES)), *draw(_others("KUUSI", "short"))),
            project("q", draw(st.sampled_from(_NAMES)), subtype=draw(_kinds)),
            organisation("o", draw(st.sampled_from(_BODIES)), *draw(_others("KMK", "acronym"))),
            person("h", draw(st.sampled_from(_PEOPLE))),
            area("k", draw(st.sampled_from(["Kuusamäki", "Ahdelahti"])), draw(_codes)),
        ]
        facts: list[Any] = [("part", "p", "o", draw(_parts)), ("area", "p", "k")]
        facts += [("role", "h", "suunnittelija", *draw(_roles)), ("link", "q", "p", draw(_links))]
        facts += [("total", "p", float(draw(st.integers(1, 3))))]
        day = draw(st.sampled_from([None, date(2020, 1, 1), date(2021, 6, 1)]))
        made.append(record(f"{number}.txt", entities, facts, day))
    return made


def _others(name: str, kind: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.just((name, kind)), max_size=1)


_kinds = st.sampled_from(["project", "programme"])
_codes = st.sampled_from([None, "998", "999"])
_parts = st.sampled_from(["lead", "partner", "funder"])
_roles = st.sampled_from([("p",), ("q", "o"), (None, "o"), (None, None)])
_links = st.sampled_from(["continues", "part_of"])


def files(tables: Tables) -> dict[str, bytes]:
    with tables:
        return {table.name: tables.path(table.name).read_bytes() for table in TABLES}


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=announcements(), seed=st.integers())
def test_any_order_gives_the_same_bytes(made: list[Record], seed: int) -> None:
    tables = resolve(made)
    assert problems(tables) == []
    shuffled = random.Random(seed).sample(made, len(made))
    assert files(resolve(shuffled)) == files(tables)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=announcements(), data=st.data())
def test_splits_additions_and_removals_give_the_same_bytes_as_a_clean_run(
    tmp_path_factory: pytest.TempPathFactory, made: list[Record], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("stored")
    store = Store(folder / "records")
    keyed = {store_key(post.announcement.doc_id): post for post in made}
    keys = sorted(keyed)
    for _ in range(3):
        chosen = data.draw(st.lists(st.sampled_from(keys), unique=True))
        put_records(store, {key: keyed[key] for key in chosen})
        stored = files(resolve_stored(store, chosen, folder / "columns"))
        assert stored == files(resolve(keyed[key] for key in chosen))


def test_merged_and_damaged_columns_show_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.resolve.columns.MANY", 3)
    made = {
        store_key(str(n)): record(f"{n}.txt", [project("p", LONG), TOWN, AINO], [LEAD, IN_PROJECT])
        for n in range(8)
    }
    store, columns = Store(tmp_path / "records"), tmp_path / "columns"
    for count in range(1, 9):
        keys = list(made)[:count]
        put_records(store, {keys[-1]: made[keys[-1]]})
        resolve_stored(store, keys, columns).close()
    assert len(list(columns.iterdir())) < 3
    clean = files(resolve(made.values()))
    assert files(resolve_stored(store, list(made), columns)) == clean
    for path in columns.rglob("mentions.parquet"):
        path.write_bytes(path.read_bytes()[:100])
    assert files(resolve_stored(store, list(made), columns)) == clean


def test_columns_that_no_run_wants_go_once_they_are_the_greater_part(tmp_path: Path) -> None:
    posts = {
        store_key(str(n)): record(f"{n}.txt", [project("p", LONG), TOWN], [LEAD]) for n in range(4)
    }
    store, columns = Store(tmp_path / "records"), tmp_path / "columns"
    put_records(store, posts)
    keys = list(posts)
    for wanted, held in ((keys, keys), (keys[:2], keys), (keys[:1], keys[:1])):
        bundles = Bundles(columns)
        assert bundles.prepare(store, wanted) == []
        assert Bundles(columns).held() == set(held)


def test_what_a_killed_run_left_beside_the_columns_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept.txt").touch()
    columns = tmp_path / "columns"
    (columns / "draft").mkdir(parents=True)
    (columns / "draft" / "half.parquet").touch()
    (columns / "scratch.db").touch()
    (columns / "link").symlink_to(tmp_path / "elsewhere")
    cleared = Bundles(columns)
    assert cleared.held() == set()
    assert cleared.damaged == 0
    assert list(columns.iterdir()) == []
    assert (tmp_path / "elsewhere" / "kept.txt").is_file()


def test_missing_records_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "records")
    with pytest.raises(RecordsMissing) as raised:
        resolve_stored(store, [store_key("a")], tmp_path / "columns")
    assert raised.value.keys == [store_key("a")]


def test_a_step_that_fails_stops_the_one_beside_it(tmp_path: Path) -> None:
    begun = Event()

    def long(connection: duckdb.DuckDBPyConnection) -> None:
        begun.set()
        connection.execute("SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b")

    def failing(_: duckdb.DuckDBPyConnection) -> None:
        begun.wait()
        raise KeyboardInterrupt

    with scratch_database(tmp_path) as connection:
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            beside(connection, failing, long)
        assert time.monotonic() - started < 10
