"""The systems that the project's models are measured against, behind the same two functions."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.network import BASE, COMPONENTS
from pipeline.annotate.tagger import Reading
from pipeline.training.evaluate import NameAll, TagAll, Tags
from pipeline.training.scores import Span


def spacy_fi() -> tuple[TagAll, NameAll]:
    """The whole spaCy-fi pipeline as installed; without libvoikko its lemmas are the forms."""
    try:
        whole = spacy.load(BASE)
    except OSError:
        whole = spacy.load(BASE, exclude=["lemmatizer"])

    def tag(sentences: Sequence[Sequence[str]]) -> Tags:
        return [
            [(Reading(token.pos_, str(token.morph)), token.lemma_ or token.text) for token in doc]
            for doc in whole.pipe(_docs(whole, sentences))
        ]

    return tag, spacy_names()


def spacy_names() -> NameAll:
    """spaCy-fi's entity recognizer alone."""
    names = spacy.load(BASE, exclude=sorted(COMPONENTS - {"ner"}))

    def find(sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [
            [(span.start, span.end, span.label_) for span in doc.ents]
            for doc in names.pipe(_docs(names, sentences))
        ]

    return find


def simplemma_alone() -> TagAll:
    """simplemma's lemma of each form; no tags."""
    from simplemma import lemmatize

    def tag(sentences: Sequence[Sequence[str]]) -> Tags:
        nothing = Reading("", "")
        return [[(nothing, lemmatize(word, "fi")) for word in words] for words in sentences]

    return tag


def voikko_alone() -> TagAll:
    """The base form of Voikko's first analysis. Raises ``OSError`` without the native library."""
    import libvoikko

    voikko = libvoikko.Voikko("fi")

    def base_form(word: str) -> str:
        analyses = voikko.analyze(word)
        return str(analyses[0].get("BASEFORM", word)) if analyses else word

    def tag(sentences: Sequence[Sequence[str]]) -> Tags:
        nothing = Reading("", "")
        return [[(nothing, base_form(word)) for word in words] for words in sentences]

    return tag


def _docs(nlp: Language, sentences: Sequence[Sequence[str]]) -> list[Doc]:
    return [Doc(nlp.vocab, words=list(words)) for words in sentences]
