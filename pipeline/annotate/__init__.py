"""Announcements to spaCy documents with lemmas, tags, named spans and exact offsets."""
