"""Names as they are compared."""

from __future__ import annotations

import re
from functools import lru_cache

_HEAD = re.compile(
    r"[\s-]+(?:hanke|projekti|hankekokonaisuus|kehittämishanke|ohjelma|pilotti|kokeilu)$"
)


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """A name as it is compared: case, dashes, quotes and a generic head do not matter."""
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", name.casefold().replace("\u00ad", ""))
    folded = re.sub(r"[\"'\u2018-\u201f«»]", "", folded)
    folded = re.sub(r"\s*-\s*", "-", folded)
    folded = re.sub(r"\s+", " ", folded).strip(" .,;:()")
    return _HEAD.sub("", folded).strip(" -")
