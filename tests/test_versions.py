"""What a stage depends on: an edit reaches the digests of those stages that use it, no others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.benchmark.measure import edited
from pipeline.versions import model_checksums, package_versions, stage_digest

STAGES = {
    "read": "pipeline.read",
    "prepare": "pipeline.prepare",
    "annotate": "pipeline.annotate.annotator",
    "extract": "pipeline.work",
    "resolve": "pipeline.resolve",
}


def digests(folder: Path) -> dict[str, str]:
    """Digests as the copy of the package in ``folder`` gives them."""
    code = (
        "import json; from pipeline.versions import stage_digest; "
        f"print(json.dumps({{name: stage_digest(module) for name, module in {STAGES!r}.items()}}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    found: dict[str, str] = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package whose titles have a comment more."""
    return edited(tmp_path_factory.mktemp("copy") / "code", "lexicon/titles.csv")


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("extract/__init__.py", {"extract"}),
        ("lexicon/money.toml", {"extract", "resolve"}),
        ("lexicon/titles.csv", {"extract", "resolve"}),
        ("read/feeds.py", {"read", "extract"}),
        ("repair/__init__.py", {"prepare", "extract"}),
        ("annotate/annotator.py", {"annotate", "extract"}),
        ("resolve/projects.py", {"resolve"}),
        ("records.py", set(STAGES) - {"annotate"}),
        ("cli.py", set()),
        ("training/__init__.py", set()),
    ],
)
def test_an_edit_reaches_what_depends_on_it(copy: Path, path: str, reached: set[str]) -> None:
    before = digests(copy)
    file = copy / "pipeline" / path
    text = file.read_bytes()
    file.write_bytes(text + b"\n# an edit\n")
    try:
        after = digests(copy)
    finally:
        file.write_bytes(text)
    assert {name for name in STAGES if before[name] != after[name]} == reached


def test_digests_are_the_same_wherever_the_package_lies(copy: Path) -> None:
    here = {name: stage_digest(module) for name, module in STAGES.items()}
    there = digests(copy)
    assert {name for name in STAGES if here[name] != there[name]} <= {"extract", "resolve"}
    assert here["prepare"] == there["prepare"]


def test_models_and_packages_are_part_of_what_they_make() -> None:
    alone = stage_digest("pipeline.ids")
    assert len({alone, stage_digest("pipeline.ids", packages=True)}) == 2
    assert stage_digest("pipeline.ids", models=True) != stage_digest("pipeline.ids", packages=True)
    assert {"spacy", "ftfy", "lingua-language-detector"} <= set(package_versions())
    assert all(len(checksum) == 64 for checksum in model_checksums().values())
