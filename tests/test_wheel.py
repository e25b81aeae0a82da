"""The installed name of the package, in a checkout and in the wheel (`make wheel` installs one)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_in_a_checkout_both_names_are_one_package() -> None:
    import hankepoimuri as hp
    import pipeline
    from hankepoimuri.errors import PipelineError
    from pipeline import errors

    assert hp is pipeline
    assert PipelineError is errors.PipelineError
    assert errors.__name__ == "pipeline.errors"


def test_the_wheel_holds_one_package_with_its_models_and_lexicon(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    built = []
    for folder in (tmp_path / "one", tmp_path / "again"):
        subprocess.run([*build, "--wheel-dir", folder, str(ROOT)], check=True, capture_output=True)
        built += folder.glob("hankepoimuri-*.whl")
    wheel, again = built
    assert wheel.read_bytes() == again.read_bytes()  # reproducible
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
        code = {
            name: files.read(name).decode()
            for name in names
            if name.endswith((".py", "points.txt"))
        }
    assert {name.partition("/")[0] for name in names if "dist-info" not in name} == {"hankepoimuri"}
    for held in ("models/ner.npz", "models/finnish.udpipe", "lexicon/titles.csv", "py.typed"):
        assert f"hankepoimuri/{held}" in names
    assert code["hankepoimuri/ledger.py"].count('stage_digest("hankepoimuri.') >= 2
    assert "from hankepoimuri.records import" in code["hankepoimuri/ledger.py"]
    assert "nlp.pipeline" in code["hankepoimuri/annotate/network.py"]
    assert not [name for name, text in code.items() if "from pipeline" in text]


def test_nothing_but_the_build_knows_the_installed_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"hankepoimuri": "hankepoimuri.cli:main"}
