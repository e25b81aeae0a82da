"""Organisations: known bodies, open patterns, and what the announcement calls them later."""

from pipeline.extract.organisations.finder import find_organisations, weighable

__all__ = ["find_organisations", "weighable"]
