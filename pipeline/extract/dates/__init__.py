"""Finnish date expressions: find them, cut them, say which days they can mean."""

from pipeline.extract.dates.find import find_dates

__all__ = ["find_dates"]
