"""Every reader can tell the colours apart, and read what is written in them."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from analysis.board.view import STATIC
from analysis.charts.theme import GROUPS, PALETTES
from analysis.files import data_dir
from analysis.publish.pages import notebooks_dir

ROOT = Path(__file__).parents[2]
#: What a picture tells apart by colour.
APART = (*GROUPS, "missing", "grey")
#: Linear RGB as seen with no cones of one kind: Machado, Oliveira and Fernandes 2009, severity 1.
VISION = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
#: Linear RGB to cone responses, and their cube roots to OKLab: Ottosson 2020.
TO_CONES = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
TO_LAB = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
          [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
#: OKLab distance at which two marks of a picture are told apart at a glance; eight groups have
#: their names beside their marks, and may lie a little closer than the first three.
FAR, NEAR = 0.1, 0.09


def linear(colour: str) -> np.ndarray:
    share = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast as WCAG 2 counts it, 1 to 21."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, vision: str) -> np.ndarray:
    """Where a colour stands in OKLab for a vision."""
    light = np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ light)


@pytest.mark.parametrize("scheme", PALETTES)
def test_texts_are_legible(scheme: str) -> None:
    palette = PALETTES[scheme]
    least = 7 if scheme.startswith("contrast") else 4.5
    for text in ("ink", "muted", "missing", "met"):
        for ground in ("card", "ground"):
            assert contrast(palette[text], palette[ground]) >= least, (text, ground)
    for group in GROUPS:  # a number in a group's bar
        assert contrast(palette[f"on_{group}"], palette[group]) >= 4.5, group
    assert contrast(palette["card"], palette["grey"]) >= 4.5


@pytest.mark.parametrize("scheme", PALETTES)
def test_marks_stand_out_from_the_card(scheme: str) -> None:
    for mark in (*GROUPS, "missing", "grey"):
        assert contrast(PALETTES[scheme][mark], PALETTES[scheme]["card"]) >= 3, mark


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("scheme", PALETTES)
def test_groups_grey_and_what_is_missing_stay_apart(scheme: str, vision: str) -> None:
    for one, other in combinations(APART, 2):
        between = seen(PALETTES[scheme][one], vision) - seen(PALETTES[scheme][other], vision)
        few = {one, other} <= {*GROUPS[:3], "missing", "grey"}
        assert np.linalg.norm(between) >= (FAR if few else NEAR), (one, other)


def test_red_and_green_of_one_lightness_would_fail() -> None:
    between = seen("#b0483c", "deuteranopia") - seen("#6f6f2e", "deuteranopia")
    assert np.linalg.norm(between) < FAR


MEDIA = {
    "light": r":root \{([^}]*)\}",
    "dark": r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}",
    "contrast": r"@media screen and \(prefers-contrast: more\), [^{]*\{\s*:root \{([^}]*)\}",
    "contrast_dark": r"\(prefers-contrast: more\) and \(prefers-color-scheme: dark\),[^{]*"
    r"\{\s*:root \{([^}]*)\}",
}


@pytest.mark.parametrize("scheme", PALETTES)
def test_the_style_sheet_has_the_pictures_colours(scheme: str) -> None:
    sheet = (STATIC / "workbook.css").read_text("utf-8")
    block = re.search(MEDIA[scheme], sheet)
    assert block is not None
    written = dict(re.findall(r"--wb-([\w]+): (#[0-9a-f]{6});", block[1]))
    assert {token: written.get(token) for token in PALETTES[scheme]} == PALETTES[scheme]


def test_no_text_speaks_of_a_lightness_that_the_dark_scheme_turns_round():
    texts = [
        ROOT / "analysis" / "strings.csv",
        *notebooks_dir().glob("[1-8]_*.ipynb"),
        *data_dir().glob("plans/*/texts.csv"),
    ]
    lightness = re.compile(
        r"\b(?:black|white|pale[rn]?|dark(?:er)?|lighter)\b"
        "|[黑白]线|黑色|白色|[深浅][色条]|由[深浅]到|越[深浅]",
        re.IGNORECASE,
    )
    found = [(path.name, *lightness.findall(path.read_text("utf-8"))) for path in texts]
    assert len(found) > 10 and [one for one in found if len(one) > 1] == []
