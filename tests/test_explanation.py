"""``explain``: an entity by its mentions, a fact by its votes, signs, threshold and next best."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from record_cases import organisation, project, record
from written import TWO, write_records

import pipeline
from pipeline.annotate import Annotator
from pipeline.cli import main
from pipeline.errors import OutputUnusable, PipelineError
from pipeline.evidence import SHIPPED
from pipeline.explanation import FactTold, as_text, explain
from pipeline.explanation.reading import Reader
from pipeline.explanation.words import in_words, told_of
from pipeline.extract.relations.candidates import KINDS
from pipeline.records import Post
from pipeline.resolve import resolve
from pipeline.single import record as read
from pipeline.tables import locked, write_outputs
from pipeline.tables.rules import RULES

PAGE = """Kylän valot -hanke alkoi Kaavilla

Kaavin kunta toteuttaa Kylän valot -hankkeen 1.3.2023–31.12.2024. Hanketta rahoittaa Pohjois-Savon \
liitto 120 000 eurolla, ja hankkeen kokonaisbudjetti on 150 000 euroa. Projektipäällikkönä on Aino \
Esimerkki. Kylän valot jatkaa aiempaa Kylän lamput -hanketta.
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(TWO, tmp_path_factory.mktemp("outputs"))


@pytest.fixture(scope="module")
def read_outputs(tmp_path_factory: pytest.TempPathFactory, annotator: Annotator) -> Path:
    """One announcement as a run reads it, without a title of its own."""
    folder = tmp_path_factory.mktemp("read")
    post = Post(source="valot.txt", raw_sha256="0" * 64, text=PAGE)
    return write_records([read(post, annotator)], folder)


def facts(outputs: Path, query: str) -> list[str]:
    """What a query for one column gives."""
    with closing(sqlite3.connect(outputs / "hankkeet.sqlite")) as connection:
        return [str(row[0]) for row in connection.execute(query).fetchall()]


def test_explain_prints_mentions_sentences_and_the_rule(outputs: Path) -> None:
    frames = pipeline.load(outputs)
    told = as_text(explain(outputs, frames["organisations"]["organisation_id"].item()))
    assert "Kuusamäen kaupunki" in told
    assert "KMK (acronym)" in told
    assert "organisation_known_acronym: " + RULES["organisation_known_acronym"] in told
    assert "[KMK]" in told
    assert "[Kuusamäen kaupunki]" in told
    assert told.index("a.txt") < told.index("b.txt")


def test_explain_helps_with_names_and_wrong_ids(outputs: Path, tmp_path: Path) -> None:
    identity = pipeline.load(outputs)["people"]["person_id"].item()
    assert explain(outputs, "aino esimerkki") == explain(outputs, identity)
    with pytest.raises(PipelineError, match=f"Perhaps: {identity} .person Aino Esimerkki"):
        explain(outputs, "Aino Esimerki")
    with pytest.raises(PipelineError, match="no entity or fact p-0"):
        explain(outputs, "p-0")
    with pytest.raises(OutputUnusable):
        explain(tmp_path, identity)


@pytest.mark.parametrize(
    "said",
    ["Uudet sillat", "Uudet sillat -hanke", "uudet sillat –hanke", "”Uudet sillat” -projekti"],
)
def test_a_project_is_found_by_its_name_with_or_without_a_head(outputs: Path, said: str) -> None:
    identity = pipeline.load(outputs)["projects"]["project_id"].item()
    assert explain(outputs, said) == explain(outputs, identity)


def test_a_name_in_its_very_letters_comes_before_those_like_it(tmp_path: Path) -> None:
    two = [project("p", "SILTA ohjelma", subtype="programme"), organisation("o", "SILTA")]
    out = write_records([record("a.txt", two)], tmp_path)
    found = {said: explain(out, said) for said in ("silta", "SILTA-ohjelma")}
    assert {said: one.entity_type for said, one in found.items()} == {
        "silta": "organisation",
        "SILTA-ohjelma": "project",
    }


def test_an_entity_as_json(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Uudet sillat", "--output", str(outputs), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["entity_type"], told["name"]) == ("project", "Uudet sillat")
    assert [one["source"] for one in told["announcements"]] == ["a.txt", "b.txt"]
    assert all(mention["sentence"] for one in told["announcements"] for mention in one["mentions"])


DECIDED = {
    "mentions": "SELECT mention_id FROM mentions WHERE entity_type = 'project' AND "
    "text LIKE 'Kylän valot%'",
    "participations": "SELECT participation_id FROM participations",
    "dates": "SELECT date_id FROM dates WHERE kind = 'project_period'",
    "budgets": "SELECT budget_id FROM budgets WHERE kind <> 'other'",
    "project_areas": "SELECT project_id || '/' || area_id FROM project_areas",
    "project_links": "SELECT project_id || '/' || related_project_id FROM project_links",
    "roles": "SELECT role_id FROM roles WHERE project_id IS NOT NULL",
}


@pytest.mark.parametrize("table", DECIDED)
def test_evidence_adds_up_to_the_confidence_of_the_tables(
    read_outputs: Path, annotator: Annotator, table: str
) -> None:
    found = facts(read_outputs, DECIDED[table])
    assert found, f"the page tells nothing for {table}"
    (told,) = explain(read_outputs, found[0], lambda: Reader(annotator))
    assert isinstance(told, FactTold)
    assert (told.table, told.decided_by, told.remark) == (table, "evidence", None)
    # A period has two ends; a name is weighed by itself, too.
    assert len(told.decisions) == (2 if table in ("dates", "mentions") else 1)
    for one in told.decisions:
        assert one.base + math.fsum(sign.adds for sign in one.signs) == pytest.approx(one.log_odds)
        assert one.probability == pytest.approx(1 / (1 + math.exp(-one.log_odds)))
        assert one.probability >= one.threshold == SHIPPED.model(one.kind).least
        sizes = [abs(sign.adds) for sign in one.signs]
        assert sizes == sorted(sizes, reverse=True)
        assert one.runner_up is None or one.runner_up.candidate != one.candidate
    if table == "mentions":  # beside others, too, its readers propose it
        assert [bool(one.votes) for one in told.decisions] == [True, True]
    final = [one for one in told.decisions if one.kind != "projects"]
    least = min(one.probability for one in final)
    # Of a role the title may be read less surely than where it is held.
    surer = table == "roles" and least > told.confidence
    assert surer or least == pytest.approx(told.confidence, abs=0.001)


def test_a_part_is_told_with_its_votes_and_the_next_best(
    read_outputs: Path, annotator: Annotator
) -> None:
    pays = (
        "SELECT participation_id FROM participations JOIN projects USING (project_id)"
        " WHERE part = 'funder' AND projects.name = 'Kylän valot'"
    )
    (told,) = explain(read_outputs, facts(read_outputs, pays)[0], lambda: Reader(annotator))
    shown = as_text([told])
    assert "Is it so that Pohjois-Savon liitto is funder of Kylän valot?" in shown
    assert "rahoittaa Pohjois-Savon liitto" in shown
    assert "a reader proposes it (vote)" in shown
    assert "next best: Pohjois-Savon liitto is" in shown
    (one,) = told.decisions
    assert one.votes
    assert one.runner_up is not None
    assert one.runner_up.probability < one.probability


def test_what_a_rule_read_says_so(read_outputs: Path, annotator: Annotator) -> None:
    person = facts(read_outputs, "SELECT mention_id FROM mentions WHERE entity_type = 'person'")[0]
    (told,) = explain(read_outputs, person, lambda: Reader(annotator))
    assert (told.decided_by, told.decisions) == ("a rule", [])
    assert told.names[str(told.columns["entity_id"])] == "Aino Esimerkki"


def test_a_sum_of_no_project_is_told_with_what_it_might_have_been(
    tmp_path: Path, annotator: Annotator
) -> None:
    text = "Kylän valot -hanke alkoi Kaavilla. Kahvi maksaa torilla 3 euroa ja pulla 4 euroa.\n"
    post = Post(source="kahvi.txt", raw_sha256="1" * 64, text=text)
    with resolve([read(post, annotator)]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held)
    other = facts(tmp_path, "SELECT budget_id FROM budgets WHERE kind = 'other'")
    assert other
    for budget in other:
        (told,) = explain(tmp_path, budget, lambda: Reader(annotator))
        (one,) = told.decisions
        assert one.probability < one.threshold
        assert "so it doesn't" in as_text([told])


def test_when_a_page_was_published_is_explained_by_its_own_decision(
    annotator: Annotator, tmp_path: Path
) -> None:
    text = "Lapin liitto tiedottaa 3.5.2024\n\nKylän kello -hanke alkaa 1.8.2024 Kemissä.\n"
    record = read(Post(source="a.txt", raw_sha256="0" * 64, text=text), annotator)
    with locked(tmp_path) as held:
        write_outputs(resolve([record]), held)
    (day,) = facts(tmp_path, "SELECT date_id FROM dates WHERE kind = 'published'")
    (told,) = explain(tmp_path, day, lambda: Reader(annotator))
    (one,) = told.decisions
    assert one.candidate == "2024-05-03 is the day on which the page was published"
    assert one.probability >= one.threshold


def _weighed() -> set[str]:
    """The signs that the shipped models weigh, of what is explained."""
    return {
        node.sign
        for kind in ("projects", *KINDS)
        for tree in SHIPPED.model(kind).trees
        for node in tree
        if node.sign
    }


def test_nearly_every_sign_that_is_weighed_has_words() -> None:
    signs = _weighed()
    bare = sorted(sign for sign in signs if told_of(sign) is None)
    assert len(bare) <= len(signs) / 20, bare


def test_words_of_signs_hold_no_rests_of_numbers() -> None:
    told = {sign: told_of(sign) or "" for sign in _weighed()}
    assert not [pair for pair in told.items() if re.search(r"the no |\de[ +]|asked: *\d", pair[1])]


@pytest.mark.parametrize(
    ("sign", "strength", "words"),
    [
        ("p:is_main", 1.0, "the project is the page's main one"),
        ("left_funder_1", 1.0, "before it stands a word of funding right beside"),
        ("right_owner_Gen", 1.0, "after it stands a word of owning in the genitive"),
        ("type_fund+funder", 1.0, "is of the type fund; asked: funder"),
        ("any:then_hyphen", 0.0, "not: at some place: then a hyphen (X -hanke)"),
        ("under_5e+05", 1.0, "is less than 500 000 €"),
        ("under_2e+06", 0.0, "not: is less than 2 000 000 €"),
        (
            "left_mine_1+grant",
            1.0,
            "before it stands a word for what is asked right beside; asked: grant",
        ),
        ("left_elsewhere", 1.0, "before it stands a word of something else"),
        ("right_elsewhere_far", 1.0, "after it stands a word of something else farther off"),
        ("case_none", 1.0, "is in no case"),
        ("case_Gen", 1.0, "is in the genitive"),
        ("two_case_none", 1.0, "the second project: is in no case"),
        ("any:case_none", 1.0, "at some place: in no case"),
        ("in_case_Ine", 1.0, "stands somewhere in the inessive"),
        ("first_in_block_3+", 1.0, "first stands in line 4 or later"),
        ("first_in_block_0", 1.0, "first stands in line 1"),
        ("unheard_of", 1.0, "unheard_of"),
        ("unheard_of+grant", 1.0, "unheard_of+grant"),
    ],
)
def test_signs_in_words(sign: str, strength: float, words: str) -> None:
    assert in_words(sign, strength) == words
