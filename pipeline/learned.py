"""Where an annotated document keeps the spans that are told of its words in context."""

# Key in ``Doc.spans``; the group's ``attrs["scores"]`` tell how sure the model is of each span.
LEARNED = "learned"
