"""Pages of the service records."""
