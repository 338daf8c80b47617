"""How large a file from outside may be: one value object, changed by `dataclasses.replace`, never by a flag."""

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. The defaults carry a roster of 50,000 rows with room to spare."""

    file_bytes: int = 30 * MEGABYTE
    unpacked_bytes: int = 400 * MEGABYTE
    entries: int = 512
    ratio: int = 100
    ratio_from_bytes: int = 20 * MEGABYTE
    rows: int = 60_000
    columns: int = 200
    cells: int = 3_000_000
    cell_characters: int = 10_000
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 60
    wait_seconds: int = 120

    def as_numbers(self) -> dict[str, int]:
        return asdict(self)


DEFAULT_LIMITS = Limits()
