"""Personas (filled by accounts)."""
