"""The tables of the cards, made from what was measured and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.scoring.outcome import TABLES
from pipeline.training.ablation import VARIANTS
from pipeline.training.cards.markdown import share, shares, speed, table, whole
from pipeline.training.cards.measured import Measured
from pipeline.training.cards.name_figures import KINDS
from pipeline.training.cards.reading import Corpus, listed
from pipeline.training.names import RECIPES

OWN, BASE = "project", "spacy-fi"
TYPES = (
    ("PERSON", "ORG", "GPE", "LOC"),
    ("PRODUCT", "WORK_OF_ART", "EVENT", "FAC"),
    ("DATE", "TIME", "MONEY", "PERCENT"),
    ("CARDINAL", "ORDINAL", "QUANTITY"),
    ("LAW", "NORP", "LANGUAGE"),
)
SHARE_ALIKE = "CC BY-SA 4.0"
PASSAGES = "`corpus/training/*.marked`, announcements' passages marked by hand"
OWN_LICENCE = "MIT, this project's"


def corpora(measured: Measured) -> str:
    """Every corpus file: what it is, where it is from, licence, size, checksum."""
    rows = []
    for corpus in listed().corpus:
        read = measured.read[corpus.file]
        rows.append(
            [
                f"`{corpus.file}`",
                corpus.name,
                f"{corpus.home}: `{corpus.there}`",
                corpus.licence,
                whole(read.sentences),
                whole(read.words),
                f"`{read.sha256}`",
            ]
        )
    return table(["file", "what", "home", "licence", "sentences", "words", "SHA-256"], rows)


def data(card: str, measured: Measured) -> str:
    """What the training of a card's model reads, and as what."""
    return table(["what", "as", "read", "licence"], _data_rows(card, measured))


def _data_rows(card: str, measured: Measured) -> Iterator[list[str]]:
    for corpus, purpose in used(card):
        read = measured.read[corpus.file]
        amount = f"{whole(read.sentences)} sentences, {whole(read.words)} words"
        yield [f"{corpus.name} (`{corpus.file}`)", purpose, amount, corpus.licence]
    passages = measured.passages
    marked = (
        f"{whole(passages.passages)} passages, {whole(passages.words)} words, "
        f"{whole(sum(passages.spans.values()))} spans"
    )
    if card == "lemmas":
        lemmas = f"{whole(measured.dictionary_lemmas)} lemmas"
        yield ["simplemma's Finnish dictionary", "known lemmas", lemmas, "MIT"]
    elif card == "ner":
        yield [PASSAGES, "gold names", marked, OWN_LICENCE]
        made = " and ".join(whole(recipe.written) for recipe in RECIPES)
        yield [
            "sentences made by `pipeline/training/announcements.py`",
            "made names",
            f"{made} sentences",
            f"{OWN_LICENCE}; names' sources stand in the lexicon",
        ]


def used(card: str) -> Iterator[tuple[Corpus, str]]:
    """The corpora that the training of a card's model reads, each with its purpose."""
    by_file = {corpus.file: corpus for corpus in listed().corpus}
    for use in listed().use:
        if use.card == card:
            for name in use.files:
                yield by_file[name], use.purpose


def licence(card: str) -> str:
    """The licence of a card's model: share-alike as soon as one corpus asks for it."""
    alike = any(corpus.licence == SHARE_ALIKE for corpus, _ in used(card))
    return f"{SHARE_ALIKE}, as the corpora are" if alike else OWN_LICENCE


def held_out_lemmas(measured: Measured) -> str:
    """Lemma accuracy on text that was not learnt from, peers below."""
    rows = [
        [one.learnt, one.tested, share(one.hyphens_kept), share(one.lemma)]
        for one in measured.lemmas
    ]
    peers = {"simplemma": "(simplemma)"}
    if "voikko" in measured.systems:  # without the library the base's lemmas are the forms
        peers = {BASE: "(the teacher with libvoikko)", **peers}
    for system, called in peers.items():
        if system in measured.systems:
            found = measured.systems[system]
            rows.append([called, "TDT dev", share(found.lemma_hyphens_kept), share(found.lemma)])
    return table(["learnt from", "tested on", "lemma, hyphens kept", "lemma"], rows)


def opinions(measured: Measured) -> str:
    """Lemmas of words that no lexicon holds: rewritten, UDPipe's, both."""
    return table(
        ["words", "number", "rewriting alone", "UDPipe alone", "rewriting with UDPipe's vote"],
        [
            [one.words, whole(one.count), share(one.rewriting), share(one.udpipe), share(one.vote)]
            for one in measured.opinions
        ],
    )


def names(measured: Measured) -> str:
    """F1 of names on TurkuONE dev by type, beside the base's; speeds below."""
    own, base = measured.systems[OWN], measured.systems[BASE]
    by_type, base_by_type = own.ner_f1_by_type or {}, base.ner_f1_by_type or {}
    precision, recall = share(own.ner_precision), share(own.ner_recall)
    kinds = {kind for row in TYPES for kind in row}
    others = tuple(sorted((by_type.keys() | base_by_type.keys()) - kinds))
    rows = [
        [
            f"all {len(by_type.keys() | base_by_type.keys())} types",
            share(base.ner_f1),
            f"{share(own.ner_f1)} (precision {precision}, recall {recall})",
        ],
        ["all types, alone", share(base.ner_f1), share(measured.names.alone)],
        ["the base's weights with agreement", "", share(measured.names.base_agreeing)],
        *(
            [
                " / ".join(row),
                shares(base_by_type.get(kind) for kind in row),
                shares(by_type.get(kind) for kind in row),
            ]
            for row in (*TYPES, others)
            if row
        ),
        [
            "words a second of processor time, one core, text not read before",
            speed(base.ner_words_per_second),
            speed(own.ner_words_per_second),
        ],
    ]
    return table(["", "base", "this"], rows)


def announced_names(measured: Measured) -> str:
    """How well the names found in announcements agree with gold, beside the base's."""
    rows = []
    for called, announced in measured.announced.items():
        base, own = announced.names["base"], announced.names["project"]
        where = f"{called} ({announced.count})"
        rows.append([where, "all together", share(base.together), share(own.together)])
        kinds = tuple(KINDS)
        rows.append(
            [
                "",
                " / ".join(kinds),
                shares(base.by_kind[kind] for kind in kinds),
                shares(own.by_kind[kind] for kind in kinds),
            ]
        )
    return table(["announcements", "names", "base", "this"], rows)


def held_out_spans(measured: Measured) -> str:
    """Precision, recall and F1 of held-out spans by label."""
    return _ratios("held out", measured.spans.held_out)


def _ratios(title: str, named: dict[str, tuple[float, float, float]]) -> str:
    rows: list[Sequence[str]] = [[name, *map(share, ratios)] for name, ratios in named.items()]
    return table([title, "precision", "recall", "F1"], rows)


def ablation(measured: Measured) -> str:
    """F1 by table, a column for each folder of announcements, rules / model / both in a cell."""
    folders = measured.announced
    header = [f"{called} ({one.count})" for called, one in folders.items()]
    rows = [
        [name, *(shares(one.f1[variant][name] for variant in VARIANTS) for one in folders.values())]
        for name in TABLES
    ]
    macro = [shares(one.macro[variant] for variant in VARIANTS) for one in folders.values()]
    return table([f"F1: {' / '.join(VARIANTS)}", *header], [*rows, ["macro", *macro]])
