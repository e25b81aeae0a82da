"""What a result depends on besides its input: the code, the lexicon, the models, the packages.

A stage's digest covers the modules it imports, directly or not, and the lexicon tables they name.
So an edited rule changes the digest of the records but not that of the annotations.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from pipeline.compiled import compiled
from pipeline.model_files import MODELS as MODELS
from pipeline.model_files import NO_MODELS as NO_MODELS

PACKAGE = Path(__file__).resolve().parent
LEXICON = PACKAGE / "lexicon"
LOADERS = {"table", "settings"}
ANY = "*"  # any table of the lexicon

# Packages whose behaviour shows in the text, the annotation or the facts.
PACKAGES = (
    "charset-normalizer",
    "dateparser",
    "feedparser",
    "ftfy",
    "lingua-language-detector",
    "lxml",
    "numpy",
    "onnxruntime",
    "pypdfium2",
    "python-docx",
    "python-stdnum",
    "rapidfuzz",
    "sentencepiece",
    "spacy",
    "spacy-fi-experimental-web-md",
    "spacy-udpipe",
    "thinc",
    "trafilatura",
    "ufal.udpipe",
)


def project_version() -> str:
    """This project's own version as installed, ``unknown`` where it is not."""
    try:
        return version("hankepoimuri")
    except PackageNotFoundError:
        return "unknown"


@cache
def package_versions() -> dict[str, str]:
    """Installed version of each package in ``PACKAGES`` that is there."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def model_checksums() -> dict[str, str]:
    """SHA-256 of every file in ``models/`` but cards and their figures, by its name.

    What lies in folders there is for fitting: no run reads it.
    """
    return {
        path.relative_to(MODELS).as_posix(): file_sha256(path)
        for path in sorted(MODELS.iterdir())
        if path.is_file() and path.suffix not in NO_MODELS
    }


@cache
def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@cache
def stage_digest(*modules: str, models: bool = False, packages: bool = False) -> str:
    """Digest of the code and lexicon behind ``modules``; of ``models`` and packages, if asked.

    What depends on models depends on packages too.

    ``modules`` are dotted names (``pipeline.annotate``); a package stands for all its modules.
    """
    digest = sha256()
    for path in sorted(_files_behind(modules)):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()} {file_sha256(path)}\n".encode())
    named = dict(model_checksums()) if models else {}
    if models or packages:
        named |= package_versions()
    for name, value in named.items():
        digest.update(f"{name} {value}\n".encode())
    return digest.hexdigest()


def _files_behind(modules: tuple[str, ...]) -> set[Path]:
    """Source files reached from ``modules`` by imports, and the lexicon files those name."""
    files: set[Path] = set()
    lexicon: set[Path] = set()
    todo = [path for name in modules for path in _sources(name)]
    while todo:
        path = todo.pop()
        if path not in files:
            files.add(path)
            needs = _all_needs()[path.relative_to(PACKAGE).as_posix()]
            todo += [found for name in needs.imported for found in _sources(name)]
            lexicon |= {found for name in needs.tables for found in _lexicon_files(name)}
    return files | lexicon


@cache
def _sources(name: str) -> tuple[Path, ...]:
    """Files of a module of this project; of a package, all its modules."""
    first, *rest = name.split(".")
    if first != PACKAGE.name:
        return ()
    path = PACKAGE.joinpath(*rest)
    if rest and path.is_dir():
        return tuple(sorted(path.glob("*.py")))
    return (path.with_suffix(".py"),) if path.with_suffix(".py").is_file() else ()


class _Needs(msgspec.Struct, frozen=True, array_like=True):
    """Dotted names of what a module imports, and of the lexicon's tables that it loads."""

    imported: list[str]
    tables: list[str]


@cache
def _all_needs() -> dict[str, _Needs]:
    """What each module of this project needs, by its path; read off the code once and kept."""
    paths = sorted(PACKAGE.rglob("*.py"))
    known = [f"{path.relative_to(PACKAGE).as_posix()} {file_sha256(path)}" for path in paths]

    def read() -> bytes:
        needs = {path.relative_to(PACKAGE).as_posix(): _needs(path) for path in paths}
        return msgspec.json.encode(needs)

    return msgspec.json.decode(compiled("imports", "\n".join(known), read), type=dict[str, _Needs])


def _needs(path: Path) -> _Needs:
    """What a module needs.

    ``from a import b`` may mean the module ``a.b``. A module that computes the name of a lexicon
    file may load any.
    """
    imported: set[str] = set()
    tables: set[str] = set()
    source = path.read_bytes()
    tree = ast.parse(source)
    # Only calls hide inside expressions, which are most of a tree.
    loads = any(loader.encode() in source for loader in LOADERS)
    for node in ast.walk(tree) if loads else _statements(tree):
        if isinstance(node, ast.Call):
            if node.args and _called(node) in LOADERS:
                tables.add(_table(node.args[0]))
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                imported.add(node.module)
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    return _Needs(sorted(imported), sorted(tables))


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement below ``tree``."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            if isinstance(inner := getattr(node, block, None), list):
                todo += inner


def _table(name: ast.expr) -> str:
    return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ANY


@cache
def _lexicon_files(name: str) -> frozenset[Path]:
    if name != ANY:
        return frozenset(LEXICON.glob(f"{name}.*"))
    return frozenset(path for path in LEXICON.rglob("*") if path.suffix in (".toml", ".csv"))


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
