"""What might a ledger of projects look like? Made up by a seeded generator: illustrative only.

No figure of it comes from a publication; every assumption stands in the data package.
"""

from analysis.example_ledger.ledger import (
    PROJECTS_A_YEAR,
    SEED,
    example,
    ledger_or_example,
    stamp,
    write,
)

KIND = "illustrative"

__all__ = [
    "KIND", "PROJECTS_A_YEAR", "SEED", "example", "ledger_or_example", "stamp", "write",
]  # fmt: skip
