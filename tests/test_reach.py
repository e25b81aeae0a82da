"""What an edit of the lexicon reaches: announcements that hold its words, or all of them."""

from __future__ import annotations

import pickle
import random
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.editions
from pipeline.annotate import Annotator
from pipeline.annotations import encode_doc, lemmas_of
from pipeline.needs import runs_of_letters
from pipeline.options import Options
from pipeline.prepare import prepared
from pipeline.reach import KEY, Reach, entries, reach
from pipeline.records import Post
from pipeline.run import run
from pipeline.synthetic import compose
from pipeline.versions import lexicon_files


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        ("hallinnoi", {"hallinnoi"}),
        (r"kokonaisbudjet\w*", {"kokonaisbudjet"}),
        (r"hank(?:e|kee)\w*\s+jatkuu\b", {"jatkuu"}),  # the longest of what all matches hold
        (r"päätö(?:s|k)", {"päätös", "päätök"}),
        (r"(?:alka|alko)\w*|käynnist", {"alka", "alko", "käynnist"}),  # one of these
        (r"(?:uuden )?hankkeen", {"hankkeen"}),  # what may be left out is not needed
        (r"[Oo]len", {"olen"}),
        (r"(?:suuri){2}", {"suuri"}),
        ("Kainuun liitto", {"kainuun"}),
        ("esr+", {"esr"}),
        ("?UM", {"um"}),  # no regular expression
        (r"\d+\s?€", set()),
        (r"x?", set()),
        (r"alku|", set()),
    ],
)
def test_letters_that_a_match_needs(pattern: str, runs: set[str]) -> None:
    assert runs_of_letters(pattern) == runs


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(st.text("aäb |?*()[]\\wé-", max_size=12), st.text("aäbé -", max_size=30))
def test_no_match_without_the_letters(pattern: str, text: str) -> None:
    try:
        found = re.search(pattern, text, re.IGNORECASE)
    except re.error:
        return
    if found and (runs := runs_of_letters(pattern)):
        assert any(run in text.lower() for run in runs)


LEXICON = lexicon_files()
TITLES, BUDGETS, CUES = "titles.csv", "budget_words.toml", "parts.toml"


def edit(name: str, old: str, new: str) -> Reach | None:
    """What replacing ``old`` by ``new`` in one file of the lexicon reaches."""
    text = LEXICON[name].decode()
    assert text.count(old) >= 1
    return reach(LEXICON, {**LEXICON, name: text.replace(old, new, 1).encode()})


TITLE_LINE = next(
    line for line in LEXICON[TITLES].decode().splitlines() if line.startswith("koordinaattori,")
)


@pytest.mark.parametrize(
    ("name", "old", "new", "reached", "spared"),
    [
        (TITLES, TITLE_LINE, f"taikuri,,,,other,,\n{TITLE_LINE}", "taikurin", "hankkeen johtaja"),
        (TITLES, TITLE_LINE, "", "Koordinaattorina aloitti", "päällikkönä aloitti"),
        (BUDGETS, '"omarahoitu\\\\w*"', '"omarahoitu\\\\w*", "omapanos"', "omapanosta", "omaa"),
        (CUES, '"hallinnoi", "hall', '"hallinnoi", "pyörittää", "hall', "hallinnoi", "johtaa"),
    ],
)
def test_an_edit_reaches_announcements_with_its_words(
    name: str, old: str, new: str, reached: str, spared: str
) -> None:
    edited = edit(name, old, new)
    assert edited is not None
    assert edited.touches(reached)
    assert not edited.touches(spared)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (TITLES, TITLE_LINE, f"# a comment\n{TITLE_LINE}"),
        (BUDGETS, "[several]", "# a comment\n\n[several]"),
    ],
)
def test_comments_reach_nothing(name: str, old: str, new: str) -> None:
    assert edit(name, old, new) == Reach(frozenset())


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (BUDGETS, "euros = 900", "euros = 1000"),  # no word at all
        (
            "roles.toml",
            'default_role = "työntekijä"',
            'default_role = "tekijä"',
        ),  # no cue
        ("places.csv", "Akaa,Akaan", "Akaa,Akaan-"),  # a statistic of all names depends on each
        (TITLES, "head,weak", "head,strong"),
        ("reach.toml", '"links",', ""),
    ],
)
def test_other_edits_reach_everything(name: str, old: str, new: str) -> None:
    assert edit(name, old, new) is None


def test_another_order_reaches_everything() -> None:
    lines = LEXICON[TITLES].decode().splitlines()
    swapped = [*lines[:-2], lines[-1], lines[-2]]
    assert reach(LEXICON, {**LEXICON, TITLES: "\n".join(swapped).encode()}) is None


def test_lemmas_are_kept_beside_a_document(annotator: Annotator) -> None:
    payload = encode_doc(annotator.annotate("Hanketta hallinnoivat kunnat."))
    assert "kunta" in (lemmas_of(payload) or "").split()
    assert lemmas_of(payload[:-9]) is None


# Announcements of many kinds, and what entries of the lexicon left out changed in their records.
FOLDERS = ("tests/unseen", "corpus")
CHILD = """
import pickle, sys, tomllib, msgspec
from pipeline import lexicon
from pipeline.annotations import decode_doc
edited, known = pickle.load(sys.stdin.buffer)
table, settings = lexicon.table, lexicon.settings
tables = {name[:-4]: lexicon.rows_of(text) for name, text in edited.items() if name[-3:] == "csv"}
words = {name[:-5]: tomllib.loads(text) for name, text in edited.items() if name[-4:] == "toml"}
lexicon.table = lambda name: tables[name] if name in tables else table(name)
lexicon.settings = lambda name: words[name] if name in words else settings(name)
from pipeline.single import facts
pack = msgspec.msgpack.Encoder(order="deterministic").encode
made = [pack(facts(said, decode_doc(doc, said.text))) for said, doc in known]
sys.stdout.buffer.write(pickle.dumps(made))
"""


@pytest.fixture(scope="module")
def known(annotator: Annotator) -> list[tuple[Any, bytes]]:
    """Announcements with their annotations: real-looking ones and synthetic ones."""
    paths = sorted(path for folder in FOLDERS for path in Path(folder).rglob("*.txt"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    texts = texts[::3] + [compose(6, number) for number in range(15)]
    posts = [Post(source=f"{n}.txt", raw_sha256="", text=text) for n, text in enumerate(texts)]
    said = [one for one in map(prepared, posts) if one.status == "ok"]
    return [(one, encode_doc(annotator.annotate(one.text))) for one in said]


def records(edited: dict[str, str], known: list[tuple[Any, bytes]]) -> list[bytes]:
    """The records of ``known`` where these files of the lexicon are others."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps((edited, known)),
        capture_output=True,
        check=True,
    )
    made: list[bytes] = pickle.loads(child.stdout)
    return made


def without(name: str, text: str, chance: random.Random) -> str:
    """A file of the lexicon without one of its rows, or of its longer words."""
    if name.endswith(".csv"):
        rows = [row for row in text.splitlines(keepends=True) if row[:1].isalpha()]
        return text.replace(chance.choice(rows[1:]), "")
    words = [word for word in re.findall(r'"[a-zåäö]{7,}", ', text) if text.count(word) == 1]
    return text.replace(chance.choice(words), "")


@pytest.mark.parametrize("seed", [3, 8])
def test_entries_matter_only_where_their_words_stand(
    known: list[tuple[Any, bytes]], seed: int
) -> None:
    chance = random.Random(seed)
    sections = tomllib.loads(LEXICON["reach.toml"].decode())
    stems = {section.partition(".")[0] for names in sections.values() for section in names}
    edited: dict[str, str] = {}
    fragments: set[str] = set()
    for name in chance.sample(sorted(n for n in LEXICON if n.rpartition(".")[0] in stems), 9):
        changed = without(name, LEXICON[name].decode(), chance)
        reached = reach(LEXICON, {**LEXICON, name: changed.encode()})
        if reached is not None:
            edited[name] = changed
            fragments |= reached.fragments
    assert len(edited) > 4
    spared = [
        number
        for number, (said, doc) in enumerate(known)
        if not Reach(frozenset(fragments)).touches(f"{said.text}\n{lemmas_of(doc)}")
    ]
    assert spared
    before, after = records({}, known), records(edited, known)
    for number in spared:
        assert after[number] == before[number], (fragments, known[number][0].text)


def test_every_section_is_there() -> None:
    """A section of ``reach.toml`` that no file has any more is a mistake."""
    there = {
        way
        for name, raw in LEXICON.items()
        for path, found in entries(name, raw)
        for way in [path, *(f"{path}.{leaf[1:]}" for one in found for leaf in one if is_key(leaf))]
    }
    for sections in tomllib.loads(LEXICON["reach.toml"].decode()).values():
        for section in sections:
            assert any(f"{way}.".startswith(f"{section}.") for way in there), section


def is_key(leaf: Any) -> bool:
    return isinstance(leaf, str) and leaf.startswith(KEY)


# Runs before and after an edit.


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(compose(5, number), encoding="utf-8")
    return folder


def run_on(folder: Path, output: Path) -> int:
    """How many announcements' facts were read."""
    return run(Options(input=folder, output=output, workers=1)).extracted


def as_edited(monkeypatch: pytest.MonkeyPatch, lexicon: dict[str, bytes]) -> None:
    """As if the lexicon's files were these."""
    mark = str(sorted(lexicon.items()))
    digest = pipeline.editions.stage_digest

    def other(*modules: str, lexicon: bool = True, **which: bool) -> str:
        return digest(*modules, lexicon=lexicon, **which) + mark * lexicon

    monkeypatch.setattr(pipeline.editions, "stage_digest", other)
    monkeypatch.setattr(pipeline.editions, "lexicon_files", lambda: lexicon)


def test_only_what_an_edit_reaches_is_read_anew(
    tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    assert run_on(posts, output) == 6
    before = (output / "run.json").read_bytes()
    (posts / "rare.txt").write_text(
        "Taikuri Aatos Esimerkki työskentelee Lumo-hankkeessa Kajaanissa.", encoding="utf-8"
    )
    assert run_on(posts, output) == 1
    text = LEXICON[TITLES].decode()
    with monkeypatch.context() as patch:
        as_edited(patch, {**LEXICON, TITLES: f"{text}\ntaikuri,,,,other,,\n".encode()})
        assert run_on(posts, output) == 1
        assert run_on(posts, output) == 0
        (posts / "rare.txt").unlink()
        (posts / "rarer.txt").write_text(compose(5, 6), encoding="utf-8")
        assert run_on(posts, output) == 1
        (posts / "rarer.txt").unlink()
        assert run_on(posts, output) == 0
    assert run_on(posts, output) == 0  # the edit is taken back
    with monkeypatch.context() as patch:
        as_edited(patch, {**LEXICON, TITLES: f"{text}\n# a comment\n".encode()})
        assert run_on(posts, output) == 0
    assert (output / "run.json").read_bytes() != before  # other announcements came and went


def test_an_edit_that_may_matter_everywhere_reads_all_anew(
    tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_on(posts, tmp_path / "out") == 6
    places = LEXICON["places.csv"].replace(b"Akaa,Akaan", b"Akaa,Akaan-")
    as_edited(monkeypatch, {**LEXICON, "places.csv": places})
    assert run_on(posts, tmp_path / "out") == 6
