"""Small changes to the code, one at a time: do the tests notice? ``make mutate``.

Chosen parts are changed in a copy of the project; of the tests that concern a part, those that run
the statement changed are run, the quickest first, until one fails. What they do not notice is
listed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.torture.again import Tests
from pipeline.torture.mutants import Mutant, mutants
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
        ["pipeline/extract/money*.py", "pipeline/extract/budget*.py"],
        ["tests/test_money.py", "tests/test_budgets.py", "tests/test_edges.py"],
    ),
    "resolve": (
        ["pipeline/resolve/*.py"],
        [
            "tests/test_resolve.py",
            "tests/test_resolve_areas.py",
            "tests/test_resolve_entities.py",
            "tests/test_resolve_names.py",
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
SAME = Path("tests/cases/same_result.toml")


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
    """Every change to a part, but for those that are known to change no result."""
    patterns, _ = PARTS[part]
    modules = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    same = without_effect()
    return [
        mutant
        for module in modules
        for mutant in mutants(str(module.relative_to(ROOT)), module.read_text(encoding="utf-8"))
        if (mutant.module, mutant.text, mutant.what) not in same
        and (mutant.module, mutant.text, mutant.before) not in same
    ]


def without_effect() -> dict[tuple[str, str, str], str]:
    """Why a change, by module, line and what it is, changes no result; a person says so.

    What it is may also be a number alone: whatever it is changed to.
    """
    found = tomllib.loads((ROOT / SAME).read_text(encoding="utf-8"))
    return {
        (entry["module"], entry["line"], entry["what"]): entry["why"] for entry in found["change"]
    }


def main() -> int:
    """Read the options, change, test, print; 0 when nine changes in ten are noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--most", type=int, default=80, help="changes of a part (default: 80)")
    parser.add_argument("--seed", type=int, default=0, help="other changes")
    parser.add_argument("--output", type=Path, help="page to write the shares to")
    options = parser.parse_args()
    well = True
    shares = list[tuple[str, int, int, int]]()
    for part in options.parts or PARTS:
        started = time.monotonic()
        chosen = of_part(part)
        count = len(chosen)
        random.Random(options.seed).shuffle(chosen)
        chosen = chosen[: options.most]
        modules = {mutant.module for mutant in chosen}
        with (
            TemporaryDirectory(prefix="hankepoimuri-") as place,
            closing(Tests(copied(Path(place)), PARTS[part][1], modules)) as tests,
        ):
            lived = []
            for mutant in chosen:
                if not tests.notice(mutant):
                    lived.append(mutant)
                    print(f"  {mutant.module}:{mutant.line}: {mutant.what}", flush=True)
        share = 1 - len(lived) / max(len(chosen), 1)
        noticed = len(chosen) - len(lived)
        print(
            f"{part}: {noticed} of {len(chosen)} noticed ({share:.0%}; {count} in all) "
            f"in {time.monotonic() - started:.0f} s",
            flush=True,
        )
        well = well and share >= 0.9
        shares.append((part, noticed, len(chosen), count))
    if options.output is not None:
        page = options.output.read_text(encoding="utf-8")
        options.output.write_text(with_noticed(page, shares), encoding="utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
