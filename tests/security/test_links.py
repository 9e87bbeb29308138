"""A link's scenario in the first HTML: read as the browser reads it, bounded, with no kernel."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import pytest
from world import kernels, parents, visitor

from analysis.model import load_model
from analysis.publish import linked
from analysis.publish.link import levers_in
from analysis.publish.parent import Parent
from analysis.scenario.naming import name_in

ROOT = Path(__file__).parents[2]
LEVERS = [
    {"key": "uplift_zone", "default": 0, "low": -30, "high": 70},
    {"key": "base_year", "default": 2020, "low": 2019, "high": 2020, "choices": [2019, 2020]},
]
#: Texts that a link may bring, good and hostile.
TEXTS = [
    "v1", "v1;uplift_zone=12", "v1;uplift_zone=1e-7", "v1;uplift_zone=12;base_year=2019",
    "v1;name=%E7%94%B2;uplift_zone=1", "v1;;uplift_zone=2;", "v1;uplift_zone=-30",
    "", "v2;uplift_zone=1", "v1;uplift_zone=", "v1;uplift_zone=0x10", "v1;uplift_zone=1e999",
    "v1;uplift_zone=71", "v1;uplift_zone=1;uplift_zone=2", "v1;__proto__=1", "v1;constructor=1",
    "v1;base_year=2019.5", "v1;uplift_zone=NaN", "v1;uplift_zone=１２", "v1;uplift_zone= 1",
    "v1;uplift_zone=1\n", "v1;uplift_zone=+1", "v1;uplift_zone=1_0", "v1;uplift_zone=1=2",
    "v1;<script>alert(1)</script>=1", "v1;" + "uplift_zone=1;" * 500, "\x00", "v1;uplift_zone",
]  # fmt: skip


def test_a_link_is_read_as_the_browser_reads_it() -> None:
    script = (
        f"import {{ fromLink }} from '{ROOT}/js/src/link.js';"
        "const [texts, levers] = JSON.parse(process.argv[1]);"
        "console.log(JSON.stringify(texts.map((text) => fromLink(text, levers).levers ?? null)))"
    )
    command = ["node", "--input-type=module", "-e", script, json.dumps([TEXTS, LEVERS])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [levers_in(text, LEVERS) for text in TEXTS] == json.loads(done.stdout)


#: What a name may not bring, by what it would do.
HOSTILE_NAMES = [
    "<script>alert(1)</script>", "<b>", "a&amp;b", '"onload=x', "a'b",
    "`x`", "$x$", "#let x", "*b*",
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\tb", "a\nb", "a;uplift_zone=1", "a=b",
    "../../etc/passwd", "a/b", "a\\b", "a:b", "C|D", "a?b", "a*b", "nul\x00", "\x1b[31m",
    "\u202emoc.live", "\u2066a\u2069", "\u200fa", "a\u200bb", "\ufeffa", "a\u00a0b",
    "a\u3000b", "שלום",
    "http://evil.example", "evil.example", "evil。example", "evil．example", "mail@evil.example",
    "call 027 8588 1234", "13800138000", "请拨１３８００１３８０００", "е-mail", "z\u0335\u0336a",
    "\U0001f600", "\ud83d", "{name}", "{{7*7}}", "${x}", "%41", "50%a", "a" * 41, "甲" * 41,
    "x" * 10_000, "", " ", "()", "a  b",
]  # fmt: skip
NAMES = {
    "稳健方案": "稳健方案", " Baseline 2 ": "Baseline 2", "9360 and 40%": "9360 and 40%",
    "Cafe\u0301": "Café", "A-B (c), d": "A-B (c), d",
    "方案甲：先进制造（开发区）、外资+5": "方案甲：先进制造（开发区）、外资+5",
    "甲" * 40: "甲" * 40,
}  # fmt: skip


def test_a_name_is_words_alone_in_the_page_as_on_the_server() -> None:
    texts = [*HOSTILE_NAMES, *NAMES]
    script = (
        f"import {{ nameIn }} from '{ROOT}/js/src/naming.js';"
        "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(nameIn)))"
    )
    command = ["node", "--input-type=module", "-e", script, json.dumps(texts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wanted = ["" for _ in HOSTILE_NAMES] + list(NAMES.values())
    assert [name_in(text) for text in texts] == json.loads(done.stdout) == wanted


def number(page: str) -> str:
    found = re.search(r'wb-card-number">([^<]*)<', page)
    assert found
    return found.group(1)


@pytest.mark.slow
def test_a_links_numbers_and_charts_stand_in_the_first_html(guarded: str) -> None:
    before = kernels(guarded)
    plain = visitor(guarded).get("briefing/target_scenarios")[1].decode()
    end = time.monotonic() + 60
    while True:
        page = visitor(guarded).get("briefing/target_scenarios?s=v1;uplift_zone=12")[1].decode()
        if 'data-linked="yes"' in page or time.monotonic() > end:
            break
        time.sleep(0.5)  # whoever comes while it is drawn gets the page as it is
    total = load_model().evaluate({"uplift_zone": 12.0})["capital_total"]
    assert number(page) == f"{total:,.0f}" != number(plain)
    charts = [
        re.findall(r'<div class="wb-wide"[^>]*>(.*?)</div>', html, re.S) for html in (page, plain)
    ]
    assert len(charts[0]) == len(charts[1]) > 3
    assert all(chart.startswith("<svg") for chart in charts[0])
    assert charts[0] != charts[1]
    assert kernels(guarded) <= before
    assert parents(guarded)
    assert all(parent.num_threads() == 1 for parent in parents(guarded))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [t for t in TEXTS if levers_in(t, LEVERS) is None], ids=lambda text: repr(text[:40])
)
def test_a_hostile_link_gets_the_plain_page(guarded: str, text: str) -> None:
    plain = visitor(guarded).get("briefing/target_scenarios")[1]
    status, page = visitor(guarded).get(f"briefing/target_scenarios?s={quote(text)}")
    assert status == 200
    assert page == plain


class Drawn:
    """A parent whose drawing is a sleep."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.process = SimpleNamespace(pid=1)
        self.notebook = Path("1_page.ipynb")


def drawing(seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[linked.LinkedPages, Parent]:
    async def looks(self: Any, parent: Any, lang: str, levers: Any) -> dict[str, str]:
        await asyncio.sleep(parent.seconds)
        return {"view": str(dict(levers))}

    monkeypatch.setattr(linked.LinkedPages, "_looks", looks)
    return linked.LinkedPages(), cast(Parent, Drawn(seconds))


def test_what_is_drawn_at_once_waited_for_and_kept_is_bounded(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(linked, "PATIENCE", 0.2)
    monkeypatch.setattr(linked, "KEPT", 3)
    pages, slow = drawing(0.6, monkeypatch)

    def busy() -> float:
        return linked.LINKS.labels("busy")._value.get()

    async def story() -> None:
        def ask(value: float) -> Any:
            return pages.of(slow, "zh", {"a": value}, lambda first: first["view"])

        before = busy()
        assert await asyncio.gather(*(ask(v) for v in range(5))) == [None] * 5
        assert busy() - before == 5 - linked.AT_ONCE
        await asyncio.sleep(0.8)
        assert (await ask(0)).plain == b"{'a': 0}"  # drawn meanwhile, and kept
        slow.seconds = 0.0  # type: ignore[attr-defined]
        for value in range(10, 16):
            assert await ask(value) is not None
        assert len(pages._kept) == 3

    alone(story())


def test_one_address_leaves_others_a_place_to_have_their_link_drawn(
    monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    pages, slow = drawing(0.2, monkeypatch)

    async def story() -> None:
        def ask(value: float, reader: str) -> Any:
            return pages.of(slow, "zh", {"a": value}, lambda first: first["view"], reader)

        asked = [ask(1, "greedy"), ask(2, "greedy"), ask(3, "other")]
        first, second, third = await asyncio.gather(*asked)
        assert first is not None and second is None and third is not None
        assert await ask(2, "greedy") is not None and not pages._making.whose

    alone(story())


def test_drawing_that_does_not_end_is_ended(
    defended: bool, monkeypatch: pytest.MonkeyPatch, alone: Any
) -> None:
    monkeypatch.setattr(linked, "DEADLINE", 0.1 if defended else 60)
    monkeypatch.setattr(linked, "PATIENCE", 0.3)
    pages, stuck = drawing(60, monkeypatch)

    async def story() -> None:
        assert await pages.of(stuck, "zh", {"a": 1.0}, lambda first: "") is None
        assert bool(pages._making.whose) != defended

    alone(story())
