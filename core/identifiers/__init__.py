"""Numbers, names and keys that stand for people, bodies and rows: pure checks, no database, no clock.

A check returns either its parsed value or an `IdentifierProblem`; it never raises and never logs the number it saw.
"""

from typing import NamedTuple


class IdentifierProblem(NamedTuple):
    """Why a number is refused: `code` is stable and English, `message` is Chinese, for whoever typed it."""

    code: str
    message: str
