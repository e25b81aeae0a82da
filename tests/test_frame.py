"""Facts of a data frame: one document row a post, facts with names, the same columns always."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from record_cases import organisation, project, record

import pipeline
import pipeline.frame
from pipeline.annotate import Annotator
from pipeline.cluster import is_available
from pipeline.frame import (
    COLUMNS,
    SPARK_SCHEMA,
    Numbered,
    _reading,
    empty,
    extract_frame,
    record_rows,
)
from pipeline.prepare import prepared
from pipeline.records import Post, Record
from pipeline.synthetic import compose
from pipeline.workers import Alone, Processes

POSTS = pd.DataFrame(
    {
        "id": ["a", "b", "c"],
        "published": [pd.Timestamp("2023-05-02"), pd.NaT, None],
        "text": [compose(7, 1), compose(7, 2), None],
    }
)


@pytest.fixture(scope="module")
def facts(annotator: Annotator) -> Iterator[pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.frame, "_annotator", lambda: annotator)
        patch.setattr(pipeline.frame, "_crew", lambda: Alone(_reading))
        yield extract_frame(POSTS)


def test_the_columns_never_change(facts: pd.DataFrame) -> None:
    nothing = extract_frame(POSTS[:0])
    assert list(nothing.columns) == list(facts.columns) == list(COLUMNS)
    assert (nothing.dtypes == facts.dtypes).all()
    assert (empty().dtypes == facts.dtypes).all()
    assert [column.split("`")[1] for column in SPARK_SCHEMA.split(", ")] == list(COLUMNS)


def test_every_post_has_its_document_row_first(facts: pd.DataFrame) -> None:
    documents = facts[facts.kind == "document"]
    assert list(documents.source) == ["a", "b", "c"]
    assert list(documents.status) == ["ok", "ok", "failed"]
    assert facts.groupby("source").kind.first().eq("document").all()
    assert documents.reason.notna().tolist() == [False, False, True]


def test_spans_are_exact(facts: pd.DataFrame) -> None:
    texts = facts[facts.kind == "document"].set_index("source").text
    mentions = facts[facts.kind == "mention"]
    assert len(mentions) > 5
    for row in mentions.itertuples():
        assert texts[row.source][row.start_char : row.end_char] == row.text


def test_facts_name_their_entities() -> None:
    entities = [project("p", "Silta"), organisation("o", "Inarin kunta")]
    made = record("a.txt", entities, [("part", "p", "o", "lead")])
    rows = {row["kind"]: row for row in record_rows(made)}
    assert rows["project"]["name"] == "Silta"
    assert rows["participation"]["project"] == "Silta"
    assert rows["participation"]["organisation"] == "Inarin kunta"


def test_a_frame_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="text or html"):
        extract_frame(pd.DataFrame({"body": ["Hei"]}))


def test_the_date_of_the_post_is_the_reference(annotator: Annotator) -> None:
    posts = pd.DataFrame(
        {
            "text": ["Silta arkeen -hanke alkaa ensi vuonna. Hanketta hallinnoi Inarin kunta."],
            "published": [date(2021, 3, 1)],
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.frame, "_annotator", lambda: annotator)
        patch.setattr(pipeline.frame, "_crew", lambda: Alone(_reading))
        found = extract_frame(posts)
    starts = found[(found.kind == "date") & (found.value == "project_start")]
    assert starts["first"].dt.year.tolist() == [2022]


class Waits:
    """Work that is lost in native code where a post says so."""

    def is_ready(self, item: Numbered) -> bool:
        return True

    def load(self, item: Numbered) -> None:
        raise AssertionError

    def __call__(self, item: Numbered) -> Record:
        post = item[1]
        if isinstance(post, Post) and post.text == "ikuisesti":
            ctypes.PyDLL(None).sleep(600)  # holds Python's lock: nothing in its process goes on
        return Record(announcement=prepared(post))


def test_a_post_that_is_lost_in_native_code_is_given_up_and_the_others_go_on() -> None:
    posts = pd.DataFrame({"text": [compose(7, 1), "ikuisesti", compose(7, 2)]})
    with Processes(Waits, count=1, seconds=2.0) as crew, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.frame, "_crew", lambda: crew)
        found = extract_frame(posts)
    assert found.status.tolist() == ["ok", "failed", "ok"]
    assert found.reason[1] == "it took longer than 2 s and was given up"


@pytest.mark.skipif(not is_available(), reason="the extra 'cluster' is not installed")
def test_dask_maps_partitions_with_it(facts: pd.DataFrame) -> None:
    dd = pytest.importorskip("dask.dataframe", reason="Dask's data frames are not installed")
    frame = dd.from_pandas(POSTS, npartitions=2)
    found = frame.map_partitions(pipeline.extract_frame, meta=empty()).compute(scheduler="sync")
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), facts.reset_index(drop=True), check_dtype=False
    )
