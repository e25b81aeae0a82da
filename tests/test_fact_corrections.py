"""Single facts that people put right: wrong, another value, missing; what is offered to them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec
import pandas as pd
import pytest
from record_cases import READ, organisation, person, project, record

from pipeline.ask.frames import complete_run
from pipeline.ask.loaded import Loaded
from pipeline.ask.review import ENTITIES, FACTS, review
from pipeline.errors import CorrectionsUnusable, OutputUnusable
from pipeline.record_store import put_records
from pipeline.records import DateFact, DateKind, Record
from pipeline.report import write_report
from pipeline.resolve import read_corrections, resolve, resolve_stored
from pipeline.store import Store
from pipeline.tables import locked, write_outputs
from pipeline.tables.check import problems

HEAD = "decision,table,id,document,text,column,value,comment\n"
TOWN = organisation("o", "Kuusamäen kaupunki")
ENTITIES_OF_A = [project("p", "Uudet sillat"), TOWN, person("h", "Aino Esimerkki")]
POSTS = [
    record(
        "a.txt",
        ENTITIES_OF_A,
        [
            ("part", "p", "o", "lead"),
            ("role", "h", "opettaja", "p"),
            ("date", "p", "project_end", date(2024, 6, 30), date(2024, 6, 30)),
            ("total", "p", 100_000.0),
        ],
        date(2023, 1, 1),
    ),
    record("b.txt", [project("p", "Uudet sillat"), organisation("y", "Kivijoen Paja Oy")]),
]


def written(folder: Path, *lines: str) -> Path:
    path = folder / "facts.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def frames(folder: Path, *lines: str) -> dict[str, pd.DataFrame]:
    """Tables of POSTS with what was decided done to them."""
    with resolve(POSTS, read_corrections(written(folder, *lines))) as tables:
        assert problems(tables) == []
        found = {name: tables.arrow(name).to_pandas() for name in tables.counts()}
        found["remarks"] = pd.DataFrame({"said": list(tables.remarks)})
        return found


def test_a_wrong_fact_is_gone_and_what_was_made_of_it_too(tmp_path: Path) -> None:
    before = frames(tmp_path)
    (identity,) = before["budgets"]["budget_id"]
    assert before["projects"]["total_budget_eur"].tolist() == [100_000.0]
    for line in (f"wrong,budgets,{identity},,,,,", "wrong,budgets,,a.txt,Uudet sillat,,,"):
        after = frames(tmp_path, line)
        assert after["budgets"].empty
        assert after["projects"]["total_budget_eur"].isna().all()
        assert after["remarks"].empty


def test_a_wrong_fact_is_found_by_its_words_where_its_id_is_gone(tmp_path: Path) -> None:
    line = "wrong,budgets,b-0000000000000000,a.txt,Uudet sillat,amount,,"  # as review fills it in
    after = frames(tmp_path, line)
    assert after["budgets"].empty
    assert after["remarks"].empty


def test_a_value_is_another_and_says_who_said_so(tmp_path: Path) -> None:
    found = frames(
        tmp_path,
        "value,budgets,,a.txt,Uudet sillat,amount,120 000 €,",
        "value,dates,,a.txt,Uudet sillat,start;end,1.3.2024;31.3.2024,",
        "value,participations,,a.txt,Uudet sillat,part;organisation,partner;Kivijoen Paja Oy,",
    )
    assert found["budgets"]["amount"].tolist() == [120_000.0]
    assert found["budgets"][["rule", "confidence"]].values.tolist() == [["correction", 1.0]]
    assert found["projects"]["end_date"].tolist() == [date(2024, 3, 31)]
    (row,) = found["participations"].to_dict("records")
    bodies = found["organisations"].set_index("organisation_id")["name"]
    assert (row["part"], bodies[row["organisation_id"]]) == ("partner", "Kivijoen Paja Oy")
    # The body that only another announcement names is that one, not a second.
    assert sorted(bodies) == ["Kivijoen Paja Oy", "Kuusamäen kaupunki"]


def test_a_missing_fact_is_there(tmp_path: Path) -> None:
    line = (
        "missing,roles,,a.txt,Kuusamäen kaupunki,person;role;project,"
        "Eino Uusi;suunnittelija;Uudet sillat,"
    )
    found = frames(tmp_path, line)
    (row,) = found["roles"][found["roles"]["role"] == "suunnittelija"].to_dict("records")
    names = found["people"].set_index("person_id")["name"]
    assert (names[row["person_id"]], row["role_code"]) == ("Eino Uusi", "other")
    document = found["documents"].set_index("doc_id")["text"][row["doc_id"]]
    assert document[row["start_char"] : row["end_char"]] == "Kuusamäen kaupunki"


def test_a_person_and_a_body_that_were_missing_are_made_whole(tmp_path: Path) -> None:
    found = frames(
        tmp_path,
        "missing,roles,,a.txt,Kuusamäen kaupunki,person;role,Eino Olavi Uusi;opettaja,",
        "missing,participations,,a.txt,Kuusamäen kaupunki,project;organisation;part,"
        "Uudet sillat;Uusi Paja Oy;partner,",
    )
    people = found["people"].set_index("name")
    assert list(people.loc["Eino Olavi Uusi", ["given_name", "family_name"]]) == [
        "Eino Olavi",
        "Uusi",
    ]
    assert "Uusi Paja Oy" in set(found["organisations"]["name"])


def test_what_finds_nothing_is_told(tmp_path: Path) -> None:
    before = frames(tmp_path)
    (identity,) = before["budgets"]["budget_id"]
    told = frames(
        tmp_path,
        "wrong,roles,r-000000000000,a.txt,ei tällaista,,,",
        f"wrong,budgets,{identity},a.txt,Kuusamäen kaupunki,,,an id beside other words",
        "missing,roles,,a.txt,ei tällaista,person;role,Eino Uusi;opettaja,",
        "wrong,participations,,a.txt,Uudet sillat,part,funder,",
    )
    assert len(told["budgets"]) == 1
    assert told["remarks"]["said"].str.startswith("correction without effect: no fact of").all()
    assert len(told["remarks"]) == 4


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("stray,roles,x,,,,,", "line 2: decision is 'stray', not one of wrong, value, missing"),
        ("wrong,people,x,,,,,", "line 2: table is 'people'"),
        ("wrong,roles,,a.txt,,,,", "line 2: an id, or document and text"),
        ("value,roles,x,,,,,", "line 2: column is empty"),
        ("value,roles,x,,,colour,red,", "line 2: column is 'colour'"),
        ("value,budgets,x,,,amount,much,", "line 2: amount is 'much', no number"),
        ("value,dates,x,,,start,soon,", "line 2: start is 'soon', no date"),
        ("value,participations,x,,,part,boss,", "line 2: part is 'boss', not one of lead"),
        ("value,budgets,x,,,amount;currency,1,", "line 2: 2 columns but 1 values"),
        ("missing,roles,,a.txt,Aino,role,opettaja,", "line 2: a missing row of roles needs person"),
        (
            "missing,participations,,a.txt,Silta,project;organisation;part,Silta;;lead,",
            "line 2: a missing row of participations needs organisation",
        ),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CorrectionsUnusable, match=f"facts.csv, {said}"):
        read_corrections(written(tmp_path, line))


def test_a_folder_holds_both_kinds_and_undecided_rows_decide_nothing(tmp_path: Path) -> None:
    written(tmp_path, "wrong,budgets,b-1,,,,,", ",roles,r-1,,,,,")
    (tmp_path / "bodies.csv").write_text(
        "decision;entity_type;document;name;other_document;other_name;comment\n"
        "same;organisation;;Kivijoen Paja;;Kivijoen työpaja;\n",
        encoding="utf-8-sig",
    )
    (tmp_path / ".hidden.csv").write_text("nothing of this kind")
    kinds = [type(one).__name__ for one in read_corrections(tmp_path)]
    assert sorted(kinds) == ["Correction", "FactCorrection"]


def test_stored_records_are_corrected_without_being_made_again(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "records"))
    keys = [f"{number:032x}" for number in range(len(POSTS))]
    put_records(store, zip(keys, POSTS, strict=True))
    said = read_corrections(written(tmp_path, "wrong,budgets,,a.txt,Uudet sillat,,,"))
    for decided, left in (((), 1), (said, 0), ((), 1)):
        with resolve_stored(store, keys, tmp_path / "columns", (), decided) as tables:
            assert tables.count("budgets") == left
            assert tables.count("documents") == 2


def outputs(folder: Path, posts: Iterable[Record], *decided: Path) -> Path:
    said = read_corrections(decided[0]) if decided else ()
    with resolve(posts, said) as tables, locked(folder) as held:
        write_outputs(tables, held, more=write_report)
    return folder


def test_a_lead_that_no_announcement_tells_is_filled_in_and_found(tmp_path: Path) -> None:
    facts = [("total", "p", 5.0), ("date", "p", "project_start", date(2023, 1, 1), None)]
    posts = [record("a.txt", ENTITIES_OF_A, facts, date(2023, 1, 1))]
    before = outputs(tmp_path / "before", posts)
    assert "no_lead" in set(Loaded(before).checks["check"])
    line = (
        "missing,participations,,a.txt,Uudet sillat,project;organisation;part,Uudet sillat;;lead,"
    )
    assert f'<code class="line">{line}</code>' in (
        complete_run(before) / "report" / "doubts.html"
    ).read_text("utf-8")
    review(complete_run(before), tmp_path / "review")
    with (tmp_path / "review" / FACTS).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["comment"].startswith("Hankkeesta ”Uudet sillat” kerrotaan paljon")
    offered = ",".join([*row.values()][1:-1])
    assert f"missing,{offered}," == line
    # Filled in, it is a correction that is followed.
    filled = written(tmp_path, line.replace(";;", ";Kuusamäen kaupunki;"))
    after = Loaded(outputs(tmp_path / "after", posts, filled))
    assert after.overview()["lead"].tolist() == ["Kuusamäen kaupunki"]
    assert "no_lead" not in set(after.checks["check"])


def test_review_lists_doubts_and_near_names_ready_to_fill_in(tmp_path: Path) -> None:
    unsure = record(
        "c.txt",
        [
            project("p", "Uudet sillat"),
            organisation("o", "Kuusamäen kaupunki"),
            organisation("n", "Kuusamäen kaupungin"),
        ],
        [("part", "p", "o", "lead")],
    )
    doubtful = tuple(msgspec.structs.replace(one, confidence=0.5) for one in unsure.participations)
    posts = [*POSTS, msgspec.structs.replace(unsure, participations=doubtful)]
    run = complete_run(outputs(tmp_path / "out", posts))
    found = review(run, tmp_path / "review")
    assert (found.facts, found.pairs) == (1, 1)
    with (tmp_path / "review" / FACTS).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["decision"], row["table"], row["document"]) == ("", "participations", "c.txt")
    assert "[Uudet sillat]" in row["comment"]
    with (tmp_path / "review" / ENTITIES).open(encoding="utf-8-sig", newline="") as file:
        (pair,) = csv.DictReader(file)
    assert {pair["name"], pair["other_name"]} == {"Kuusamäen kaupunki", "Kuusamäen kaupungin"}
    review(run, tmp_path / "review")  # nothing is lost yet
    # Filled in, they are files of corrections.
    for name in (FACTS, ENTITIES):
        path = tmp_path / "review" / name
        assert read_corrections(path) == ()
        first, *lines = path.read_text("utf-8-sig").splitlines()
        word = "wrong" if name == FACTS else "same"
        path.write_text("\n".join([first, *(word + line for line in lines)]), encoding="utf-8")
    with pytest.raises(OutputUnusable, match="holds decisions"):
        review(run, tmp_path / "review")
    after = Loaded(outputs(tmp_path / "again", posts, tmp_path / "review"))
    assert len(after.participations) == 1
    assert len(after.organisations) == 2


def test_doubtful_facts_without_a_project_are_on_the_page_and_in_review(tmp_path: Path) -> None:
    def unsure(kind: DateKind, project: str | None, day: int) -> DateFact:
        first = date(2024, 3, day)
        return DateFact(
            **READ | {"confidence": 0.5},
            start=0,
            end=5,
            project=project,
            kind=kind,
            first=first,
            last=first,
            precision="day",
            text="Uudet",
        )

    post = msgspec.structs.replace(
        record("a.txt", ENTITIES_OF_A),
        dates=(
            unsure("project_end", "p", 1),
            unsure("event", None, 2),
            unsure("published", None, 3),
            unsure("other", None, 4),  # a day of nothing in particular
        ),
    )
    run = complete_run(outputs(tmp_path / "out", [post]))
    page = (run / "report" / "doubts.html").read_text("utf-8")
    shown = re.findall(r"<li class=\"k-date\"><strong>(\d+)\.3\.2024", page)
    assert sorted(shown) == ["1", "2", "3"]
    review(run, tmp_path / "review")
    with (tmp_path / "review" / FACTS).open(encoding="utf-8-sig", newline="") as file:
        listed = [row["comment"] for row in csv.DictReader(file)]
    assert sorted(comment.partition(".")[0] for comment in listed) == ["1", "2", "3"]
    assert len(Loaded(run).doubtful()) == 3  # as in the view
