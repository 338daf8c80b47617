"""What the dashboards offer the frame."""


def register() -> None:
    """Filled below."""
