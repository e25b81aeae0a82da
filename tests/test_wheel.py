"""The installed name of the package, in a checkout and in the wheel (`make wheel` installs one)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

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


# A Python that only notes what it is asked to do; as which version it is called is its name.
PRETENDED = """#!/usr/bin/env bash
set -euo pipefail
echo "$*" >> "$NOTES"
case "$*" in
	*sys.version_info*) [[ "$*" == *"3, ${PRETENDS}"* ]] ;;
	"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && cp "$0" "$3/bin/hankepoimuri" ;;
	*"pip wheel"*) touch "${*: -2:1}/hankepoimuri-1-py3-none-any.whl" ;;
	*" --output "*) mkdir -p "${*: -2:1}/tables" && echo same > "${*: -2:1}/tables/projects.csv" ;;
esac
"""
TOOLS = ("bash", "env", "dirname", "basename", "rm", "mkdir", "cp", "cmp", "ls", "touch", "grep")


def wheel_check(folder: Path, minor: int) -> subprocess.CompletedProcess[str]:
    """``.ci/wheel`` as it runs under CI where one Python, a pretended one, is all there is."""
    (folder / "bin").mkdir()
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "wheel", folder / ".ci")
    shutil.copytree(ROOT / "corpus" / "announcements", folder / "corpus" / "announcements")
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    for python in (folder / "bin" / f"python3.{minor}", folder / ".venv" / "bin" / "python"):
        python.write_text(PRETENDED)
        python.chmod(0o755)
    told = {"PATH": str(folder / "bin"), "CI": "true", "NOTES": str(folder / "notes")}
    return subprocess.run(
        [folder / ".ci" / "wheel"],
        env=told | {"PRETENDS": str(minor)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="a script for bash")
def test_the_check_of_the_wheel_says_which_pythons_it_tried(tmp_path: Path) -> None:
    done = wheel_check(tmp_path, 11)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Python 3.11: tried",
        "Python 3.12: not found",
        "Python 3.13: not found",
    ]
    installs = [line for line in (tmp_path / "notes").read_text().splitlines() if ".whl" in line]
    assert installs[0].endswith(".whl")  # bare
    assert installs[1].endswith(".whl[documents]")


@pytest.mark.skipif(os.name != "posix", reason="a script for bash")
def test_in_ci_the_wheel_is_tried_with_the_oldest_python(tmp_path: Path) -> None:
    done = wheel_check(tmp_path, 12)
    assert done.returncode == 1
    assert "has to be tried with Python 3.11" in done.stderr
