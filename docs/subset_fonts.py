"""Cut the packaged fonts out of Noto Sans SC: run once, its results are in the repository.

    for name in noto-sans-sc noto-sans-symbols-2; do
      npm pack @expo-google-fonts/$name && mkdir $name && tar xzf *$name-[0-9]*.tgz -C $name; done
    pip install fonttools && python docs/subset_fonts.py noto-sans-sc noto-sans-symbols-2

The packaged fonts hold all of GB2312 (6,763 characters and its signs), Latin with
accents, and whatever else the workbook's own texts, tables and charts use.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "analysis" / "charts" / "fonts"
#: Files of the package that is cut, and what comes of them.
WEIGHTS = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
#: A few signs that Noto Sans SC lacks.
SYMBOLS = ("400Regular/NotoSansSymbols2_400Regular.ttf", "NotoSansSymbols2-Regular.ttf", "✔✕✗✘▾")
#: ASCII, Latin with accents, dashes and quotes, arrows, and signs of comparison.
RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2040), (0x2070, 0x209D), (0x2190, 0x2194))
SIGNS = "€№™−≈≠≤≥⓪①②③④⑤⑥⑦⑧⑨⑩■□▲△▼▽●○★☆"


def gb2312() -> set[int]:
    """Return the code points of GB2312."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def used() -> set[int]:
    """Return the code points of the workbook's own texts, tables and notebooks."""
    told = [*(ROOT / "data").rglob("*.csv"), *(ROOT / "notebooks").glob("*.ipynb")]
    texts = [path.read_text("utf-8") for path in (ROOT / "analysis" / "strings.csv", *told)]
    return {ord(sign) for text in texts for sign in text}


def cut(source: Path, name: str, wanted: set[int]) -> None:
    """Write a font with the characters that are wanted."""
    options = subset.Options(layout_features=["kern", "ccmp", "locl"], hinting=False)
    options.name_IDs = ["*"]
    options.notdef_outline = True  # a sign that is missing shows as a box, not as nothing
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    cutting = subset.Subsetter(options)
    cutting.populate(unicodes=wanted)
    cutting.subset(font)
    subset.save_font(font, str(TARGET / name), options)
    print(f"{name}: {(TARGET / name).stat().st_size:,} bytes")


def main(chinese: Path, symbols: Path) -> None:
    """Write both weights, and the symbols."""
    wanted = gb2312() | used() | {ord(sign) for sign in SIGNS}
    for first, end in RANGES:
        wanted |= set(range(first, end))
    for source, name in WEIGHTS.items():
        cut(chinese / "package" / source, name, wanted)
    source, name, signs = SYMBOLS
    cut(symbols / "package" / source, name, {ord(sign) for sign in signs})
    licence = (chinese / "package" / "LICENSE_FONT").read_text("utf-8")
    (TARGET / "OFL.txt").write_text(licence, "utf-8")
    licence = (symbols / "package" / "LICENSE_FONT").read_text("utf-8")
    (TARGET / "OFL-symbols.txt").write_text(licence, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
