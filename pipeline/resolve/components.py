"""Connected components over integer arrays: who is joined to whom through shared keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def components(members: Ints, keys: Ints, size: int) -> Ints:
    """Label each of ``size`` members with the smallest member it is joined to.

    ``members[i]`` holds the key ``keys[i]``; members that share a key are joined. Near-linear:
    every round hooks the larger root under the smaller and flattens the trees.
    """
    order = np.lexsort((members, keys))
    members, keys = members[order], keys[order]
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    # Every member of a key is joined to the key's first member.
    heads = members[np.maximum.accumulate(np.where(first, np.arange(len(keys)), 0))]
    parent = np.arange(size, dtype=np.int64)
    while True:
        left, right = parent[heads], parent[members]
        low, high = np.minimum(left, right), np.maximum(left, right)
        apart = low < high
        if not apart.any():
            return parent
        np.minimum.at(parent, high[apart], low[apart])
        while not np.array_equal(flat := parent[parent], parent):
            parent = flat
