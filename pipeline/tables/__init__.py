"""The schema, its writers and checks."""
