"""The command line: quick, documented, plain about errors."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import cli
from pipeline.errors import OutputLocked, PipelineError
from pipeline.summary import summary_lines, table_lines

HELP_SECONDS = 0.3


def run_cli(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def test_help_is_quick() -> None:
    def seconds() -> float:
        """Time on the processor: what a busy machine makes one wait for is not ours."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run_cli("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) <= HELP_SECONDS


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.cli import main; main(['run', '--help']); "
        "print(*sorted(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    loaded = shown.splitlines()[-1]
    heavy = {
        "spacy", "pandas", "pyarrow", "duckdb", "numpy", "rich", "dask", "distributed", "fsspec",
        "msgspec", "lxml", "thinc",
    }  # fmt: skip
    assert not heavy & set(loaded.split())
    assert "pipeline" in loaded.split()


def test_version_and_bare_call() -> None:
    assert run_cli("--version").stdout.startswith("hankepoimuri ")
    bare = run_cli()
    assert bare.returncode == 2
    assert "exit codes" in bare.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--input", "corpus"],
        ["run", "--input", "corpus", "--output", "x", "--workers", "0"],
        ["walk"],
        ["score", "outputs"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    ended = run_cli(*arguments)
    assert ended.returncode == 2
    assert "Usage:" in ended.stderr


def test_a_slip_of_the_keyboard_gets_a_suggestion() -> None:
    assert "Did you mean 'run'?" in run_cli("rnu").stderr
    assert "--output" in run_cli("run", "--outptu", "x").stderr


@pytest.mark.parametrize("said", ["teksti", "=text", "teksti=body"])
def test_columns_that_mean_nothing_are_told(said: str) -> None:
    ended = run_cli("run", "--input", "x", "--output", "y", "--columns", said)
    assert ended.returncode == 2
    assert "THEIRS=OURS" in ended.stderr


def test_a_missing_input_folder_is_said_plainly(tmp_path: Path) -> None:
    ended = run_cli("run", "--input", tmp_path / "nowhere", "--output", tmp_path / "out")
    assert ended.returncode == 2
    assert "There is no folder or file" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--input", "gopher://host/posts"], "Protocol not known: gopher"),
        (["--input", "memory://posts"], "There is no folder or file memory://posts"),
        (["--input", ".", "--store", "gopher://host/store"], "Protocol not known: gopher"),
    ],
)
def test_an_address_that_cannot_be_opened_is_said_plainly(
    tmp_path: Path, option: list[str], said: str
) -> None:
    ended = run_cli("run", *option, "--output", tmp_path / "out")
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ended = run_cli("run", "--input", tmp_path, "--output", tmp_path / "out")
    assert ended.returncode == 5


def test_an_output_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").write_text("not a folder")
    ended = run_cli("run", "--input", tmp_path / "in", "--output", tmp_path / "out")
    assert ended.returncode == 5
    assert "cannot be written" in ended.stderr


def test_scoring_needs_tables_and_gold(tmp_path: Path) -> None:
    ended = run_cli("score", tmp_path, tmp_path)
    assert ended.returncode == 5
    assert "no gold annotation" in ended.stderr


@pytest.mark.parametrize(
    ("raised", "code"),
    [(OutputLocked("process 7 has it"), 4), (KeyboardInterrupt(), 130), (PipelineError(), 1)],
)
def test_errors_become_exit_codes(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int
) -> None:
    def raising(*_: object) -> None:
        raise raised

    monkeypatch.setattr("pipeline.run.run", raising)
    assert cli.main(["run", "--input", "corpus", "--output", "out"]) == code


def report(**changes: Any) -> SimpleNamespace:
    fields = {
        "counts": {"documents": 3, "projects": 1},
        "statuses": {"ok": 2, "failed": 1},
        "extracted": 3,
        "failures": [("b.txt", "not text")],
        "remarks": (),
        "left_out": {"a picture: it holds no text (.png)": 2},
        "mended": (),
        "changed": True,
        "seconds": 1.0,
        "nothing_read": False,
    }
    return SimpleNamespace(**{**fields, **changes})


@pytest.mark.parametrize(
    ("options", "changes", "code"),
    [
        ([], {}, 0),
        (["--strict"], {}, 6),
        (["--strict"], {"failures": []}, 0),
        ([], {"nothing_read": True}, 3),
    ],
)
def test_the_report_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, options: list[str], changes: dict[str, Any], code: int
) -> None:
    monkeypatch.setattr("pipeline.run.run", lambda *_: report(**changes))
    assert cli.main(["run", "--input", "corpus", "--output", "out", *options]) == code


def test_the_summary_counts_rows_and_names_failures() -> None:
    assert any("projects" in line for line in table_lines(report()))
    shown = "\n".join(summary_lines(report(), Path("out")))
    assert "failed: b.txt: not text" in shown
    assert "2 files not read: a picture: it holds no text (.png)" in shown
    many = report(failures=[(f"{n}.txt", "not text") for n in range(15)])
    assert "and 5 more" in "\n".join(summary_lines(many, Path("out")))


def test_nobody_watching_gets_the_summary_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.run.run", lambda *_: report(failures=[], left_out={}))
    cli.main(["run", "--input", "corpus", "--output", "out"])
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "Announcements: 2 ok, 1 failed; newly extracted: 3.",
        "Written to out in 1.0 s.",
    ]
    assert printed.err == ""


def test_quiet_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.run.run", lambda *_: report())
    cli.main(["run", "--input", "corpus", "--output", "out", "--quiet"])
    assert capsys.readouterr() == ("", "")
