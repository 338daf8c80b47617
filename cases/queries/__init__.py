"""What may be read of the service records."""
