"""Plans beside the one that opens when none is named: a toy of other money, and a shipped one."""

from pathlib import Path

TOY, IRELAND = str(Path(__file__).parent / "toy_2030"), "ireland_2021_2024"
OTHERS = (TOY, IRELAND)
