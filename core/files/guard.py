"""Text that a spreadsheet would run or ruin (assurance, "Files in and out").

In csv such text gets one leading apostrophe; reading takes exactly that one away, so a file we wrote reads back alike.
"""

import re

DANGEROUS_STARTS = tuple("=+-@\t\r\n＝＋－＠")
LONG_DIGITS = 16
_GUARDED = re.compile(r"'*(?:[=+\-@\t\r\n＝＋－＠]|[0-9]{16,}$)")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula (CSV injection; full-width forms are folded by some)."""
    return text.startswith(DANGEROUS_STARTS)


def guarded(text: str) -> str:
    """The text as it stands in a csv file: an apostrophe before formulas and before digits too long for a number."""
    return "'" + text if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Undoes `guarded`; other text stays as it is."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text, 1) else text
