"""Personal values at rest: sealed under a key of their own person, found again through keyed indexes."""
