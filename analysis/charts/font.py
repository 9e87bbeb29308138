"""Which font are pictures and documents drawn with, on a machine that may have none?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
#: The packaged family: all of GB2312, Latin, and the signs that the workbook's texts use.
FAMILY = "Noto Sans SC"


@cache
def register() -> None:
    """Let the chart engine find the packaged font; once a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
