"""Finnish name morphology: from inflected mentions to nominative names."""
