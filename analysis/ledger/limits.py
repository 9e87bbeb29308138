"""How big a file from outside may be.

A 4 kB workbook can ask for a gigabyte: bounds are looked at before anything is parsed,
and again while it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a file; the defaults are those for files from outside.

    file_bytes : as it lies on the disk
    zip_bytes : sum of a container's entries, inflated
    zip_ratio : inflated over packed
    rows, columns, cells : of a table; cells is last row times last column
    cell_chars : of one cell; Excel holds 32,767
    """

    file_bytes: int = 50_000_000
    zip_bytes: int = 50_000_000
    zip_ratio: float = 100.0
    rows: int = 1_048_576
    columns: int = 1_000
    cells: int = 20_000_000
    cell_chars: int = 32_767


#: For a file that the operator reads at a command line of his own.
OWN = Limits(file_bytes=4_000_000_000, zip_bytes=2_000_000_000, rows=20_000_000, cells=400_000_000)
