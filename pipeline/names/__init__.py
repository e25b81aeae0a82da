"""Finnish names: nominatives of inflected names, and inflected forms of nominatives."""

from pipeline.names.candidates import Candidate, Kind, candidates
from pipeline.names.inflect import forms, inflect
from pipeline.names.known_words import KnownWords
from pipeline.names.paradigms import CASES, Case, Number
from pipeline.names.person import degrees, is_given_name, is_surname, split_person, strip_degrees
from pipeline.names.phrase import nominative
from pipeline.names.readings import split_colon

__all__ = [
    "CASES",
    "Candidate",
    "Case",
    "Kind",
    "KnownWords",
    "Number",
    "candidates",
    "degrees",
    "forms",
    "inflect",
    "is_given_name",
    "is_surname",
    "nominative",
    "split_colon",
    "split_person",
    "strip_degrees",
]
