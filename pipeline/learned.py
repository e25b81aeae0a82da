"""What an annotated document keeps of what the networks tell of its words in context."""

# Key in ``Doc.spans``; the group's ``attrs["scores"]`` tell how sure the model is of each span.
LEARNED = "learned"

TAG_COLUMNS = (
    *(f"{place}-{label}" for label in ("PROJECT", "PROGRAMME", "ORG") for place in "BILU"),
    "ROLE",
)
"""The last columns of ``Doc.tensor``: how likely each word has a tag, ``ROLE`` any of a title's.

Each is the chance's logit in steps of ``LOGIT_STEP``. A word that was not read has zeros alone.
"""

LOGIT_STEP = 8 / 127
