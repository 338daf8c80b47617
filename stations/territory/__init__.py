"""The national tree of divisions as it was published: reading the data files, nothing of the database."""
