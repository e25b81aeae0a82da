from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.annotator import MODELS, file_sums
from pipeline.annotate.lemmas import Change, LemmaModel, lemma, load_lemmas, rule_of
from pipeline.training.announcements import announcements
from pipeline.training.corpora import Tagged, Word, read_conllu, read_iob2, read_web
from pipeline.training.evaluate import Figures, evaluate, measure, treebank_lemma
from pipeline.training.lemma_rules import build, change_of, gather, write_lemmas
from pipeline.training.names import Sources, average, sentences_for, warmup
from pipeline.training.scores import Tally, spans_of

CONLLU = """# text = Kunnan hanke alkoi.
1\tKunnan\tkunta\tNOUN\tN\tCase=Gen|Number=Sing\t2\tnmod:poss\t_\t_
2\thanke\thanke\tNOUN\tN\tCase=Nom|Number=Sing\t3\tnsubj\t_\t_
3\talkoi\talkaa\tVERB\tV\tMood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin|Voice=Act\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\tPunct\t_\t3\tpunct\t_\t_

1-2\tettei\t_\t_\t_\t_\t_\t_\t_\t_
1\tettä\tettä\tSCONJ\tC\t_\t0\troot\t_\t_
"""
NER = "Aino\tB-PERSON\nVirtanen\tI-PERSON\nasuu\tO\nOulussa\tB-GPE\n.\tO\n\nHän\tO\n"


def noun(form: str, base: str, case: str) -> Word:
    return Word(form, "NOUN", f"Case={case}|Number=Sing", base)


LEARNT = [
    noun("hankkeen", "hanke", "Gen"), noun("rakkeen", "rake", "Gen"),
    noun("lakkeen", "lake", "Gen"),
    noun("talossa", "talo", "Ine"), noun("salossa", "salo", "Ine"), noun("kunnan", "kunta", "Gen"),
]  # fmt: skip


def test_corpora_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.conllu").write_text(CONLLU, "utf-8")
    (tmp_path / "a.tsv").write_text(NER, "utf-8")
    (tmp_path / "web.tsv").write_text("Opinion\tHanke alkoi . Se jatkuu\n", "utf-8")
    first, second = read_conllu(tmp_path / "a.conllu")
    assert [w.lemma for w in first] == ["kunta", "hanke", "alkaa", "."]
    assert [w.space_after for w in first] == [True, True, False, True]
    assert [w.form for w in second] == ["että"]
    assert [len(s.forms) for s in read_iob2(tmp_path / "a.tsv")] == [5, 1]
    assert list(read_web(tmp_path / "web.tsv")) == [["Hanke", "alkoi", "."], ["Se", "jatkuu"]]


@pytest.mark.parametrize(
    ("reader", "text"), [(read_conllu, "1\tKunnan\n"), (read_iob2, "Kunnan\n")]
)
def test_a_malformed_corpus_names_its_file(reader, text: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "bad.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"bad\.txt"):
        list(reader(path))


@given(st.text("akneit", min_size=1), st.text("akneit", min_size=1))
def test_a_change_turns_the_form_into_its_lemma(form: str, base: str) -> None:
    cut, add = change_of(form, base)
    assert form[: len(form) - cut] + add == base


def test_lemmas_are_looked_up_or_rewritten() -> None:
    model = build(gather([(word, 1) for word in LEARNT], []))
    assert lemma(model, "Kunnan", "NOUN", "Case=Gen|Number=Sing") == "kunta"
    assert lemma(model, "pakkeen", "NOUN", "Case=Gen|Number=Sing") == "pake"
    assert lemma(model, "Kivi-pakkeen", "NOUN", "Case=Gen|Number=Sing") == "Kivi-pake"
    assert lemma(model, "EU:n", "PROPN", "Case=Gen|Number=Sing") == "EU"
    assert lemma(model, "-hankkeen", "NOUN", "Case=Gen|Number=Sing") == "hanke"
    assert lemma(model, "sosiaali-", "NOUN", "Case=Nom|Number=Sing") == "sosiaali"
    assert lemma(model, "2019", "NUM", "") == "2019"


def test_gold_outweighs_silver_and_unknown_words_teach_nothing() -> None:
    silver = [(noun("alusta", "alusta", "Ela"), 50), (noun("talosta", "talo", "Ela"), 1)]
    readings = gather(silver, [noun("alusta", "alku", "Ela")])
    assert readings["alusta", "NOUN", "Case=Ela|Number=Sing"] == Counter({"alku": 200})


def test_a_known_word_wins_over_a_commoner_ending() -> None:
    rules = {"NOUN|illa": rule_of([Change(4, "i", 6), Change(4, "a", 4)])}
    bare = LemmaModel({}, rules, frozenset())
    knowing = LemmaModel({}, rules, frozenset({"koira"}))
    assert lemma(bare, "koirilla", "NOUN", "") == "koiri"
    assert lemma(knowing, "koirilla", "NOUN", "") == "koira"
    assert lemma(knowing, "vinttikoirilla", "NOUN", "") == "vinttikoira"


def test_the_lemma_model_is_written_and_read_the_same(tmp_path: Path) -> None:
    model = build(gather([(word, 1) for word in LEARNT], []), {"koira", "Oulu"})
    for name in ("one", "two"):
        write_lemmas(model, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert vars(load_lemmas(tmp_path / "one")) == vars(model)


def test_spans_and_scores() -> None:
    gold = spans_of(["B-ORG", "I-ORG", "O", "B-GPE", "B-GPE", "I-LOC"])
    assert gold == {(0, 2, "ORG"), (3, 4, "GPE"), (4, 5, "GPE"), (5, 6, "LOC")}
    tally = Tally()
    tally.add({(0, 2, "ORG"), (3, 4, "LOC")}, gold)
    assert tally.scores() == (0.5, 0.25, 1 / 3)
    assert tally.scores(["ORG"]) == (1.0, 1.0, 1.0)
    assert tally.scores(["DATE"]) == (0.0, 0.0, 0.0)


def test_written_announcements_are_labelled_and_repeatable() -> None:
    made = list(announcements(300, 7))
    assert made == list(announcements(300, 7))
    assert made != list(announcements(300, 8))
    assert all(len(s.forms) == len(s.labels) and all(s.forms) for s in made)
    for sentence in made:
        before = "O"
        for label in sentence.labels:
            assert not label.startswith("I-") or before[2:] == label[2:]
            before = label
    kinds = {label[2:] for s in made for label in s.labels if label != "O"}
    assert kinds >= {"PERSON", "ORG", "GPE", "LOC", "DATE", "MONEY", "PERCENT"}
    assert not any("{" in form for s in made for form in s.forms)


def test_rounds_draw_by_their_seed() -> None:
    from pipeline.training.names import RECIPES

    gold, web, marked = (
        [Tagged((kind, str(n)), ("O", "O")) for n in range(10)]
        for kind in ("gold", "web", "marked")
    )
    sources = Sources(gold, web, marked[:1])
    recipe = RECIPES[-1]._replace(gold=0.5, web=0.2, written=3, marked=4)
    drawn = sentences_for(sources, recipe)
    assert Counter(sentence.forms[0] for sentence in drawn[:7]) == {"gold": 5, "web": 2}
    assert drawn[-4:] == marked[:1] * 4
    assert len(drawn) == 14
    assert drawn == sentences_for(sources, recipe)


def test_rate_rises_then_falls_to_nothing() -> None:
    rates = list(warmup(0.1, 100))
    assert len(rates) == 100
    assert max(rates) == pytest.approx(0.1)
    assert rates[0] < rates[4] > rates[50] > rates[-1] > 0


def test_weights_are_averaged() -> None:
    before, after = {"0.W": np.array([0.0, 1.0])}, {"0.W": np.array([1.0, 1.0])}
    assert average([before, after], [0.75, 0.25])["0.W"].tolist() == [0.25, 1.0]
    copy = average([before])
    copy["0.W"][0] = 5
    assert before["0.W"].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("found", "upos", "compared"),
    [
        ("levy-yhtiö", "NOUN", "levyyhtiö"),
        ("Itä-Lappi", "PROPN", "itä-lappi"),
        ("viikon#loppu", "NOUN", "viikonloppu"),
        ("-", "PUNCT", "-"),
        ("#", "SYM", "#"),
    ],
)
def test_lemmas_are_compared_in_the_treebanks_manner(found: str, upos: str, compared: str) -> None:
    assert treebank_lemma(found, upos) == compared


def test_figures_of_a_small_gold_file(tmp_path: Path) -> None:
    (tmp_path / "a.conllu").write_text(CONLLU, "utf-8")
    (tmp_path / "a.tsv").write_text(NER, "utf-8")
    figures = evaluate(tmp_path / "a.conllu", tmp_path / "a.tsv")
    assert figures.lemma == 1.0
    assert figures.upos is not None
    assert figures.upos >= 0.8
    assert figures.ner_f1_by_type == {"GPE": 1.0, "PERSON": 1.0}
    assert figures.tag_words_per_second


def test_speed_is_that_of_unread_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(NER, "utf-8")
    read = []
    measure(None, tmp_path / "a.tsv", None, lambda lines: read.append(1) or [[] for _ in lines])
    assert len(read) == 1


def test_a_bad_system_gets_bad_figures(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(NER, "utf-8")
    figures = measure(
        None, tmp_path / "a.tsv", None, lambda lines: [[(0, 1, "ORG")] for _ in lines]
    )
    assert figures.ner_f1 == 0.0
    assert figures.lemma is None
    assert measure(None, None, None, None) == Figures()


def test_the_shipped_models_are_small_and_as_the_cards_say() -> None:
    files = [path for path in MODELS.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 80_000_000
    assert max(path.stat().st_size for path in files) < 50_000_000
    listed = dict(
        reversed(line.split("  "))
        for line in (MODELS / "CHECKSUMS").read_text("utf-8").splitlines()
    )
    assert listed == file_sums(MODELS)
    cards = [card.read_text("utf-8") for card in MODELS.glob("*.md")]
    for name in listed:  # in its title a card names all that it is about
        titled = [card for card in cards if name in card.partition(":")[0].strip("# ").split(", ")]
        assert any(f"`{name}`, " in card for card in titled)


def test_quality_floors_on_the_development_sections() -> None:
    data = Path(__file__).parents[2] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the gold corpora aren't beside the repository (../shared/data)")
    figures = evaluate(data / "ud" / "fi_tdt-ud-dev.conllu", data / "ner" / "turku-one-dev.tsv")
    assert figures.upos is not None
    assert figures.upos >= 0.960
    assert figures.feats is not None
    assert figures.feats >= 0.915
    assert figures.ner_f1 is not None
    assert figures.ner_f1 >= 0.838
