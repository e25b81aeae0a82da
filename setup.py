"""Builds the wheel: the folder ``pipeline/`` by its installed name ``hankepoimuri``, with models.

``pipeline`` is too common a name to install anything under: another project has it on PyPI, and a
folder of that name beside a notebook would be imported in its place.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE, THERE = "pipeline", "hankepoimuri"
# Two builds of the same files are the same bytes: what is packed is of no later day than 1980.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")
# The name where code means this package: before a dot, or what an import names. ``nlp.pipeline`` is
# something else.
NAMED = re.compile(
    rf"(?<![\w./-]){HERE}(?=\.[a-zA-Z_])|(?<=from ){HERE}(?= import)|(?<=import ){HERE}(?=$|\s)"
    rf"|(?<=python -m ){HERE}\b",
    re.MULTILINE,
)


class BuildInstalled(build_py):
    """Copies the package as always, then gives it its installed name and the models it runs."""

    def run(self) -> None:
        """Build; an editable installation is the checkout as it lies."""
        if self.editable_mode:
            super().run()
            return
        built = Path(self.build_lib)
        shutil.rmtree(built, ignore_errors=True)  # what an earlier build left would travel, too
        super().run()
        (built / f"{THERE}.py").unlink()
        (built / HERE).rename(built / THERE)
        for path in (built / THERE).rglob("*.py"):
            text = NAMED.sub(THERE, path.read_text(encoding="utf-8"))
            if left := _imports(text):
                raise SystemExit(f"{path}: still imports {', '.join(sorted(left))}")
            path.write_text(text, encoding="utf-8")
        shutil.copytree(
            "models", built / THERE / "models", ignore=shutil.ignore_patterns("held_out")
        )


def _imports(text: str) -> set[str]:
    """What a module still imports under the name that it has in the repository."""
    named: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            named += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            named.append(node.module or "")
    return {name for name in named if name.split(".")[0] == HERE}


setup(cmdclass={"build_py": BuildInstalled})
