"""Train the UDPipe model that gives a second opinion on lemmas of words that no list holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from ufal.udpipe import ProcessingError, Sentence, Sentences, Trainer

from pipeline.annotate.annotator import load_networks
from pipeline.annotate.lemmas import INFLECTION, lemma, load_lemmas
from pipeline.annotate.tagger import Tagger
from pipeline.training.corpora import Word, read_conllu, read_iob2

EVERY = 4  # every fourth sentence of TurkuONE train, which keeps the file under 10 MB
GOLD = ("fi_tdt-ud-dev.conllu", "fi_ood-ud-test.conllu")  # FTB's conventions differ
# Lemma, tag, case and number only: fewer readings to choose from, so a smaller and quicker model.
OPTIONS = (
    "models=1;templates_1=lemmatizer;guesser_suffix_rules=8;guesser_enrich_dictionary=6;"
    "iterations=3;use_xpostag=0"
)


def silver_sentences(data: Path, models: Path) -> Iterator[list[Word]]:
    """Sentences of TurkuONE train, tagged by the base network and lemmatized by lemmas.tsv.gz.

    The lexicon holds the teacher's lemmas of just this text (see ``silver``), corrected by gold
    text; the words that the teacher left inflected get a rewriting instead.
    """
    rules = load_lemmas(models / "lemmas.tsv.gz")
    tagger = Tagger(load_networks(models, ["tok2vec", "morphologizer"]))
    chosen = islice(read_iob2(data / "ner" / "turku-one-train.tsv"), 0, None, EVERY)
    forms = [sentence.forms for sentence in chosen]
    for words, readings in zip(forms, tagger.tag(forms), strict=True):
        yield [
            Word(form, *reading, lemma(rules, form, *reading))
            for form, reading in zip(words, readings, strict=True)
        ]


def train(sentences: Iterable[list[Word]]) -> bytes:
    """A UDPipe model of tags and lemmas, without tokenizer and parser.

    Raises ``ValueError`` with UDPipe's message when it can't be trained. The same sentences give
    the same bytes: UDPipe's trainer draws from a generator of fixed seed.
    """
    error = ProcessingError()
    gathered = Sentences()
    for sentence in sentences:
        gathered.append(_udpipe_sentence(sentence))
    model = Trainer.train(
        "morphodita_parsito", gathered, Sentences(), Trainer.NONE, OPTIONS, Trainer.NONE, error
    )
    if error.occurred():
        raise ValueError(f"UDPipe: {error.message}")
    return bytes(model)


def make_udpipe(data: Path, models: Path, target: Path) -> int:
    """Train on silver and gold sentences and write the model; returns its size in bytes.

    ``data`` holds ``ner/turku-one-train.tsv`` and the treebanks of ``GOLD`` under ``ud/``;
    ``models`` the file ``lemmas.tsv.gz``.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        sentences = list(silver_sentences(data, models))
    for name in GOLD:
        sentences += read_conllu(data / "ud" / name)
    model = train(sentences)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.write_bytes(model)


def _udpipe_sentence(words: Iterable[Word]) -> Sentence:
    sentence = Sentence()
    for word in words:
        row = sentence.addWord(word.form)
        row.upostag, row.lemma = word.upos, word.lemma
        row.feats = "|".join(
            part for part in word.feats.split("|") if part.partition("=")[0] in INFLECTION
        )
        row.head = 0  # no tree is learnt, but the trainer wants a head
    return sentence
