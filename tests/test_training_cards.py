"""The cards of ``models/``: filled from what was measured, whole, and true of the files beside."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from pipeline.annotate.annotator import MODELS, file_sums
from pipeline.annotate.lemmas import LemmaModel
from pipeline.annotate.tagger import Reading
from pipeline.scoring.gold import GoldEntity
from pipeline.scoring.outcome import TABLES
from pipeline.training import lemma_rules, names, udpipe
from pipeline.training.ablation import VARIANTS
from pipeline.training.cards.filling import (
    FILES,
    STEPS,
    WITHOUT_CORPORA,
    cards,
    fill,
    template,
    write_cards,
)
from pipeline.training.cards.lemma_figures import unlisted
from pipeline.training.cards.markdown import share, shares, speed, table, whole
from pipeline.training.cards.measured import (
    Agreement,
    Announced,
    Asked,
    CorpusRead,
    HeldOutLemmas,
    Measured,
    Names,
    Opinions,
    PassagesRead,
    Spans,
    Surroundings,
    read_measured,
    timed_again,
    write_measured,
)
from pipeline.training.cards.measuring import (
    MODEL_NAMES,
    measure_all,
    model_files,
    standard_folders,
)
from pipeline.training.cards.name_figures import Counted, compared, names_in, sentences_of
from pipeline.training.cards.reading import count_passages, listed, read_corpora
from pipeline.training.cards.tables import used
from pipeline.training.evaluate import Figures
from pipeline.training.timing import read_seconds, timed

ROOT = MODELS.parent


def announced(f1: float) -> Announced:
    tables = dict.fromkeys(TABLES, f1)
    agreement = Agreement({"people": f1, "bodies": f1, "places": f1}, f1)
    return Announced(
        count=7,
        f1=dict.fromkeys(VARIANTS, tables),
        macro=dict.fromkeys(VARIANTS, f1),
        names={"project": agreement, "base": agreement},
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for number, name in enumerate(MODEL_NAMES):
        (tmp_path / name).write_bytes(b"weights" * (number + 1))
    return tmp_path


@pytest.fixture
def measured(models: Path) -> Measured:
    """Made-up figures of made-up models; every figure is another one."""
    systems = {
        "project": Figures(lemma=0.911, upos=0.912, feats=0.913, ner_f1=0.914,
                           ner_f1_by_type={"PERSON": 0.915, "ODD": 0.916},
                           tag_words_per_second=12345, ner_words_per_second=23456),
        "spacy-fi": Figures(lemma=0.811, ner_f1=0.814, ner_f1_by_type={"PERSON": 0.815},
                            tag_words_per_second=2345, ner_words_per_second=3456),
        "simplemma": Figures(lemma=0.711),
    }  # fmt: skip
    return Measured(
        models=model_files(models),
        surroundings=Surroundings({"numpy": "9.8.7"}, "3.99.1", "Beos m68k", "noblas 1.2"),
        read={corpus.file: CorpusRead("f" * 64, 1234, 56789) for corpus in listed().corpus},
        passages=PassagesRead(77, 888, {"PROJECT": 66}),
        dictionary_lemmas=54321,
        systems=systems,
        lemmas=[HeldOutLemmas("silver", "TDT dev", 0.611, 0.612)],
        opinions=[Opinions("TDT dev, first half", 4321, 0.511, 0.512, 0.513)],
        asked=Asked(0.0421, 0.234),
        names=Names(0.411, 0.412),
        spans=Spans({"PROJECT": (0.311, 0.312, 0.313)}, 6.54),
        announced={"`corpus`": announced(0.211), "further announcements": announced(0.212)},
        seconds={"silver": 90.0},
    )


def test_every_figure_stands_on_a_card(measured: Measured) -> None:
    filled = cards(measured)
    expected = {
        "lemmas": ["| silver | TDT dev | 0.612 | 0.611 |", "UPOS 0.912, features 0.913", "54 321",
                   "12 300 words", "2 300 in", "| (simplemma) | TDT dev | – | 0.711 |",
                   "1.5 minutes of one core; needs libvoikko", "CC BY-SA 4.0", "numpy 9.8.7"],
        "udpipe": ["| TDT dev, first half | 4 321 | 0.511 | 0.512 | 0.513 |", "4.2%", "0.23 ms"],
        "ner": ["| all 2 types | 0.814 | 0.914", "0.411", "0.412", "0.815 / – / – / –",
                "0.915 / – / – / –", "| ODD | – | 0.916 |", "| 3 500 | 23 500 |",
                "further announcements (7) | all together | 0.212 | 0.212",
                "77 passages, 888 words, 66 spans"],
        "context": ["| PROJECT | 0.311 | 0.312 | 0.313 |", "6.5 milliseconds",
                    "| macro | 0.211 / 0.211 / 0.211 | 0.212 / 0.212 / 0.212 |"],
        "data": ["1 234", "56 789", "f" * 64, "https://github.com/TurkuNLP/turku-one"],
    }  # fmt: skip
    for card, parts in expected.items():
        for part in parts:
            assert part in filled[card], f"{part} is not on {card}"
    assert not any("$" in text for text in filled.values())


def test_without_libvoikko_the_teacher_has_no_lemmas(measured: Measured) -> None:
    assert "teacher with" not in cards(measured)["lemmas"]
    systems = {**measured.systems, "voikko": Figures(lemma=0.9)}
    whole_teacher = cards(msgspec.structs.replace(measured, systems=systems))
    assert "| (the teacher with libvoikko) | TDT dev | – | 0.811 |" in whole_teacher["lemmas"]


def test_cards_are_written_of_the_measured_files_only(measured: Measured, models: Path) -> None:
    written = write_cards(measured, models)
    assert {path.stem for path in written} == {*FILES, *WITHOUT_CORPORA, "data"}
    assert "# transformer.npz" in (models / "context.md").read_text("utf-8")
    (models / "spans.npz").write_bytes(b"other weights")
    with pytest.raises(ValueError, match=r"another spans\.npz: measure anew"):
        write_cards(measured, models)


def test_figures_are_kept(measured: Measured, tmp_path: Path) -> None:
    write_measured(measured, tmp_path)
    assert read_measured(tmp_path) == measured
    assert timed_again(measured, tmp_path) == measured
    with timed("spans", tmp_path):
        pass
    assert timed_again(measured, tmp_path).seconds.keys() == {"silver", "spans"}
    with pytest.raises(FileNotFoundError, match="measure first"):
        read_measured(tmp_path / "nowhere")


def test_no_place_and_no_value_is_left_over() -> None:
    assert fill("$a of $b", {"a": "1", "b": "2"}) == "1 of 2"
    with pytest.raises(KeyError, match="b"):
        fill("$a of $b", {"a": "1"})
    with pytest.raises(ValueError, match="no place for c"):
        fill("$a", {"a": "1", "c": "3"})


def test_the_shipped_cards_are_those_that_the_shipped_figures_give() -> None:
    for card, text in cards(read_measured(MODELS)).items():
        path = MODELS / f"{card}.md"
        assert path.read_text("utf-8") == text, f"{path.name}: write it anew, do not edit it"


def test_every_model_has_a_card_with_its_checksum_size_and_licence() -> None:
    sums = file_sums(MODELS)
    of_corpora = {card: (name,) for card, name in FILES.items()}
    files = of_corpora | WITHOUT_CORPORA
    assert {name for names in files.values() for name in names} == set(sums) == set(MODEL_NAMES)
    for card, models_of in files.items():
        text = (MODELS / f"{card}.md").read_text("utf-8")
        for name in models_of:
            assert f"`{sums[name]}`" in text
            assert f"`{name}`, {whole((MODELS / name).stat().st_size)} bytes" in text
            assert name in (MODELS / "README.md").read_text("utf-8")
        wanted = "CC BY-SA 4.0" if card in of_corpora else "MIT"
        assert f"**Licence: {wanted}" in text


def test_the_corpora_listed_are_those_that_training_reads() -> None:
    read = {
        "lemmas": {f"ud/{name}" for name in lemma_rules.GOLD}
        | {"ner/turku-one-train.tsv", *(f"raw/{name}" for name in names.WEB)},
        "udpipe": {f"ud/{name}" for name in udpipe.GOLD} | {"ner/turku-one-train.tsv"},
        "ner": {"ner/turku-one-train.tsv", "ner/turku-one-dev.tsv"}
        | {f"raw/{name}" for name in names.WEB},
    }
    for card, wanted in read.items():
        assert {corpus.file for corpus, _ in used(card)} == wanted
    assert {corpus.file for corpus in listed().corpus} == set.union(*read.values())
    readme = (MODELS / "README.md").read_text("utf-8")
    for corpus in listed().corpus:
        assert corpus.file in readme
        assert corpus.home in readme


def test_make_models_writes_the_cards_last() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\nmodels:")[2].partition("\n\n")[0].splitlines()
    assert "pipeline.training cards --data" in recipe[-1]
    assert "pipeline.training checksums" in recipe[-2]
    steps = makefile.partition("\nTRAINING := ")[2].partition("\n")[0].split()
    assert {step for card in STEPS.values() for step in card} == set(steps)


@pytest.mark.parametrize("card", [*FILES, *WITHOUT_CORPORA, "data"])
def test_templates_hold_no_figure_of_a_run(card: str) -> None:
    """What was measured once stands under a heading that says so."""
    for paragraph in template(card).split("\n\n"):
        if "(history" not in paragraph:
            assert "0." not in paragraph.replace("CC BY-SA 4.0", "").replace("4.0", ""), paragraph


def test_missing_corpora_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"fi_ood-ud-test\.conllu.*models/README\.md"):
        read_corpora(tmp_path)
    folders = standard_folders(tmp_path, tmp_path, None)
    with pytest.raises(FileNotFoundError, match=r"silver\.tsv\.gz.*training silver"):
        measure_all(folders._replace(models=MODELS), print)


def test_passages_are_counted(tmp_path: Path) -> None:
    text = "[Aino Lehto](PERSON) vetää.\n\n[Silta](PROJECT)-hanke alkoi [Oulussa](GPE)."
    (tmp_path / "a.marked").write_text(text, "utf-8")
    found = count_passages(tmp_path)
    assert (found.passages, found.spans) == (2, {"GPE": 1, "PERSON": 1, "PROJECT": 1})
    assert found.words == 8


def test_names_of_a_text_are_compared_with_gold() -> None:
    def find(sentences: object) -> list[list[tuple[int, int, str]]]:
        assert sentences == [["Aino", "Lehto", "lähti", "Ouluun", "."], ["Posio"]]
        return [[(0, 2, "PERSON"), (3, 4, "GPE")], [(0, 1, "LOC")]]

    found = names_in("Aino Lehto lähti Ouluun.\nPosio", find)
    assert found == {"people": {"aino lehto"}, "bodies": set(), "places": {"oulu", "posio"}}
    assert list(sentences_of("Hanke alkoi. Se jatkuu.")) == [
        ["Hanke", "alkoi", "."],
        ["Se", "jatkuu", "."],
    ]


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        ({"oulu"}, Counted(1, 0, 1)),
        ({"oulu", "oulun kaupunki"}, Counted(1, 0, 1)),
        ({"tuira", "salo"}, Counted(0, 1, 2)),
        (set(), Counted(0, 0, 2)),
    ],
)
def test_optional_names_cost_nothing(found: set[str], counted: Counted) -> None:
    gold = [
        GoldEntity(names=("Oulun kaupunki", "Oulu")),
        GoldEntity(names=("Posio",)),
        GoldEntity(names=("Tuira",), optional=True),
    ]
    assert compared(found, gold) == counted


def test_agreement_is_summed_before_it_is_divided() -> None:
    assert Counted(1, 0, 1).plus(Counted(1, 1, 0)) == Counted(2, 1, 1)
    assert Counted(2, 1, 1).f1 == pytest.approx(2 / 3)
    assert Counted(0, 0, 0).f1 == 0


@pytest.mark.parametrize(
    ("form", "upos", "expected"),
    [
        ("Kunnan", "NOUN", False),
        ("Kunnan", "PROPN", True),
        ("rakkeen", "NOUN", True),
        ("silta-rakkeen", "NOUN", False),
        (".", "PUNCT", False),
    ],
)
def test_words_that_the_lexicon_does_not_hold(form: str, upos: str, expected: bool) -> None:
    rules = LemmaModel({"kunnan|NOUN": "kunta"}, {}, frozenset())
    assert unlisted(rules, form, Reading(upos, "Case=Gen|Number=Sing")) is expected


def test_numbers_and_tables() -> None:
    assert (whole(1234567), speed(14523), share(0.84261)) == ("1 234 567", "14 500", "0.843")
    assert (speed(None), share(None), shares([0.5, None])) == ("–", "–", "0.500 / –")
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_steps_are_timed(tmp_path: Path) -> None:
    assert read_seconds(tmp_path) == {}
    with timed("short", tmp_path / "work"):
        pass
    with timed("long", tmp_path / "work"):
        start = time.process_time()
        while time.process_time() - start < 0.15:
            pass
    seconds = read_seconds(tmp_path / "work")
    assert set(seconds) == {"short", "long"}
    assert seconds["long"] >= 0.1 > seconds["short"]
    with pytest.raises(RuntimeError), timed("broken", tmp_path / "work"):
        raise RuntimeError
    assert "broken" not in read_seconds(tmp_path / "work")
