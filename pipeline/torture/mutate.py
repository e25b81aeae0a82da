"""Small changes to the code, one at a time: do the tests notice? ``make mutate``.

Constants, comparisons, signs and Boolean operators of chosen parts are changed in a copy of the
project; the tests that concern a part are run against each. What they do not notice is listed.
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.torture.again import Tests
from pipeline.torture.report import with_noticed

ROOT = Path(__file__).resolve().parents[2]
# Modules of each part, and the tests that are to notice.
PARTS: dict[str, tuple[list[str], list[str]]] = {
    "repair": (
        ["pipeline/repair/*.py"],
        ["tests/test_repair.py", "tests/test_edges.py", "tests/test_read_kinds.py"],
    ),
    "dates": (["pipeline/extract/dates/*.py"], ["tests/test_dates.py", "tests/test_edges.py"]),
    "money": (
        ["pipeline/extract/money.py", "pipeline/extract/money_tokens.py"],
        ["tests/test_money.py", "tests/test_edges.py"],
    ),
    "resolve": (
        ["pipeline/resolve/*.py"],
        [
            "tests/test_resolve.py",
            "tests/test_resolve_entities.py",
            "tests/test_resolve_corrections.py",
            "tests/test_fact_corrections.py",
            "tests/test_register.py",
        ],
    ),
    "decode": (
        ["pipeline/read/decode.py"],
        ["tests/test_read_decode.py", "tests/test_read_folder.py"],
    ),
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
    # How large a cache is, or whether a class is frozen, shows in no result.
    beside = {
        id(part)
        for node in ast.walk(tree)
        for decorator in getattr(node, "decorator_list", [])
        for part in ast.walk(decorator)
    }
    return (node for node in ast.walk(tree) if _is_place(node) and id(node) not in beside)


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


def of_part(part: str) -> list[Mutant]:
    """Every change to a part."""
    patterns, _ = PARTS[part]
    modules = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    return [
        mutant
        for module in modules
        for mutant in mutants(str(module.relative_to(ROOT)), module.read_text(encoding="utf-8"))
    ]


def survives(mutant: Mutant, tests: Tests) -> bool:
    """Whether the tests pass in their copy of the project in spite of a change."""
    path = tests.place / mutant.module
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.source, encoding="utf-8")
    try:
        return tests.pass_again(SECONDS)
    finally:
        path.write_text(whole, encoding="utf-8")


def main() -> int:
    """Read the options, change, test, print; 0 when nine changes in ten are noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--most", type=int, default=40, help="changes of a part (default: 40)")
    parser.add_argument("--seed", type=int, default=0, help="other changes")
    parser.add_argument("--output", type=Path, help="page to write the shares to")
    options = parser.parse_args()
    well = True
    shares = list[tuple[str, int, int, int]]()
    for part in options.parts or PARTS:
        chosen = of_part(part)
        count = len(chosen)
        random.Random(options.seed).shuffle(chosen)
        chosen = chosen[: options.most]
        with TemporaryDirectory(prefix="hankepoimuri-") as place:
            tests = Tests(copied(Path(place)), PARTS[part][1])
            lived = []
            for mutant in chosen:
                if survives(mutant, tests):
                    lived.append(mutant)
                    print(f"  {mutant.module}:{mutant.line}: {mutant.what}", flush=True)
        share = 1 - len(lived) / max(len(chosen), 1)
        noticed = len(chosen) - len(lived)
        print(
            f"{part}: {noticed} of {len(chosen)} noticed ({share:.0%}; {count} in all)", flush=True
        )
        well = well and share >= 0.9
        shares.append((part, noticed, len(chosen), count))
    if options.output is not None:
        page = options.output.read_text(encoding="utf-8")
        options.output.write_text(with_noticed(page, shares), encoding="utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
