"""Measured comparisons: ours and a peer, alternating in one run; one table out (`make bench ENTRY=… FACTOR=…`)."""
