"""Output tables against gold annotations: what was found, missed and made up, and how surely."""
