"""The UDPipe model: its lemmas of unlisted words, when it is asked, and that offsets stay exact."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from spacy_udpipe import UDPipeModel

from pipeline.annotate import Annotator
from pipeline.annotate.annotator import MODELS
from pipeline.annotate.lemmas import LemmaModel, doubtful, lemma, load_lemmas
from pipeline.annotate.udpipe import Guesser, load_lemmatizer

MODEL = MODELS / "finnish.udpipe"
GENITIVE = "Case=Gen|Number=Sing"


@pytest.fixture(scope="module")
def guesser() -> Guesser:
    return Guesser(MODEL)


@pytest.fixture(scope="module")
def lexicon() -> LemmaModel:
    return load_lemmas(MODELS / "lemmas.tsv.gz")


def test_spacy_udpipe_itself_reads_the_model() -> None:
    udpipe = UDPipeModel("fi", str(MODEL))
    sentence = udpipe.tokenize([["Kaupunki", "hallinnoi", "hanketta", "."]])[0]
    udpipe.tag(sentence)
    assert [word.lemma for word in sentence.words][1:] == ["kaupunki", "hallinnoida", "hanke", "."]
    assert "Case=Par" in sentence.words[3].feats


def test_the_model_is_small_and_its_checksum_is_kept(annotator: Annotator) -> None:
    assert MODEL.stat().st_size <= 10_000_000
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert annotator.checksums()["finnish.udpipe"] == digest
    assert f"{digest}  finnish.udpipe" in (MODELS / "CHECKSUMS").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("words", "index", "expected"),
    [
        (["Tapasimme", "Uurtamolla", "."], 1, "Uurtamo"),
        (["Tapaamme", "Kaltemaa-Uurtamolla", "."], 1, "Kaltemaa-Uurtamo"),
        (["Retki", "tehdään", "Karjaniemeen", "."], 2, "Karjaniemi"),
        (["Kerromme", "kylätalkkariverkostosta", "."], 1, "kylätalkkariverkosto"),
    ],
)
def test_guesses(guesser: Guesser, words: list[str], index: int, expected: str) -> None:
    assert guesser.lemma(words, index) == expected


def test_only_neighbours_count(guesser: Guesser) -> None:
    near = ["Hanke", "alkoi", "Ylävuokissa", "."]
    far = ["Lisäksi", "monen", "muun", *near, "Se", "päättyi", "jo"]
    assert guesser.lemma(near, 2) == guesser.lemma(far, 5)


@pytest.mark.parametrize(
    ("form", "upos", "asked"),
    [
        ("hankkeen", "NOUN", False),  # listed
        ("VASA-hankkeen", "NOUN", False),  # its last part is
        ("EU:n", "PROPN", False),  # cut at the colon
        ("sosiaali-", "NOUN", False),
        ("2019", "NUM", False),
        (".", "PUNCT", False),
        ("Uurtamon", "PROPN", False),  # nothing comes near Uurtamo
        ("Ketterin", "PROPN", True),  # Ketteri or Ketter
        ("Kaltemaa-Ketterin", "PROPN", True),
    ],
)
def test_asked_only_where_the_vote_could_decide(
    lexicon: LemmaModel, form: str, upos: str, asked: bool
) -> None:
    assert doubtful(lexicon, form, upos, GENITIVE) is asked


def test_an_opinion_is_a_vote_among_rewritings_and_no_more() -> None:
    rules = {"PROPN|n": "1,,5;2,i,5"}
    model = LemmaModel({"kemin|PROPN": "Kemi"}, rules, frozenset())
    assert lemma(model, "Salven", "PROPN", "", "Salvi") == "Salvi"
    assert lemma(model, "Salven", "PROPN", "", "Salve") == "Salve"
    assert lemma(model, "Ranta-Salven", "PROPN", "", "Ranta-Salvi") == "Ranta-Salvi"
    assert lemma(model, "Kemin", "PROPN", "", "Kemin") == "Kemi"  # the lexicon is not outvoted
    assert lemma(model, "Salven", "PROPN", "", "Sampo") in {"Salve", "Salvi"}


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Hanketta vetää Aino Uurtamo, ja Uurtamolle voi kirjoittaa.", "Uurtamolle", "Uurtamo"),
        ("Tapaamme Kaltemaa-Uurtamolla.", "Kaltemaa-Uurtamolla", "Kaltemaa-Uurtamo"),
        ("Hanke alkoi Karjaniemessä.", "Karjaniemessä", "Karjaniemi"),
        ("Tukea haettiin vesistöneuvonnalle.", "vesistöneuvonnalle", "vesistöneuvonta"),
        ("Kerromme kylätalkkariverkostosta.", "kylätalkkariverkostosta", "kylätalkkariverkosto"),
    ],
)
def test_lemmas_of_unlisted_words(
    annotator: Annotator, text: str, word: str, expected: str
) -> None:
    assert {t.text: t.lemma_ for t in annotator.annotate(text)}[word] == expected


def test_offsets_and_streams(annotator: Annotator) -> None:
    texts = [
        "Ylävuokissa  \t Uurtamolle,\n\nKalte\u00adUurtamon  .",
        "\u200bUurtamon\x00 a\r\n",
    ]
    docs = [annotator.annotate(text) for text in texts]
    assert [doc.text for doc in docs] == texts
    assert all(d.text[t.idx : t.idx + len(t)] == t.text for d in docs for t in d)
    streamed = list(annotator.pipe(reversed(texts)))[::-1]
    assert [[t.lemma_ for t in d] for d in streamed] == [[t.lemma_ for t in d] for d in docs]


def test_a_missing_model_or_another_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "lemmas.tsv.gz").write_bytes((MODELS / "lemmas.tsv.gz").read_bytes())
    with pytest.raises(FileNotFoundError, match=r"finnish\.udpipe"):
        load_lemmatizer(tmp_path)
    (tmp_path / "finnish.udpipe").write_bytes(b"no model")
    with pytest.raises(ValueError, match=r"finnish\.udpipe"):
        Guesser(tmp_path / "finnish.udpipe").lemma(["hankkeen"], 0)
