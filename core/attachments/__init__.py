"""Papers and pictures that belong to a record: an abstract base here, a concrete table in each app."""
