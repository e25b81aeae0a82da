"""A run replaces the one before as a whole, or leaves it as it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import written

from pipeline.errors import OutputLocked, OutputUnusable
from pipeline.tables import Held, current, locked, write_outputs
from pipeline.tables.publish import publishing
from pipeline.tables.rules import RULES
from pipeline.tables.tables import Tables

ROOT = Path(__file__).parents[1]
tables, out = written.tables, written.out


def test_outputs_are_replaced_and_the_run_before_stays_readable(out: Path, tables: Tables) -> None:
    (out / "README.md").write_text("mine")
    first = current(out)
    for _ in range(2):
        with locked(out) as held:
            write_outputs(tables, held, more=lambda run: (run / "report").mkdir())
    assert (out / "README.md").read_text() == "mine"
    assert not first.exists()
    assert (out / "report").is_dir()
    assert len(list((out / ".runs").iterdir())) == 2
    with locked(out) as held:
        write_outputs(tables, held)
    assert not (out / "report").is_symlink()


def test_a_failed_run_leaves_nothing(out: Path, tables: Tables) -> None:
    before = current(out)

    def fail(_: Path) -> None:
        raise OSError("disk full")

    with locked(out) as held, pytest.raises(OSError, match="disk full"):
        write_outputs(tables, held, more=fail)
    assert current(out) == before
    assert [path.name for path in (out / ".runs").iterdir()] == [before.name]


def test_real_folders_in_the_way_are_set_aside(tmp_path: Path, tables: Tables) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "old.txt").write_text("old")
    with locked(tmp_path) as held:
        write_outputs(tables, held)
    assert (tmp_path / "tables" / "projects.parquet").is_file()
    assert not (tmp_path / "tables" / "old.txt").exists()
    with locked(tmp_path) as held:
        write_outputs(tables, held)
    (aside,) = (tmp_path / ".runs").glob("replaced-tables-*/old.txt")
    assert aside.read_text() == "old"


def test_a_second_run_on_the_same_folder_stops(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.tables import locked\n"
        "with locked(Path(sys.argv[1])):\n print('held', flush=True)\n sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(OutputLocked, match=f"process {child.pid}"), locked(tmp_path):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    with locked(tmp_path) as held:
        assert held == Held(tmp_path)


def test_an_output_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnusable, match="cannot be written"), locked(tmp_path / "file"):
        pass


KILLED = """
import os, sys
from pathlib import Path
from pipeline.tables import locked
from pipeline.tables.publish import publishing
step = int(sys.argv[2])
real, count = os.fsync, 0
def counting(*a, **k):
    global count
    count += 1
    if count > step:
        os.kill(os.getpid(), 9)
    return None
for name in ("fsync", "symlink", "replace", "rename", "unlink"):
    def wrap(old):
        def call(*a, **k):
            counting()
            return old(*a, **k)
        return call
    setattr(os, name, wrap(getattr(os, name)))
with locked(Path(sys.argv[1])) as held, publishing(held) as folder:
    (folder / "tables").mkdir()
    for name in ("a", "b", "c"):
        (folder / "tables" / name).write_text(sys.argv[2])
    (folder / "hankkeet.sqlite").write_text(sys.argv[2])
    (folder / "run.json").write_text("{}")
"""


def test_a_run_killed_at_any_step_leaves_one_complete_run(tmp_path: Path) -> None:
    for step in (100, *range(0, 12, 3), 101):
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(step)], check=False)
        texts = {
            (tmp_path / name).read_text()
            for name in ("tables/a", "tables/b", "tables/c", "hankkeet.sqlite")
        }
        assert len(texts) == 1
    assert texts == {"101"}
    assert not list(tmp_path.glob(".*.link"))
    assert len(list((tmp_path / ".runs").iterdir())) <= 2


def test_rules_have_words() -> None:
    assert all(RULES.values())


def test_publishing_needs_no_tables(tmp_path: Path) -> None:
    with locked(tmp_path) as held, publishing(held) as folder:
        (folder / "run.json").write_text("{}")
    assert (tmp_path / "run.json").readlink() == Path(".current/run.json")
