"""The base of the REST API: DRF for routing, rights, schema and input; list bodies by PostgreSQL or orjson."""
