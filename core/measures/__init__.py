"""Counting: `known` declares, `services.compute_run` counts, `queries` reads, `operations` keeps sums."""
