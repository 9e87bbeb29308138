"""Pictures as what the browser draws and what a reader takes away."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import cache
from analysis.board.columns import heads, words
from analysis.board.definitions import mathml
from analysis.charts.engine import engine
from analysis.charts.font import in_packaged_font, in_readers_fonts
from analysis.charts.picture import Live
from analysis.text import Text

LANGUAGES = ("zh", "en")
#: Columns of a picture's rows that name a publication, by its id or its title.
SOURCES = ("source", "source_title")
#: What a picture calls a clip, where it is told and where it is used.
_CLIP = re.compile(r'(?<=\bid=")clip\d+|(?<=url\(#)clip\d+')
#: Room for axes and padding around a plot's own height, px.
AROUND_PLOT = 60


def compile_specs(picture: Any) -> dict[str, dict[str, Any]]:
    """Return the picture's Vega specifications: by language, and `-narrow` if a phone's differs."""
    from altair.utils.schemapi import debug_mode

    specs: dict[str, dict[str, Any]] = {}
    for lang in LANGUAGES:
        # Tests hold charts against their schema; here it would be a sixth of the work.
        with debug_mode(False):
            wide, narrow = (compiled(picture.chart(Text(lang), narrow)) for narrow in (False, True))
        specs[lang] = wide
        if json.dumps(narrow, sort_keys=True) != json.dumps(wide, sort_keys=True):
            specs[f"{lang}-narrow"] = narrow
    return specs


def compiled(chart: Any) -> dict[str, Any]:
    """Return a chart as Vega."""
    return vega(chart.to_dict(validate=False))


def vega(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Vega-Lite specification as Vega; compiled once and kept, for it starts an engine."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)

    def compiled() -> str:
        return json.dumps(engine().vegalite_to_vega(text), ensure_ascii=False)

    return dict(json.loads(cache.kept(_place("vega", text), compiled)))


def svg(spec: Mapping[str, Any]) -> str:
    """Return a Vega specification drawn as SVG; drawn once and kept."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return cache.kept(_place("drawn", text), lambda: _drawn(text))


def svg_unkept(spec: Mapping[str, Any]) -> str:
    """Return the same; what was not drawn before is drawn, and not kept, so that no disk fills."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return cache.read(_place("drawn", text)) or _drawn(text)


def _drawn(text: str) -> str:
    drawn = in_readers_fonts(str(engine().vega_to_svg(in_packaged_font(text))))
    # The engine counts clips through all that it draws: here they are called by their picture, so
    # that it is the same whatever was drawn before, and no other picture of a page calls one so.
    name, known = cache.digest(text)[:8], dict[str, str]()
    return _CLIP.sub(lambda clip: known.setdefault(clip[0], f"clip-{name}-{len(known)}"), drawn)


def _place(kind: str, text: str) -> Path:
    key = cache.digest(f"{version('vl-convert-python')} {text}")[:32]
    return cache.cache_dir() / f"{kind}-{key}.json"


def plain(frame: pd.DataFrame) -> list[list[Any]]:
    """Return a frame's rows as they survive JSON; missing stays missing."""
    return [[_cell(value) for value in row] for row in frame.itertuples(index=False)]


def table(frame: pd.DataFrame, key: str = "") -> dict[str, Any]:
    """Return a frame as keys and rows, with what a reader calls them."""
    keys, rows = [str(column) for column in frame.columns], plain(frame)
    return {
        "keys": keys,
        "rows": rows,
        "columns": heads(keys, rows, key),
        "words": words(keys, rows),
    }


def links(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Return title and address of each publication that a frame's rows name, in their order."""
    from analysis.evidence import load_evidence

    sources = load_evidence().sources
    named = pd.concat([pd.Series(dtype=object), *(frame[c] for c in SOURCES if c in frame)])
    wanted = list(dict.fromkeys(named.dropna().astype(str)))
    found = sources[sources["id"].isin(wanted) | sources["title"].isin(wanted)]
    found = found[found["url"].astype(str).str.match(r"https?://")]
    return [{"title": str(t), "url": str(u)} for t, u in zip(found.title, found.url, strict=True)]


def _cell(value: Any) -> Any:
    if isinstance(value, Live):
        return {"live": value.expression}
    if isinstance(value, dict):
        return value
    if isinstance(value, (bool, str)):
        return str(value)
    if value is None or (not isinstance(value, (list, tuple, dict)) and pd.isna(value)):
        return None
    if isinstance(value, int) or (hasattr(value, "dtype") and value.dtype.kind in "iu"):
        return int(value)
    if isinstance(value, float) or (hasattr(value, "dtype") and value.dtype.kind == "f"):
        return float(value) if math.isfinite(value) else None
    return str(value)


def payload(picture: Any) -> dict[str, Any]:
    """Return all that the browser needs to show `picture` with no kernel."""
    specs = compile_specs(picture)
    height = specs[LANGUAGES[0]].get("height")
    return {
        "key": picture.key,
        "specs": specs,
        "height": (height if isinstance(height, (int, float)) else 280) + AROUND_PLOT,
        "title": picture.title.to_dict(),
        "say": picture.say.to_dict(),
        "alt": picture.alt.to_dict(),
        "source": picture.source.to_dict(),
        "formula": mathml(picture.formula),
        "table": table(picture.data, picture.key),
        "links": links(picture.data),
        "illustrative": bool(picture.illustrative),
    }
