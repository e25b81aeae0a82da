"""Text as it should have been: one small step per kind of damage."""
