"""Annotate repaired Finnish text: ``load_annotator().annotate(text)`` gives a spaCy ``Doc``."""

from pipeline.annotate.annotator import Annotator, load_annotator

__all__ = ["Annotator", "load_annotator"]
