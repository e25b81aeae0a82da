"""Organisations: known bodies, open patterns, and what the announcement calls them later."""

from pipeline.extract.organisations.finder import find_organisations

__all__ = ["find_organisations"]
