"""Finnish date expressions: find them, cut them, say which days they can mean."""

from pipeline.extract.dates.find import find_dates
from pipeline.extract.dates.years import with_bare_years

__all__ = ["find_dates", "with_bare_years"]
