from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.annotate import Annotator, encoder, load_annotator, remembered, vocabulary
from pipeline.annotate.annotator import MODELS, load_networks
from pipeline.annotate.ner import Line, NameFinder
from pipeline.annotate.remembered import LineMemory
from pipeline.annotate.tagger import Tagger

ODD = st.sampled_from(
    ["VIRA-hanke", "sosiaali-", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u200b", "\u2028", "\x0b"]
)
MARKS = st.sampled_from(
    ["7.8.2019", "80 %", "–", "”", "(", "👩‍👩‍👧", "e\u0301", "EU:n", ".", "…", "-"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(ODD | MARKS, max_size=20).map("".join))
# Words parted by spaces; no marks inside words, at which they would be cut for names.
QUICK_LINES = [
    "Hanketta koordinoi Kainuun liitto . Projektipäällikkönä toimii Aino Kaarina Virtanen .",
    "Kuhmo",
    "Euroopan sosiaalirahaston tuki on 277 440 euroa , ja se päättyy vuonna 2026 .",
    "( yhteensä 1 200 000 € )",
    "Mukana ovat Suomussalmen kunta , Kajaanin Ammattikorkeakoulu Oy ja Helsingin yliopisto",
    "UUTISET OULUSTA",
    "– Työ alkoi tammikuussa 2024 Ylä Savossa , kertoo johtaja Erkki Esimerkki Iisalmesta .",
]


def readings(doc: Doc) -> list[tuple[str, str, str, str, bool | None]]:
    return [(t.text, t.lemma_, t.pos_, str(t.morph), t.is_sent_start) for t in doc]


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_text_comes_back_to_the_letter(annotator: Annotator, text: str) -> None:
    doc = annotator.annotate(text)
    assert doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in doc)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_no_sentence_and_no_name_crosses_a_line_break(annotator: Annotator, text: str) -> None:
    doc = annotator.annotate(text)
    for span in [*doc.sents, *doc.ents]:
        assert "\n" not in span.text.rstrip()


def test_a_stream_gives_what_single_calls_give(annotator: Annotator) -> None:
    texts = ["Hanke alkoi Kemissä.", "", "Projektipäällikkö on Aino Virtanen.\nHanke päättyi."]
    streamed = list(annotator.pipe(iter(texts)))
    single = [annotator.annotate(text) for text in texts]
    assert [readings(doc) for doc in streamed] == [readings(doc) for doc in single]
    assert [[(e.text, e.label_) for e in d.ents] for d in streamed] == [
        [(e.text, e.label_) for e in d.ents] for d in single
    ]


def test_lemmas_tags_and_features(annotator: Annotator) -> None:
    doc = annotator.annotate("Uutta VIRA-hanketta hallinnoi Lapin liitto, ja se alkoi Kemissä.")
    assert [t.lemma_ for t in doc if t.pos_ != "PUNCT"] == [
        "uusi", "VIRA-hanke", "hallinnoida", "Lappi", "liitto", "ja", "se", "alkaa", "Kemi",
    ]  # fmt: skip
    assert doc[1].morph.get("Case") == ["Par"]
    assert doc[2].pos_ == "VERB"
    assert doc[3].pos_ == "PROPN"


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Hanketta vetää Aino Virtanen.", "Aino Virtanen", "PERSON"),
        ("Rahoitus on 277 440 €.", "277 440 €", "MONEY"),
        ("Mukana on Sosiaali- ja terveysministeriö.", "Sosiaali- ja terveysministeriö", "ORG"),
        ("Hanke alkaa 1.9.2019.", "1.9.2019", "DATE"),
    ],
)
def test_names(annotator: Annotator, text: str, name: str, label: str) -> None:
    assert (name, label) in [(e.text, e.label_) for e in annotator.annotate(text).ents]


def test_addresses_are_no_names(annotator: Annotator) -> None:
    doc = annotator.annotate(
        "Lisätietoja: Aino Virtanen, aino.virtanen@kunta.fi, www.kunta.fi/aino"
    )
    assert [e.text for e in doc.ents] == ["Aino Virtanen"]


def test_white_space_is_tokens_and_never_words(annotator: Annotator) -> None:
    doc = annotator.annotate("Nimi\t Aino\n\n  Kunta")
    assert [t.text for t in doc] == ["Nimi", "\t ", "Aino", "\n\n", "  ", "Kunta"]
    assert [t.pos_ == "SPACE" for t in doc] == [False, True, False, True, True, False]
    assert [s.text.strip() for s in doc.sents] == ["Nimi\t Aino", "Kunta"]


def test_checksums_name_models_and_packages(annotator: Annotator) -> None:
    sums = annotator.checksums()
    assert len(sums["lemmas.tsv.gz"]) == 64
    assert sums["spacy_fi_experimental_web_md"].startswith("0.15")


def test_quick_networks_say_what_spacys_own_say() -> None:
    nlp = load_networks(MODELS, ["tok2vec", "morphologizer", "ner"])
    tagger, finder = Tagger(nlp), NameFinder(nlp)
    lines = [line.split() for line in QUICK_LINES]
    docs = [
        Doc(
            nlp.vocab,
            words=line,
            sent_starts=[n == 0 or line[n - 1] == "." for n in range(len(line))],
        )
        for line in lines
    ]
    opens = [[bool(token.is_sent_start) for token in doc] for doc in docs]
    ours = tagger.tag(lines)
    named = list(finder.find(map(Line, lines, opens)))
    for name in ("tok2vec", "morphologizer", "ner"):
        docs = list(nlp.get_pipe(name).pipe(docs, batch_size=64))
    theirs = [tuple((token.pos_, str(token.morph)) for token in doc) for doc in docs]
    assert ours == theirs
    assert [[tuple(vars(span).values()) for span in line] for line in named] == [
        [(span.start, span.end, span.label_) for span in doc.ents] for doc in docs
    ]


def test_a_line_is_read_alike_alone_and_among_others() -> None:
    nlp = load_networks(MODELS, ["tok2vec", "morphologizer"])
    lines = [line.split() for line in QUICK_LINES]
    together = Tagger(nlp).tag(lines)
    alone = [Tagger(nlp).tag([line])[0] for line in reversed(lines)]
    assert alone == together[::-1]


def test_words_beyond_the_frequent_are_computed_for_their_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nlp = load_networks(MODELS, ["tok2vec", "morphologizer"])
    lines = [line.split() for line in QUICK_LINES]
    roomy = Tagger(nlp).tag(lines)
    monkeypatch.setattr(encoder, "FREQUENT", 12)
    monkeypatch.setattr(encoder, "AT_ONCE", 5)
    assert Tagger(nlp).tag(lines) == roomy


def test_equal_short_lines_are_computed_once_and_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def compute(lines: Sequence[str]) -> list[int]:
        asked.extend(lines)
        return [len(line) for line in lines]

    memory = LineMemory[str, int](compute, len)
    long = "x" * 40
    assert memory.results(["Etusivu", "Haku", "Etusivu", long]) == [7, 4, 7, 40]
    assert memory.results(["Haku", long]) == [4, 40]
    assert asked == ["Etusivu", "Haku", long, long]
    monkeypatch.setattr(remembered, "MOST", 3)
    assert memory.results(["a", "bb"]) == [1, 2]
    assert memory.results(["Haku"]) == [4]
    assert asked.count("Haku") == 2  # memory was full and started afresh


def test_a_vocabulary_that_grew_large_starts_afresh_and_reads_alike(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(QUICK_LINES)
    kept = annotator.annotate(text)
    monkeypatch.setattr(vocabulary, "MOST", 20)
    small = load_annotator()
    renewed = [small.annotate(text) for _ in range(3)]
    assert len({id(doc.vocab) for doc in renewed}) == 3
    assert [readings(doc) for doc in renewed] == [readings(kept)] * 3
    assert [[e.label_ for e in doc.ents] for doc in renewed] == [[e.label_ for e in kept.ents]] * 3
