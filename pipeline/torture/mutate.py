"""Small changes to the code, one at a time: do the tests notice? ``make mutate``.

Constants, comparisons, signs and Boolean operators of chosen modules are changed in a copy of the
project; the tests that concern a module are run against each. What they do not notice is listed.
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
# Modules and the tests that are to notice.
CHOSEN = {
    "pipeline/repair/mojibake.py": ["tests/test_repair.py"],
    "pipeline/repair/code_pages.py": ["tests/test_repair.py"],
    "pipeline/extract/dates/reading.py": ["tests/test_dates.py"],
    "pipeline/extract/money.py": ["tests/test_money.py"],
    "pipeline/resolve/clusters.py": ["tests/test_cluster.py", "tests/test_resolve_entities.py"],
    "pipeline/read/decode.py": ["tests/test_read_decode.py", "tests/test_read_folder.py"],
}
SECONDS = 240  # for the tests of one change
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the module with it, and what and where it is."""

    module: str
    source: str
    line: int
    what: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every change to a module."""
    count = sum(1 for _ in _places(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        node = list(_places(tree))[number]
        what = _change(node)
        yield Mutant(module, ast.unparse(tree), getattr(node, "lineno", 0), what)


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    return filter(_is_place, ast.walk(tree))


def _is_place(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) in (int, float, bool)
        case ast.Compare(ops=[first, *_]):
            return type(first) in _COMPARED
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.UnaryOp(op=ast.Not()) | ast.BoolOp():
            return True
        case _:
            return False


def _change(node: ast.AST) -> str:
    """Change a node in place; what was done, in words."""
    before = ast.unparse(node)
    match node:
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int() | float() as number):
            node.value = number + 1
        case ast.Compare():
            node.ops[0] = _COMPARED[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        case ast.BinOp():
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        case ast.UnaryOp():
            node.op = ast.UAdd()
            return f"{before} without not"
    return f"{before} -> {ast.unparse(node)}"


def survives(mutant: Mutant, copy: Path, tests: list[str]) -> bool:
    """Whether the tests pass in a copy of the project in spite of a change."""
    path = copy / mutant.module
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    try:
        ran = subprocess.run(
            [*command, *tests], cwd=copy, capture_output=True, timeout=SECONDS, check=False
        )
        return ran.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(whole, encoding="utf-8")


def _half(chosen: list[Mutant], copy: Path, tests: list[str]) -> list[tuple[Mutant, bool]]:
    return [(mutant, survives(mutant, copy, tests)) for mutant in chosen]


def copied(place: Path) -> Path:
    """A copy of what tests need."""
    for name in ("pipeline", "tests", "pyproject.toml", "corpus", "docs"):
        source, target = ROOT / name, place / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (place / "models").symlink_to(ROOT / "models")
    return place


def main() -> int:
    """Read the options, change, test, print; 0 when nine changes in ten are noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", help="of those known (default: all)")
    parser.add_argument("--most", type=int, default=10, help="changes of a module (default: 10)")
    parser.add_argument("--seed", type=int, default=0, help="other changes")
    options = parser.parse_args()
    noticed = tried = 0
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        copies = [copied(Path(place, str(number))) for number in range(2)]
        for module in options.modules or CHOSEN:
            source = (ROOT / module).read_text(encoding="utf-8")
            chosen = list(mutants(module, source))
            random.Random(options.seed).shuffle(chosen)
            chosen = chosen[: options.most]
            with ThreadPoolExecutor(2) as two:
                halves = [
                    two.submit(_half, chosen[number::2], copy, CHOSEN[module])
                    for number, copy in enumerate(copies)
                ]
                done = [pair for half in halves for pair in half.result()]
            lived = [mutant for mutant, alive in done if alive]
            noticed, tried = noticed + len(done) - len(lived), tried + len(done)
            print(f"{module}: {len(done) - len(lived)} of {len(done)} noticed", flush=True)
            for mutant in lived:
                print(f"  line {mutant.line}: {mutant.what}")
    print(f"{noticed} of {tried} noticed ({noticed / max(tried, 1):.0%})")
    return 0 if noticed >= 0.9 * tried else 1


if __name__ == "__main__":
    sys.exit(main())
