"""The benchmark's page tells every figure beside its target; replayed records are new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from record_cases import project, record

from pipeline.benchmark.measure import machine
from pipeline.benchmark.report import page
from pipeline.benchmark.tasks import replay, resolve
from pipeline.record_store import put_records
from pipeline.store import Store, store_key


def figures() -> dict[str, Any]:
    run = {"seconds": 100.0, "peak_mb": 900.0, "spacy": False}
    speed = {"announcements": 300, "words": 30_000, "peak_mb": 700.0}
    resolved = {"seconds": 10.0, "peak_mb": 500.0}
    return {
        "machine": machine(),
        "minutes": 60.0,
        "sizes": {"speed": 300, "small": 1000, "large": 10_000, "replayed": 100_000},
        "ours": {**speed, "seconds": 20.0, "stages": {"annotate": 15.0, "extract": 5.0}},
        "afternoon": {**speed, "seconds": 90.0, "left_out": "lemmatizer"},
        "large_one": {**run, "seconds": 1938.0},
        "small_all": run,
        "large_all": {**run, "seconds": 1020.0},
        "no_change": {**run, "seconds": 1.5},
        "one_new": {**run, "seconds": 6.0},
        "one_alone": {**run, "seconds": 4.0},
        "rare_title_edited": {**run, "seconds": 8.0, "extracted": 7},
        "common_title_edited": {**run, "seconds": 20.0, "extracted": 240},
        "code_edited": {**run, "seconds": 51.0, "extracted": 10_000},
        "resolve_1000": resolved,
        "resolve_10000": resolved,
        "kills": {"kills": 50, "lost": 0, "corrupt": 2, "equal": True},
        "resolve_100000": {"seconds": 110.0, "peak_mb": 1500.0},
    }


def test_the_page_tells_ratios_and_shares() -> None:
    text = page(figures())
    for told in (
        "4.5×",
        "1.90×",
        "1.02×",
        "1500 MB",
        "11.0×",
        "1.50 s",
        "2.0 s",
        "0.05×",
        "75 %",
        "0 lost, 2 corrupt",
    ):
        assert told in text
    assert "without its lemmatizer" in text


def test_replayed_records_are_announcements_of_their_own(tmp_path: Path) -> None:
    made = record("a.txt", [project("p", "Silta")])
    put_records(Store(tmp_path / "records"), {store_key("a"): made})
    replay(str(tmp_path / "records"), str(tmp_path / "copies"), "5")
    result = resolve(str(tmp_path / "copies"), str(tmp_path / "columns"))
    assert result["records"] == 5
