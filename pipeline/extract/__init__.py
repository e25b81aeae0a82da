"""Annotated announcements to facts: one module per kind of fact."""
