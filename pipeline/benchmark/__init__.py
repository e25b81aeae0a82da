"""How fast, how large, how much again: measured in one run on one machine, told in ratios."""
