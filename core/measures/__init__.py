"""Counting: `known` declares, `services.compute_run` counts in one statement, `queries` reads, `operations` keeps sums."""
