"""Inflected proper nouns of real text: the gold lemmas of the Turku Dependency Treebank."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.names import nominative

TREEBANK = Path(__file__).parents[2] / "shared" / "data" / "ud" / "fi_tdt-ud-dev.conllu"


def proper_nouns(path: Path) -> dict[str, str]:
    """Inflected singular proper nouns (without clitics and possessives) and their lemmas."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) != 10 or columns[3] != "PROPN":
            continue
        tags = dict(item.split("=") for item in columns[5].split("|") if "=" in item)
        plain = not {"Clitic", "Person[psor]"} & tags.keys() and tags.get("Number") == "Sing"
        if plain and tags.get("Case", "Nom") != "Nom":
            found[columns[1]] = columns[2].replace("#", "")
    return found


@pytest.mark.skipif(not TREEBANK.exists(), reason="the treebank isn't beside this checkout")
def test_proper_nouns_of_real_text() -> None:
    gold = proper_nouns(TREEBANK)
    # What a name names isn't tagged and many are foreign: as organisations all lists count.
    right = sum(
        nominative(form, "organisation").lower() == lemma.lower() for form, lemma in gold.items()
    )
    assert len(gold) > 300
    assert right / len(gold) >= 0.90, f"{right} of {len(gold)}"
