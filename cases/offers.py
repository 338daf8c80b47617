"""What the cases app offers the frame."""


def register() -> None:
    """Filled below."""
