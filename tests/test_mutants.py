"""Small changes to code: which there are, where they run, and those that change no result."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.torture.mutants import mutants
from pipeline.torture.mutate import PARTS, without_effect
from pipeline.torture.reached import codes

ROOT = Path(__file__).parents[1]
SOURCE = """\
LEAST = 2

def fits(number, most=9):
    if (LEAST <= number
            and not number > most):
        return True
    return number + 1 in (7,)
"""


def test_every_change_says_what_it_is_and_which_statement_runs_it() -> None:
    found = [
        (one.line, one.what, one.place and list(one.place.statement))
        for one in mutants("a.py", SOURCE)
    ]
    assert sorted(found, key=repr) == [
        (1, "2 -> 3", None),
        (3, "9 -> 10", None),
        (3, "9 -> 18", None),
        (3, "9 -> 4", None),
        (4, "LEAST <= number -> LEAST < number", [4, 5]),
        (
            4,
            "LEAST <= number and (not number > most) -> LEAST <= number or not number > most",
            [4, 5],
        ),
        (5, "not number > most without not", [4, 5]),
        (5, "number > most -> number >= most", [4, 5]),
        (6, "True -> False", [6]),
        (7, "1 -> 2", [7]),
        (7, "7 -> 14", [7]),
        (7, "7 -> 3", [7]),
        (7, "7 -> 8", [7]),
        (7, "number + 1 -> number - 1", [7]),
        (7, "number + 1 in (7,) -> number + 1 not in (7,)", [7]),
    ]


def test_a_changed_module_differs_in_that_change_alone() -> None:
    for most in (10, 4, 18):
        (changed,) = [one for one in mutants("a.py", SOURCE) if one.what == f"9 -> {most}"]
        assert ast.unparse(changed.tree(SOURCE)) == ast.unparse(
            ast.parse(SOURCE.replace("most=9", f"most={most}"))
        )
    (fits,) = [code for (name, _), code in codes(changed.code(SOURCE)).items() if name == "fits"]
    assert fits.co_firstlineno == 3


@pytest.mark.parametrize(
    ("number", "others"),
    [("0", {"1"}), ("2", {"3"}), ("5", {"6", "2", "10"}), ("0.8", {"1.8", "0.4", "1.6"})],
)
def test_a_number_becomes_one_more_half_and_twice(number: str, others: set[str]) -> None:
    found = {one.what for one in mutants("a.py", f"LEAST = {number}\n")}
    assert found == {f"{number} -> {other}" for other in others}


WATCHING = """\
from pipeline.torture.reached import Watched
made = {}
exec(compile(SOURCE, "/a.py", "exec"), made)
watched = Watched({"/a.py": "a.py"})
watched.begin()
try:
    made["fits"](1)
finally:
    print(watched.end())
"""


def test_lines_that_ran_are_known() -> None:
    # In a process of its own: what else traces in this one would be put aside.
    told = subprocess.run(
        [sys.executable, "-c", f"SOURCE = {SOURCE!r}\n{WATCHING}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ast.literal_eval(told.stdout) == {"a.py": {3, 4, 7}}


def test_changes_without_effect_are_changes_that_there_are() -> None:
    listed = without_effect()
    for module in {module for module, _, _ in listed}:
        there = {
            (one.module, one.text, what)
            for one in mutants(module, (ROOT / module).read_text(encoding="utf-8"))
            for what in (one.what, one.before)
        }
        assert {entry for entry in listed if entry[0] == module} <= there
    assert all(listed.values())


def test_every_part_has_its_modules_and_tests() -> None:
    for patterns, tests in PARTS.values():
        assert all(list(ROOT.glob(pattern)) for pattern in patterns)
        assert all((ROOT / test).is_file() for test in tests)
