"""Money as a frame that sums itself without counting a euro twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

BY = ("funder", "project", "kind", "year")


class Funding(pd.DataFrame):
    """The view ``funding``; rows that a sum may count have ``counted`` true, others say why not.

    ``eur`` is missing where a row is not counted, so that any sum of it counts each euro once;
    ``said_eur`` is what the row itself says.
    """

    @property
    def _constructor(self) -> Callable[..., Funding]:
        return Funding

    def sum_by(self, by: str = "funder") -> pd.DataFrame:
        """Euros by funder, project, kind of money or year of the announcement, the most first.

        A row for each, with the columns ``eur``, ``amounts`` (how many were added up) and
        ``projects``; money whose funder no announcement names stands under ``None``. Raises
        ``ValueError`` when ``by`` is none of them.
        """
        if by not in BY:
            raise ValueError(f"sum by one of {', '.join(BY)}; not by {by!r}")
        counted: Any = pd.DataFrame(self[self["counted"]])
        # Two bodies or projects of one name stay two.
        keys = [by, f"{by}_id"] if by in ("funder", "project") else [by]
        summed = counted.groupby(keys, dropna=False, observed=True).agg(
            eur=("eur", "sum"), amounts=("eur", "size"), projects=("project_id", "nunique")
        )
        return pd.DataFrame(
            summed.reset_index().sort_values(
                ["eur", by], ascending=[False, True], ignore_index=True
            )
        )
