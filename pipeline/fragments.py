"""Letters that a text must hold for a regular expression to match in it.

A cheap look for them rules most texts out, whatever white space, hyphens or inflection the whole
expression allows for: ``"hank(?:e|kee)\\w*\\s+jatkuu"`` needs "jatkuu".
"""

from __future__ import annotations

import re
from re import _constants as code  # type: ignore[attr-defined]  # sre_parse, by its present name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# Parts of an expression that hold another one, which takes part in every match.
_GROUPS = {code.SUBPATTERN, code.ATOMIC_GROUP}
_REPEATS = {code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT}


def needed(pattern: str) -> frozenset[str]:
    """Runs of letters, case-folded, of which every match of ``pattern`` holds one at least.

    Empty where no letter is needed. What is no regular expression is taken as it is written.
    """
    try:
        parsed = parser.parse(pattern)
    except re.error:
        parsed = parser.parse(re.escape(pattern))
    return _best(list(parsed))


def _best(items: list[Any]) -> frozenset[str]:
    """Of all that a sequence needs, what is found least often: the longest."""
    candidates: list[frozenset[str]] = []
    run = ""
    for operation, argument in [*items, (None, None)]:
        if operation is code.LITERAL and chr(argument).isalpha():
            run += chr(argument).casefold()
            continue
        if run:
            candidates.append(frozenset({run}))
            run = ""
        if operation in _GROUPS:
            inner = argument[3] if operation is code.SUBPATTERN else argument
            candidates.append(_best(list(inner)))
        elif operation in _REPEATS and argument[0] > 0:
            candidates.append(_best(list(argument[2])))
        elif operation is code.BRANCH:
            branches = [_best(list(branch)) for branch in argument[1]]
            candidates.append(frozenset().union(*branches) if all(branches) else frozenset())
    return max(filter(None, candidates), key=lambda runs: min(map(len, runs)), default=frozenset())
