"""A figure as a picture that shows its text wherever it is opened."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from analysis.charts.engine import engine
from analysis.charts.font import in_packaged_font
from analysis.charts.theme import COLOUR

#: Points a pixel in pictures of dots, so that they stay crisp in print.
SCALE = 3.0


def svg(spec: Mapping[str, Any]) -> str:
    """Return the picture as SVG; its text names the packaged font."""
    return _svg(_text(spec))


def png(spec: Mapping[str, Any]) -> bytes:
    """Return the picture as PNG on white, three dots a pixel."""
    return _png(_text({**spec, "background": COLOUR["card"]}))


def _text(spec: Mapping[str, Any]) -> str:
    return in_packaged_font(json.dumps(spec, sort_keys=True, ensure_ascii=False))


# Each form of a document asks for the same pictures again.
@lru_cache(maxsize=64)
def _svg(text: str) -> str:
    return str(engine().vega_to_svg(text))


@lru_cache(maxsize=32)
def _png(text: str) -> bytes:
    return bytes(engine().vega_to_png(text, scale=SCALE))


def height_to_width(drawn: str) -> float:
    """Return the ratio of an SVG's height to its width."""
    width, height = (
        float(found[1])
        for side in ("width", "height")
        if (found := re.search(rf'<svg[^>]*\s{side}="([\d.]+)', drawn))
    )
    return height / width


def png_size(picture: bytes) -> tuple[float, float]:
    """Return the width and height of a PNG made by `png`, px of the chart."""
    width, height = struct.unpack(">II", picture[16:24])
    return width / SCALE, height / SCALE
