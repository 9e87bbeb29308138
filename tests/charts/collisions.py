"""Where a picture's words leave it, lie on one another or on a line, or a hue alone tells a group.

All is read from its scenegraph.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from PIL import ImageFont

from analysis.charts.engine import engine
from analysis.charts.font import FONTS, in_packaged_font

#: How much of a text's size is seen above its middle and below it: digits and Han fill this.
HALF = 0.42
#: Size at which words are measured, px: at their own, advances are rounded to whole pixels.
DRAWN = 1000
#: Boxes may share so much, px: an advance is wider than its glyph's ink.
TOUCH = 1.5
#: Where a text of one line stands to its y, in parts of its size.
BASELINES = {"middle": 0.0, "top": 0.5, "bottom": -0.5, "alphabetic": -0.35, "line-top": 0.6}


#: Left, top, right, bottom; or where a line begins and ends.
Box = tuple[float, float, float, float]


class Word(NamedTuple):
    """One line of text as it stands in a picture, px from its corner; `level` if not turned."""

    left: float
    top: float
    right: float
    bottom: float
    said: str
    halo: bool
    level: bool


def findings(spec: str, groups: Mapping[str, str]) -> list[str]:
    """Return what a reader of the drawn picture would find cut off, covered or not told.

    groups : colour -> the name of the group of places that it stands for
    """
    graph = engine().vega_to_scenegraph(in_packaged_font(spec))
    words: list[Word] = []
    lines: list[Box] = []
    hued: list[tuple[str, str, Box]] = []
    found: list[str] = []
    for mark, item, x, y, room in items(graph["scenegraph"], *graph["origin"]):
        if mark["marktype"] == "text" and item.get("opacity", 1):
            words += _words(item, x, y)
            limit = item.get("limit") or math.inf
            found += [f"shortened: {word.said}" for word in _words(item, x, y)
                      if word.right - word.left > limit]  # fmt: skip
        elif mark["role"] == "mark" and mark["marktype"] == "rule" and item.get("opacity", 1):
            to_x = x + item.get("x2", item.get("x", 0)) - item.get("x", 0)
            lines.append((x, y, to_x, y + item.get("y2", item.get("y", 0)) - item.get("y", 0)))
        elif mark["role"] == "mark" and mark["marktype"] == "line":
            lines += [each for one in _segments(mark, item, x, y)
                      if (each := _within(one, room if mark.get("clip") else None))]  # fmt: skip
        if mark["role"] == "mark" and mark["marktype"] in ("rect", "symbol", "rule"):
            hue = item.get("stroke" if mark["marktype"] == "rule" else "fill")
            if hue in groups and item.get("opacity", 1):
                hued.append((hue, str(item.get("shape", mark["marktype"])), _extent(item, x, y)))
    found += [
        f"cut off: {word.said}" for word in words
        if word.left < -TOUCH or word.right > graph["width"] + TOUCH
        or word.top < -TOUCH or word.bottom > graph["height"] + TOUCH
    ]  # fmt: skip
    found += [f"on one another: {a.said} | {b.said}" for a, b in combinations(words, 2)
              if _meet(a, b)]  # fmt: skip
    kept = {word.said for word in words if word.halo}
    found += [f"struck through: {word.said}" for word in words
              if word.said not in kept and any(_crosses(line, word) for line in lines)]  # fmt: skip
    # Where each hue has a shape of its own, that tells it too; one hue alone tells no group.
    hues = {hue for hue, _, _ in hued}
    signs = {(hue, shape) for hue, shape, _ in hued if shape not in ("rect", "rule")}
    if len(hues) > 1 and not len(hues) == len(signs) == len({shape for _, shape in signs}):
        found += [
            f"told by its hue alone: {groups[hue]}" for hue, _, extent in hued
            if not any(groups[hue] in word.said and _at(word, extent) for word in words)
        ]  # fmt: skip
    return list(dict.fromkeys(found))


#: How far a row's name may stand from the row's mark, px, and a block too narrow for any word.
ROW, NARROW = 12, 16


def _extent(item: Mapping[str, Any], x: float, y: float) -> Box:
    to_x = x + item.get("width", item.get("x2", item.get("x", 0)) - item.get("x", 0))
    to_y = y + item.get("height", item.get("y2", item.get("y", 0)) - item.get("y", 0))
    return min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)


def _at(word: Word, extent: Box) -> bool:
    """Return whether a word stands in a mark's row or in its column, if that has room for one."""
    left, top, right, bottom = extent
    row = top - ROW <= (word.top + word.bottom) / 2 <= bottom + ROW
    column = left <= (word.left + word.right) / 2 <= right
    return (row and bottom - top < 3 * ROW) or column or right - left < NARROW < bottom - top


def items(
    mark: Mapping[str, Any], x: float, y: float, room: Box = (0, 0, 0, 0)
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], float, float, Box]]:
    """Yield each item with its mark, its place in the picture and the plot that it is in."""
    for item in mark.get("items", []):
        at_x, at_y = x + item.get("x", 0), y + item.get("y", 0)
        if "items" in item:
            plot = (at_x, at_y, at_x + item.get("width", 0), at_y + item.get("height", 0))
            for inner in item["items"]:
                yield from items(inner, at_x, at_y, plot)
        else:
            yield mark, item, at_x, at_y, room


def _within(line: Box, plot: Box | None) -> Box | None:
    """Return what of a line is seen where it is cut at the plot's edges."""
    if plot is None:
        return line
    (x1, y1, x2, y2), begin, end = line, 0.0, 1.0
    for start, step, low, high in (
        (x1, x2 - x1, plot[0], plot[2]), (y1, y2 - y1, plot[1], plot[3])
    ):  # fmt: skip
        if step:
            near, far = sorted(((low - start) / step, (high - start) / step))
            begin, end = max(begin, near), min(end, far)
        elif not low <= start <= high:
            return None
    cut = (x1 + (x2 - x1) * begin, y1 + (y2 - y1) * begin,
           x1 + (x2 - x1) * end, y1 + (y2 - y1) * end)  # fmt: skip
    return cut if begin < end else None


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    name = f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
    # Another layout engine is there on some machines alone.
    return ImageFont.truetype(FONTS / name, DRAWN, layout_engine=ImageFont.Layout.BASIC)


@cache
def _width(line: str, bold: bool) -> float:
    """Return how wide a text is, in parts of its size."""
    return _font(bold).getlength(line) / DRAWN


def _words(item: Mapping[str, Any], x: float, y: float) -> list[Word]:
    size = item.get("fontSize", 11)
    bold = str(item.get("fontWeight", "normal")) in ("bold", "600", "700")
    text = item.get("text")
    lines = text if isinstance(text, list) else [] if text is None else [text]
    said = [part for line in lines for part in str(line).split(item.get("lineBreak", "\n"))]
    height = item.get("lineHeight", size + 2)
    dx = item.get("dx", 0)
    dy = item.get("dy", 0) + BASELINES[item.get("baseline", "alphabetic")] * size
    words = []
    for nth, line in enumerate(said):
        if not line.strip():
            continue
        width = _width(line, bold) * size
        align = item.get("align", "left")
        before = {"left": 0.0, "center": width / 2, "right": width}[align]
        at = nth * height
        turn = math.radians(item.get("angle", 0))
        flat = (-before, width - before, dy + at - HALF * size, dy + at + HALF * size)
        corners = [
            (x + wide * math.cos(turn) - high * math.sin(turn),
             y + wide * math.sin(turn) + high * math.cos(turn))
            for wide in (flat[0] + dx, flat[1] + dx) for high in flat[2:]
        ]  # fmt: skip
        xs, ys = zip(*corners, strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        words.append(Word(*box, line, bool(item.get("stroke")), turn == 0))
    return words


def _segments(
    mark: Mapping[str, Any], item: Mapping[str, Any], x: float, y: float
) -> Iterator[Box]:
    """Yield the piece of a line that ends at this item; a line's points are its items."""
    points = mark["items"]
    nth = next(n for n, each in enumerate(points) if each is item)
    if nth and item.get("defined", True) and points[nth - 1].get("defined", True):
        before = points[nth - 1]
        yield (x + before["x"] - item["x"], y + before["y"] - item["y"], x, y)


def _meet(a: Word, b: Word) -> bool:
    """Return whether two texts share ground; one with its own halo is one text."""
    if (a.said == b.said and (a.halo or b.halo)) or not (a.level and b.level):
        return False  # a turned word's box is larger than its ink
    wide = min(a.right, b.right) - max(a.left, b.left)
    return wide > TOUCH and min(a.bottom, b.bottom) - max(a.top, b.top) > TOUCH


def _crosses(line: Box, word: Word) -> bool:
    """Return whether a line passes through a text, looked at every other pixel."""
    x1, y1, x2, y2 = line
    if (max(x1, x2) <= word.left or min(x1, x2) >= word.right
            or max(y1, y2) <= word.top or min(y1, y2) >= word.bottom):  # fmt: skip
        return False
    steps = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / 2))
    return any(
        word.left + TOUCH < x1 + (x2 - x1) * n / steps < word.right - TOUCH
        and word.top + TOUCH < y1 + (y2 - y1) * n / steps < word.bottom - TOUCH
        for n in range(steps + 1)
    )
