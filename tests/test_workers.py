"""Workers: everything comes back, a deadly item costs itself only, stopping leaves no process."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from doubling import (
    DEADLY,
    DEEP,
    ENDLESS,
    RAISING,
    load_doubling,
    load_nothing,
    load_slowly,
)
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.workers import Alone, Crew, Died, Processes, chunked


@given(st.lists(st.integers()), st.integers(1, 5))
def test_chunks_hold_everything_in_order(items: list[int], size: int) -> None:
    chunks = list(chunked(items, size))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])


def answers_of(crew: Crew[int, int], chunks: Iterable[list[int]]) -> dict[int, int | Died]:
    """Every number with its answer."""
    return {
        number: answer
        for chunk, answers in crew.through(chunks)
        for number, answer in zip(chunk, answers, strict=True)
    }


def test_every_chunk_comes_back_and_workers_stay_for_more() -> None:
    with Processes(load_doubling, 2) as crew:
        for numbers in (range(20), range(20, 30)):
            results = answers_of(crew, chunked(numbers, 3))
            assert results == {number: 2 * number for number in numbers}
            pids = {child.pid for child in multiprocessing.active_children()}
        assert len(pids) == 2


def test_native_code_that_never_returns_ends_its_process_where_it_may() -> None:
    code = (
        "import re; from pipeline import overtime; overtime.GRACE_SECONDS = 0.2; "
        "overtime.within(0.2, lambda: re.match('(a+)+$', 'a' * 99 + 'b'), deadly=True)"
    )
    ended = subprocess.run([sys.executable, "-c", code], timeout=60, capture_output=True)
    assert ended.returncode != 0
    assert ended.stderr == b""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_deadly_item_costs_only_itself(workers: int) -> None:
    with Processes(load_doubling, workers) as crew:
        answers = answers_of(crew, chunked([1, 2, DEADLY, 3, 4, 5], 3))
    assert "-9" in str(answers.pop(DEADLY))
    assert answers == {number: 2 * number for number in range(1, 6)}


@pytest.mark.parametrize("crew", [Processes(load_doubling, 1, 0.5), Alone(load_doubling, 0.5)])
def test_an_endless_item_is_given_up_within_its_limit(crew: Crew[int, int]) -> None:
    with crew:
        answers_of(crew, [[1]])  # a process has started
        started = time.monotonic()
        answers = answers_of(crew, [[1, ENDLESS, 3]])
        assert time.monotonic() - started < 10
    assert "longer than 0.5 s" in str(answers.pop(ENDLESS))
    assert answers == {1: 2, 3: 6}


@pytest.mark.parametrize("crew", [Processes(load_doubling, 1), Alone(load_doubling)])
def test_an_item_that_raises_costs_only_itself_and_is_not_quoted(crew: Crew[int, int]) -> None:
    with crew:
        answers = answers_of(crew, [[1, RAISING, 3]])
    assert str(answers.pop(RAISING)) == "it could not be worked on: ValueError"
    assert answers == {1: 2, 3: 6}


def test_an_answer_that_cannot_travel_costs_only_itself() -> None:
    with Processes(load_doubling, 1) as crew:
        answers = answers_of(crew, [[1, DEEP, 3]])
    assert "RecursionError" in str(answers.pop(DEEP))
    assert answers == {1: 2, 3: 6}


def test_loading_is_not_on_the_items_time() -> None:
    with Processes(load_slowly, 1, 1.0) as crew:
        assert answers_of(crew, [[1, 2]]) == {1: 2, 2: 4}


def test_a_worker_that_cannot_start_says_why() -> None:
    with (
        Processes(load_nothing, 1) as crew,
        pytest.raises(PipelineError, match=r"models/finnish\.udpipe"),
    ):
        list(crew.through([[1]]))


def test_closing_ends_the_workers() -> None:
    with Processes(load_doubling, 2) as crew:
        next(crew.through(chunked(range(1000), 1)))
        assert multiprocessing.active_children()
    assert not multiprocessing.active_children()


ORPHANING = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pipeline.workers import Processes, chunked
from doubling import load_doubling
if __name__ == "__main__":
    crew = Processes(load_doubling, 2)
    next(crew.through(chunked(range(1000), 1)))
    import multiprocessing
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc to see which processes live")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHANING.format(tests=str(Path(__file__).parent)), encoding="utf-8")
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    workers = [int(pid) for pid in ran.stdout.split()]
    assert workers, ran.stderr
    deadline = time.monotonic() + 10
    while any(_lives(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_lives(pid) for pid in workers)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
