"""The benchmark's page tells every figure beside its target; replayed records are new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from record_cases import project, record

from pipeline.benchmark.measure import machine
from pipeline.benchmark.report import page
from pipeline.benchmark.tasks import fill, replay, resolve
from pipeline.options import Options
from pipeline.record_store import put_records
from pipeline.run import run
from pipeline.store import Store, store_key
from pipeline.synthetic import compose
from pipeline.synthetic.varied import Variations, repeated_lines


def figures() -> dict[str, Any]:
    run = {"seconds": 100.0, "peak_mb": 400.0, "spacy": False, "announcements": 180}
    speed = {"announcements": 300, "words": 30_000, "peak_mb": 700.0}
    ours = {**speed, "seconds": 20.0, "stages": {"annotate": 15.0, "extract": 5.0}}
    steady = {
        "ours": [ours, {**ours, "seconds": 25.0}, {**ours, "seconds": 19.0}],
        "afternoon": [{**speed, "seconds": 90.0, "left_out": "lemmatizer"}] * 3,
    }
    resolved = {"seconds": 10.0, "peak_mb": 500.0}
    return {
        "machine": machine(),
        "minutes": 60.0,
        "sizes": {"varied": 400, "large": 10_000, "replayed": 100_000},
        "varied": {"repeated_lines": 0.2, "of_the_field": 0.08},
        "field_steady": steady,
        "varied_steady": steady,
        "field_whole": {"ours": [9.0, 10.0, 30.0], "afternoon": [36.0, 33.0, 35.0]},
        "start": {"one": [2.0, 1.9, 2.1], "help": [0.2, 0.25, 0.22]},
        "one_worker": run,
        "cores": {"one": [{**run, "seconds": 190.0}], "all": [run]},
        "no_change": {**run, "seconds": 1.5},
        "one_new": {**run, "seconds": 6.0},
        "one_alone": {**run, "seconds": 4.0},
        "edited": {**run, "seconds": 62.0},
        "resolve_400": resolved,
        "resolve_10000": resolved,
        "resolve_100000": {"seconds": 110.0, "peak_mb": 1500.0},
        "kills": {"kills": 50, "lost": 0, "corrupt": 2, "equal": True},
    }


def test_the_page_tells_ratios_and_shares() -> None:
    text = page(figures())
    for told in (
        "4.5×",
        "3.5×",
        "1.90×",
        "0.62×",
        "1500 MB",
        "11.0×",
        "1.50 s",
        "2.0 s",
        "0.22 s",
        "75 %",
        "20 % of their lines",
        "0 lost, 2 corrupt",
    ):
        assert told in text
    assert "without its lemmatizer" in text


def test_varied_announcements_are_new_and_the_same_each_time() -> None:
    like = [compose(1, number) for number in range(8)]
    one, two = Variations(like), Variations(like)
    made = [one.compose(5, number) for number in range(8)]
    assert made == [two.compose(5, number) for number in range(8)]
    assert len({*made, *like}) == 16
    assert repeated_lines(made) < 0.5 < repeated_lines(like * 2)


def test_a_filled_store_is_a_run_that_was(tmp_path: Path) -> None:
    made = record("a.txt", [project("p", "Silta")])
    put_records(Store(tmp_path / "records"), {store_key("a"): made})
    output = tmp_path / "out"
    fill(str(tmp_path / "records"), str(tmp_path / "in"), str(output), "3")
    report = run(Options(input=tmp_path / "in", output=output, workers=0, report=False))
    assert report.extracted == 0
    assert sum(report.statuses.values()) == 3


def test_replayed_records_are_announcements_of_their_own(tmp_path: Path) -> None:
    made = record("a.txt", [project("p", "Silta")])
    put_records(Store(tmp_path / "records"), {store_key("a"): made})
    replay(str(tmp_path / "records"), str(tmp_path / "copies"), "5")
    result = resolve(str(tmp_path / "copies"), str(tmp_path / "columns"))
    assert result["records"] == 5
