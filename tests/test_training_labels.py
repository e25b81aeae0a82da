from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.ner import Line, NamedSpan
from pipeline.training.labels import cut, labelled_passages, labelled_web, to_biluo
from pipeline.training.passages import parse_passage


def find(lines: list[Line]) -> Iterator[list[NamedSpan]]:
    """A finder that takes each capitalised word for a product and each number for a quantity."""
    for line in lines:
        yield [
            NamedSpan(n, n + 1, "PRODUCT" if word[0].isupper() else "CARDINAL")
            for n, word in enumerate(line.words)
            if word[0].isupper() or word.isdigit()
        ]


def labels_of(marked: str) -> list[list[tuple[str, str]]]:
    return [
        list(zip(tagged.forms, tagged.labels, strict=True))
        for tagged in labelled_passages(find, [parse_passage(marked)])
    ]


def test_marked_spans_come_first_and_the_finder_adds_other_types() -> None:
    assert labels_of("[Oulun kaupunki](ORG) palkkasi 3 Unikuu-valmentajaa") == [
        [
            ("Oulun", "B-ORG"), ("kaupunki", "I-ORG"), ("palkkasi", "O"), ("3", "B-CARDINAL"),
            ("Unikuu", "B-PRODUCT"), ("-", "O"), ("valmentajaa", "O"),
        ]
    ]  # fmt: skip


def test_projects_are_left_open_and_roles_are_no_names() -> None:
    assert labels_of("[Unikuu 2](PROJECT) -hanke\n[Vetäjä](ROLE): [Aino Tuurela](PERSON)") == [
        [("Unikuu", "-"), ("2", "-"), ("-", "O"), ("hanke", "O")],
        [("Vetäjä", "O"), (":", "O"), ("Aino", "B-PERSON"), ("Tuurela", "I-PERSON")],
    ]


def test_a_web_text_is_labelled_whole(tmp_path: Path) -> None:
    (tmp_path / "web.tsv").write_text("News\tUnikuu alkoi . Se kesti\nNews\tEi\n", "utf-8")
    seen: list[int] = []

    def counting(lines: list[Line]) -> Iterator[list[NamedSpan]]:
        seen.append(len(lines))
        return find(lines)

    made = list(labelled_web(counting, [tmp_path / "web.tsv"]))
    assert seen == [2, 1]
    assert [tagged.forms for tagged in made] == [("Unikuu", "alkoi", "."), ("Se", "kesti"), ("Ei",)]
    assert made[0].labels == ("B-PRODUCT", "O", "O")


def test_open_labels_stay_open() -> None:
    assert to_biluo(["B-ORG", "I-ORG", "-", "-", "B-GPE", "O"]) == [
        "B-ORG", "L-ORG", "-", "-", "U-GPE", "O",
    ]  # fmt: skip


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1)))
def test_cutting_loses_no_letter(words: list[str]) -> None:
    assert "".join(cut(words)) == "".join(words)
