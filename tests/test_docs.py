"""The documentation says what is so: commands, options, exit codes, targets, links, locks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline.cli import EXIT_CODES, app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MADE = {".venv", "build", ".git", ".hypothesis", ".pytest_cache"}
MADE |= {"announcements"}  # the links of Markdown announcements lead to their own sites
PAGES = sorted(path for path in ROOT.rglob("*.md") if not MADE & set(path.relative_to(ROOT).parts))


def commands() -> Iterator[tuple[str, Any]]:
    yield from typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]


def options() -> Iterator[tuple[str, str]]:
    for name, command in commands():
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    yield name, option


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_documented(name: str) -> None:
    assert f"hankepoimuri {name}" in README


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_option_is_documented(command: str, option: str) -> None:
    assert f"`{option}" in README, f"{command} {option} is not in README.md"


def test_every_option_and_command_has_help() -> None:
    for name, command in commands():
        assert command.help, name
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"


def test_every_exit_code_is_documented() -> None:
    codes = re.findall(r"^  (\d+)", EXIT_CODES, re.MULTILINE)
    assert len(codes) > 5
    for code in codes:
        assert f"| {code} |" in README


def test_every_make_target_is_in_help_and_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for target in phony[1].split():
        if target in ("FORCE", "all"):
            continue
        assert f"make {target} " in shown
        assert re.search(rf"`make {target}\b", README), f"make {target} is not in README.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target and not target.startswith("#"):
            assert (page.parent / target.split("#")[0]).exists(), f"{page.name}: {target}"


def test_every_dependency_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = [
        *PROJECT["project"]["dependencies"],
        *(name for extra in PROJECT["project"]["optional-dependencies"].values() for name in extra),
    ]
    for requirement in wanted:
        assert any(f'"{requirement}"' in line and "#" in line for line in lines), requirement


def test_every_import_is_a_dependency() -> None:
    declared = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        declared += extra
    packages = {canonical(re.split(r"[<>=!~\[ ]", wanted)[0]) for wanted in declared}
    known = packages_distributions()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for module in imported(path) - sys.stdlib_module_names - {"pipeline"}:
            names = {canonical(name) for name in known.get(module, [module])}
            assert names & packages, f"{path.name} imports {module}: not in pyproject.toml"


def canonical(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    pinned = re.findall(r"^([a-z0-9-]+)==(.*)", text, re.MULTILINE)
    hashed = re.findall(r"^[a-z0-9-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(hashed) > 50


def test_the_locks_agree_with_the_dependencies() -> None:
    for name, extras in (
        ("requirements.lock", ["build", "documents", "fetch", "report"]),
        (
            "requirements-dev.lock",
            ["build", "documents", "fetch", "report", "browse", "cluster", "training", "dev"],
        ),
    ):
        pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        wanted = [
            *PROJECT["project"]["dependencies"],
            *(w for extra in extras for w in PROJECT["project"]["optional-dependencies"][extra]),
        ]
        for requirement in wanted:
            package = re.split(r"[<>=!~\[ ]", requirement)[0].lower().replace("_", "-")
            assert package in pinned, f"{package} is not in {name}: make lock"


def test_the_changelog_has_the_version_or_unreleased() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = PROJECT["project"]["version"]
    assert f"## [{version}]" in changelog or "## [Unreleased]" in changelog
