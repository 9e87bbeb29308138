"""Changes of a plan's tables and of the evidence beside them, and what has to come of each."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = list[dict[str, str]]
Edit = Callable[[Path], None]
FIGURES = "../../evidence/figures"


@dataclass(frozen=True)
class Change:
    """One change.

    edits : done to a copy of the plan's folder, one after the other
    plan : the id of a plan, if another than the one that opens
    named : the file and column that the check names, None where pages carry the change
    page : the page on which it shows
    told, untold : what that page then says, and no longer says, in English
    absent : pages that the plan then has nothing for
    """

    edits: tuple[Edit, ...]
    named: tuple[str, str] | None = None
    page: str = ""
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    plan: str = ""


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(name: str, change: Callable[[Rows], Rows]) -> Edit:
    """Return an edit of a table's rows."""

    def edit(folder: Path) -> None:
        path = folder / f"{name}.csv"
        rows = rows_of(path)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(change(rows))

    return edit


def _fits(row: dict[str, str], where: dict[str, str]) -> bool:
    return all(row[key] == wanted for key, wanted in where.items())


def setting(name: str, cells: dict[str, str], **where: str) -> Edit:
    """Return an edit that writes cells into the rows that fit."""
    return table(name, lambda rows: [row | cells if _fits(row, where) else row for row in rows])


def without(name: str, **where: str) -> Edit:
    return table(name, lambda rows: [row for row in rows if not _fits(row, where)])


def another(name: str, cells: dict[str, str], **where: str) -> Edit:
    """Return an edit that adds a row like the first that fits."""

    def change(rows: Rows) -> Rows:
        return [*rows, next(row for row in rows if _fits(row, where)) | cells]

    return table(name, change)


def each(name: str, cells: dict[str, str], **where: str) -> Edit:
    """Return an edit that adds to every row that fits one like it."""
    return table(name, lambda rows: [*rows, *(r | cells for r in rows if _fits(r, where))])


def replaced(name: str, column: str, old: str, new: str) -> Edit:
    """Return an edit that writes a key otherwise in a column, also within longer ones."""
    return table(name, lambda rows: [r | {column: r[column].replace(old, new)} for r in rows])


def reordered(name: str) -> Edit:
    return table(name, lambda rows: rows[::-1])


def about(**lines: Any) -> Edit:
    """Return an edit of lines of plan.json."""

    def edit(folder: Path) -> None:
        path = folder / "plan.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | lines), "utf-8")

    return edit


def presets(*keys: str) -> Edit:
    """Return an edit that leaves these of scenarios.json alone."""

    def edit(folder: Path) -> None:
        path = folder / "scenarios.json"
        form = json.loads(path.read_text("utf-8"))
        kept = [one for one in form["presets"] if one["key"] in keys]
        path.write_text(json.dumps(form | {"presets": kept}), "utf-8")

    return edit


def scaled(name: str, by: float, unit: str, to: str) -> Edit:
    """Return an edit that writes the amounts of one unit in another."""
    return table(name, lambda rows: [
        row | {"unit": to} | ({"value": f"{float(row['value']) * by:g}"} if "value" in row else {})
        if row["unit"] == unit else row for row in rows])  # fmt: skip


def measured(key: str, name: str, unit: str, kind: str, **values: str) -> Iterator[Edit]:
    """Yield the rows of one more measure, with its targets by level and its lever."""
    yield another("measures", {
        "measure": key, "name_zh": name, "name_en": name, "short_zh": name, "short_en": name,
        "type": kind, "of": "", "unit": unit, "digits": "0", "stem": key, "symbol": "J",
        "series": "", "scope": ""})  # fmt: skip
    for level, value in values.items():
        cells = {"measure": key, "value": value, "unit": unit}
        yield another("targets", cells, level=level, who="wuhan")


def lever(key: str, unit: str, default: str, low: str, high: str) -> Edit:
    cells = {"key": key, "unit": unit, "default": default, "low": low, "high": high}
    named = {"group": "other", "symbol": "j", "name_zh": key, "name_en": key}
    return another("levers", cells | named)


def taken(name: str, plan: str) -> Edit:
    """Return an edit that puts another plan's table in."""

    def edit(folder: Path) -> None:
        shutil.copy(folder.parent / plan / f"{name}.csv", folder)

    return edit


def wordless(folder: Path) -> None:
    """Drop the plan's own texts: those of any plan stand in their place."""
    (folder / "texts.csv").unlink()


def moved_by_levers(group: str, symbol: str, like: str) -> tuple[Edit, ...]:
    """Return edits that give a new group its levers, and the example its part of one like it."""
    return (
        another("levers", {"key": f"uplift_{group}", "symbol": f"u_{{{symbol}}}"},
                key="uplift_outer"),
        another("levers", {"key": f"share_{group}", "symbol": f"s_{{{symbol}}}",
                           "default": f"plan:floors/{group}/industrial_share"}, key="share_outer"),
        another("example_ledger", {"group": group}, parameter="industrial", group=like),
        another("example_ledger", {"group": group}, parameter="manufacturing", group=like),
    )  # fmt: skip


#: A group more, with a floor, a share and a lever of either.
COUNTY = (
    another("groups", {"group": "county", "name_zh": "远城区", "name_en": "Far districts",
                       "short_zh": "远城区", "short_en": "Far", "symbol": "d", "leads": "false"}),
    setting("places", {"group": "county"}, place="xinzhou"),
    another("targets", {"who": "county", "value": "300"}, who="outer", measure="capital_in_place"),
    another("targets", {"who": "county", "value": "40"}, who="outer", measure="industrial_share"),
)  # fmt: skip
COUNTY_LEVERS = moved_by_levers("county", "d", "outer")
#: A district that is a group of its own.
ALONE = (
    another("groups", {"group": "alone", "name_zh": "洪山", "name_en": "Hongshan alone",
                       "short_zh": "洪山", "short_en": "Alone", "symbol": "a", "leads": "false"}),
    setting("places", {"group": "alone"}, place="hongshan"),
    another("targets", {"who": "alone", "value": "700"}, who="central", measure="capital_in_place"),
    another("targets", {"who": "alone"}, who="central", measure="industrial_share"),
    *moved_by_levers("alone", "a", "central"),
)  # fmt: skip
#: The regions of a country in three groups.
THREE = (
    table("groups", lambda rows: rows[:3]),
    *(setting("places", {"group": group}, place=place) for place, group in (
        ("mid_west", "border_region"), ("south_east", "mid_east_region"),
        ("south_west", "midlands_region"), ("west", "border_region"))),
    setting("places", {"group": "midlands_region"}, place="dublin"),
)  # fmt: skip
NO_FDI = (
    without("targets", measure="fdi_growth"), without("measures", measure="fdi_growth"),
    without("levers", key="fdi_growth"),
    table("outcomes", lambda rows: [row for row in rows if not row["key"].startswith("fdi_")]),
)  # fmt: skip
NO_FOREIGN = (
    *NO_FDI,
    without("targets", measure="foreign_capital_growth"),
    without("measures", measure="foreign_capital_growth"),
    without("levers", key="foreign_capital_growth"), without("levers", key="exchange_rate"),
    table("outcomes", lambda rows: [
        row for row in rows if not row["key"].startswith(("foreign_", "exchange_"))]),
)  # fmt: skip
NO_SHARE = (
    without("targets", measure="industrial_share"), without("measures", measure="industrial_share"),
    table("levers", lambda rows: [r for r in rows if r["group"] not in ("industry", "sharing")]),
    table("outcomes", lambda rows: [
        row for row in rows if not row["key"].startswith(("industrial_", "credited_"))]),
)  # fmt: skip
CHALLENGE = another("levels", {
    "level": "challenge", "name_zh": "挑战目标", "name_en": "challenge target",
    "short_zh": "挑战", "short_en": "challenge"}, level="stretch")  # fmt: skip
THIRD = (
    CHALLENGE,
    *(another("targets", {"level": "challenge", "value": value}, level="stretch", who="wuhan",
              measure=measure)
      for measure, value in (("capital_in_place", "9400"), ("industrial_share", "42"),
                             ("foreign_capital_growth", "10"), ("fdi_growth", "20"))),
)  # fmt: skip
YEAR_AFTER = (
    setting("targets", {"period": "2022"}), about(period="2022", base_year=2021),
    setting(FIGURES, {"bound": "exact", "value": "9328.6"},
            id="capital_in_place_wuhan_2021_lower"),
    setting("levers", {"high": "2021"}, key="base_year"),
)  # fmt: skip
NO_STRETCH = (
    without("levels", level="stretch"),
    without("targets", level="stretch"),
    table("outcomes", lambda rows: [r for r in rows if not r["key"].endswith("_stretch")]),
)
#: Nothing is published of what the plan sums.
NO_SERIES = (
    setting("measures", {"series": ""}, measure="capital_in_place"),
    without("outcomes", key="capital_base"),
    without("outcomes", key="capital_growth_on_base"),
    presets("floors", "expected", "stretch"),
)
RENAMED = (
    replaced("groups", "group", "central", "core"),
    setting("places", {"group": "core"}, group="central"),
    setting("targets", {"who": "core"}, who="central"),
    setting("quotas", {"who": "core"}, who="central"),
)
REGROWN = tuple(
    edit for old, new in (("foreign_capital_growth", "inward"), ("fdi_growth", "direct"))
    for edit in (
        setting("measures", {"measure": new}, measure=old),
        setting("targets", {"measure": new}, measure=old), setting("levers", {"key": new}, key=old),
        replaced("levers", "default", f"/{old}/", f"/{new}/"),
    )
)  # fmt: skip


FLOORS, ABROAD, PROJECTS, SCENARIOS, DISTRICTS, CHAINS = (
    "1_capital_inflow", "2_fdi_growth", "3_project_structure", "4_target_scenarios",
    "5_districts", "6_chains",
)  # fmt: skip
CAPITAL = {"measure": "capital_in_place"}
CITY = {"who": "wuhan", **CAPITAL}
SMALL = another("quotas", {
    "quota": "small_5", "sector": "", "min_size": "5", "each": "4",
    "name_zh": "项目（5 亿元以上）", "name_en": "Projects of CNY 0.5 billion and above"},
    quota="service_30")  # fmt: skip
NEWPORT = {"name_en": "Newport", "short_en": "Newport", "label_en": "Newport"}
JOBS = (
    *measured("jobs", "New jobs", "jobs", "level", expected="50000", stretch="60000"),
    *measured("signings", "Projects signed", "projects", "level", expected="500", stretch="600"),
)

CHANGES: dict[str, Change] = {
    # Values.
    "larger capital targets": Change(
        (setting("targets", {"value": "10000"}, level="expected", **CITY),
         setting("targets", {"value": "10500"}, level="stretch", **CITY)),
        page=FLOORS, told=("CNY 1,000 billion", "7.20%", "12.56%"), untold=("0.02%", "933 billion"),
    ),
    "a target beyond the levers": Change(
        (setting("targets", {"value": "13000"}, **CITY),), ("scenarios.json", "presets")),
    "a share beyond the levers": Change(
        (setting("targets", {"value": "70"}, measure="industrial_share", level="stretch"),),
        ("scenarios.json", "presets")),
    "a share target below what the floors bring": Change(
        (setting("targets", {"value": "35"}, measure="industrial_share", level="expected"),),
        page=FLOORS, told=("35.42%", "35.0%"), untold=("36.5",),
    ),
    "a group's larger floor": Change(
        (setting("targets", {"value": "800"}, who="zone", **CAPITAL),),
        page=FLOORS, told=("CNY 865.9 billion",), untold=("843.1",),
    ),
    "a group's floor dropped": Change(
        (without("targets", who="zone", **CAPITAL),), ("targets.csv", "who")),
    "a district's own floor": Change(
        (another("targets", {"who": "hongshan", "value": "700"}, who="central", **CAPITAL),),
        page=FLOORS, told=("CNY 856.2 billion",), untold=("843.1",),
    ),
    "a growth target below zero": Change(
        (setting("targets", {"value": "-5"}, measure="fdi_growth", level="expected"),),
        page=ABROAD, told=("−5",), untold=("15%",),
    ),
    "a floor for growth": Change(
        (another("targets", {"measure": "foreign_capital_growth", "value": "6", "unit": "%"},
                 who="central"),),
        ("targets.csv", "who"),
    ),
    # Levels.
    "a third level without targets": Change((CHALLENGE,), ("targets.csv", "value")),
    "a third level": Change(THIRD, page=FLOORS, told=("challenge", "CNY 940 billion")),
    "a third level, abroad": Change(
        THIRD, page=ABROAD, told=("15%, 18% and 20%", "dashed: stretch and challenge")),
    "no stretch level, its outcomes left": Change(NO_STRETCH[:2], ("outcomes.csv", "key")),
    "no stretch level, its scenarios left": Change(NO_STRETCH, ("scenarios.json", "presets")),
    "no stretch level": Change(
        (*NO_STRETCH, presets("floors", "expected")),
        page=FLOORS, told=("CNY 933 billion",), untold=("936 billion",),
    ),
    "a level's name": Change(
        (setting("levels", {"short_en": "ambitious", "name_en": "ambitious target"},
                 level="stretch"),),
        page=FLOORS, told=("ambitious",),
    ),
    "levels the other way round": Change((reordered("levels"),), ("targets.csv", "value")),
    # Groups and places.
    "a district without a tile": Change(
        (another("places", {"place": "new", "across": ""}, place="xinzhou"),),
        ("places.csv", "across")),
    "a fifteenth district": Change(
        (another("places", {"place": "new", "name_zh": "新港区", "short_zh": "新港区",
                            "label_zh": "新港区", "across": "0", "down": "0", "code": ""}
                 | NEWPORT, place="xinzhou"),),
        page=DISTRICTS, told=("Newport", "Xinzhou"),
    ),
    "a district dropped": Change(
        (without("places", place="xinzhou"), without("place_names", place="xinzhou")),
        page=FLOORS, told=("CNY 786.2 billion",), untold=("Xinzhou",),
    ),
    "a district as a group of its own, without levers": Change(ALONE[:4], ("levers.csv", "key")),
    "a district as a group of its own": Change(
        ALONE, page=FLOORS, told=("Alone", "CNY 856.2 billion"), untold=("843.1",)),
    "a district in another group": Change(
        (setting("places", {"group": "zone"}, place="xinzhou"),),
        page=FLOORS, told=("CNY 858.6 billion",)),
    "a district renamed": Change(
        (setting("places", NEWPORT, place="xinzhou"),),
        page=DISTRICTS, told=("Newport",), untold=("Xinzhou",)),
    "a group without a place": Change((another("groups", {"group": "county"}),),
                                      ("groups.csv", "group")),
    "a fourth group without levers": Change(COUNTY, ("levers.csv", "key")),
    "a fourth group": Change(
        (*COUNTY, *COUNTY_LEVERS), page=FLOORS, told=("Far", "CNY 816.2 billion")),
    "a fourth group, its districts": Change(
        (*COUNTY, *COUNTY_LEVERS), page=DISTRICTS, told=("Far", "Xinzhou")),
    "a group removed": Change(
        (without("groups", group="outer"), without("places", group="outer")),
        ("place_names.csv", "place"),
    ),
    "a group's key renamed": Change(RENAMED, ("levers.csv", "default")),
    "a group's key renamed everywhere": Change(
        (*RENAMED, replaced("levers", "key", "central", "core"),
         replaced("levers", "default", "central", "core"),
         replaced("example_ledger", "group", "central", "core")),
        page=PROJECTS, told=("Central", "Zones"),
    ),
    "groups the other way round": Change(
        (reordered("groups"),), page=FLOORS, told=("CNY 843.1 billion",)),
    "places the other way round": Change(
        (reordered("places"),), page=FLOORS, told=("CNY 843.1 billion",)),
    # Measures, levers, outcomes.
    "growths by other keys": Change(
        (*REGROWN, presets("floors")), page=ABROAD,
        told=("just the baseline target of 8%", "just the baseline target of 15%")),
    "no FDI target, its lever left": Change(
        (without("targets", measure="fdi_growth"),), ("levers.csv", "default")),
    "no FDI target, its words left": Change(
        (*NO_FDI, presets("floors")), page=SCENARIOS, told=("Foreign capital",),
        untold=("FDI",), absent=("fdi_growth",)),
    "no FDI target": Change(
        (*NO_FDI, presets("floors"), wordless), page=SCENARIOS, told=("Foreign capital",),
        untold=("FDI",), absent=("fdi_growth",)),
    "no foreign capital": Change(
        (*NO_FOREIGN, presets("floors")), page=SCENARIOS,
        told=("meet both targets", "meet both baseline targets"),
        untold=("FDI", "oreign capital"), absent=("fdi_growth",)),
    "no share target": Change(
        (*NO_SHARE, presets("floors")), page=FLOORS, told=("CNY 843.1 billion",),
        untold=("36.5",), absent=("project_structure", "districts", "chains", "bulletin")),
    "targets in jobs and projects without levers": Change(JOBS, ("levers.csv", "key")),
    "targets in jobs and projects": Change(
        (*JOBS, lever("jobs", "jobs", "50000", "0", "90000"),
         lever("signings", "projects", "500", "0", "900")),
        page=SCENARIOS, told=("New jobs", "50,000", "Projects signed", "500"),
    ),
    "measures the other way round": Change(
        (reordered("measures"),), page=FLOORS, told=("CNY 843.1 billion", "35.42%")),
    "a lever dropped": Change((without("levers", key="led_share"),), ("levers.csv", "key")),
    "a lever that no equation knows": Change(
        (another("levers", {"key": "tax"}),), ("levers.csv", "key")),
    "a lever's narrower bounds": Change(
        (setting("levers", {"high": "10"}, key="uplift_zone"),), ("scenarios.json", "presets")),
    "a default outside its bounds": Change(
        (setting("levers", {"low": "60"}, key="conversion"),), ("levers.csv", "default")),
    "an outcome that no equation makes": Change(
        (another("outcomes", {"key": "tax", "of": ""}),), ("outcomes.csv", "key")),
    "an outcome's own name dropped": Change(
        (without("outcomes", key="signed_required"),), page=FLOORS, told=("CNY 843.1 billion",)),
    # Units, years.
    "targets in another unit than their measure": Change(
        (scaled("targets", 1e4, "1e8 CNY", "1e4 CNY"),), ("targets.csv", "unit")),
    "another unit than what is published": Change(
        (scaled("targets", 1e4, "1e8 CNY", "1e4 CNY"), scaled("measures", 1, "1e8 CNY", "1e4 CNY")),
        ("measures.csv", "unit")),
    "another money than what is published": Change(
        (scaled("targets", 15.5, "1e8 CNY", "1e6 USD"),
         scaled("measures", 1, "1e8 CNY", "1e6 USD")),
        ("measures.csv", "unit")),
    "an unknown unit": Change(
        (scaled("targets", 1, "1e8 CNY", "heaps"), scaled("measures", 1, "1e8 CNY", "heaps")),
        ("measures.csv", "unit"),
    ),
    "another unit, of which nothing is published": Change(
        (*NO_SERIES, scaled("targets", 1, "1e8 CNY", "1e6 EUR"),
         scaled("measures", 1, "1e8 CNY", "1e6 EUR"), about(money="1e6 EUR")),
        page=FLOORS, told=("EUR 8,431 million",),
    ),
    "the year after": Change(
        (setting("targets", {"period": "2022"}), about(period="2022", base_year=2021)),
        ("levers.csv", "default"),
    ),
    "the year after, this one's sum published exactly": Change(
        (*YEAR_AFTER, presets("floors", "expected")), page=FLOORS, told=("2022",),
        untold=("plan of 2021",)),
    "the year after, with a scenario of what it reported": Change(
        YEAR_AFTER, ("scenarios.json", "presets")),
    "the year after, its targets left": Change(
        (about(period="2022", base_year=2021),), ("targets.csv", "period")),
    # Quotas and chains.
    "other sizes of projects": Change(
        (setting("quotas", {"min_size": "20"}, min_size="30"),), ("quotas.csv", "name_zh")),
    "quotas' keys renamed": Change(
        (replaced("quotas", "quota", "_30", "_20"), replaced("quotas", "part_of", "_30", "_20")),
        ("texts.csv", "key"), page=PROJECTS),
    "one quota of two sizes": Change(
        (setting("quotas", {"min_size": "20"}, quota="industrial_30", who="zone"),),
        ("quotas.csv", "min_size")),
    "a quota more": Change(
        (SMALL,), page=PROJECTS, told=("Projects of CNY 0.5 billion and above",)),
    "a quota more, by district": Change(
        (SMALL,), page=DISTRICTS, told=("Projects of CNY 0.5 billion and above",)),
    "a quota dropped": Change(
        (without("quotas", who="outer", quota="industrial_30"),), page=PROJECTS,
        told=("Service projects",)),
    "no outward-oriented projects": Change(
        (without("quotas", quota="outward"),), page=PROJECTS, untold=("utward",)),
    "the city's own number dropped": Change(
        (without("quotas", quota="outward", who="wuhan"),), ("quotas.csv", "who")),
    "no quotas, their words left": Change((without("quotas"),), ("texts.csv", "key")),
    "no quotas": Change(
        (without("quotas"),
         table("texts", lambda rows: [r for r in rows if "quota" not in r["key"]])),
        page=DISTRICTS, told=("The plan sets the districts no quotas of projects",),
        untold=("Quotas of projects 20%", "quotas of projects; what")),
    "a chain that the example does not know": Change(
        (another("chains", {"chain": "space", "name_zh": "航空航天", "name_en": "Aerospace"}),),
        ("example_ledger.csv", "parameter, group"), page=CHAINS),
    "a chain more": Change(
        (another("chains", {"chain": "space", "name_zh": "航空航天", "name_en": "Aerospace"}),
         another("example_ledger", {"group": "space", "value": "0.05"}, parameter="chain")),
        page=CHAINS, told=("Aerospace",)),
    "no chains": Change(
        (without("chains"), without("chain_links"),
         table("texts", lambda rows: [r for r in rows if "chains.short." not in r["key"]])),
        page=DISTRICTS, told=("Jiang&#x27;an",),
        absent=("chains",)),
    # The example.
    "a share of the example above the whole": Change(
        (setting("example_ledger", {"value": "220"}, parameter="never_arrives"),),
        ("example_ledger.csv", "value"), page=CHAINS),
    "a lag of the example of a thousand years": Change(
        (setting("example_ledger", {"value": "12000"}, parameter="lag"),),
        ("example_ledger.csv", "value"), page=CHAINS),
    # Words.
    "a text twice": Change((each("texts", {}, key="publish.name"),), ("texts.csv", "key")),
    "a text in one language": Change(
        (setting("texts", {"en": ""}, key="publish.name"),), ("texts.csv", "key")),
    "a text with another value in one language": Change(
        (setting("texts", {"en": "{nothing}"}, key="publish.name"),), ("texts.csv", "key")),
    "levers the other way round": Change((reordered("levers"),), page=SCENARIOS),
    # Evidence.
    "a figure dropped": Change(
        (without(FIGURES, id="capital_in_place_wuhan_2020"),), ("scenarios.json", "presets")),
    "no figures of the city": Change(
        (without(FIGURES, place="Wuhan"),), ("outcomes.csv", "key")),
    "no figures at all": Change(
        (table(FIGURES, lambda rows: []),), ("evidence/figures.csv", "series")),
    "figures of another city": Change(
        (replaced(FIGURES, "place", "Wuhan", "Chengdu"),), ("outcomes.csv", "key")),
    "a sum of which nothing is published": Change(
        NO_SERIES, page=FLOORS, told=("CNY 843.1 billion",)),
    "a text that nothing says": Change(
        (another("texts", {"key": "capital_inflow.past_years.titel"}),), ("texts.csv", "key")),
    "a text that any plan has": Change(
        (another("texts", {"key": "capital_inflow.signed", "zh": "签约和开工",
                           "en": "Signed and started"}),), ("texts.csv", "key")),
    # A plan of a country.
    "regions in fewer groups, a part's left": Change(
        THREE, ("measures.csv", "group"), plan="ireland_2021_2024"),
    "regions in fewer groups": Change(
        (*THREE, setting("measures", {"group": "border_region|mid_east_region"},
                         measure="regional_investments"),
         setting("targets", {"value": "257"}, measure="regional_investments", who="ireland"),
         presets("targets_met")),
        page=FLOORS, told=("800 investments",), untold=("Dublin, above",),
        plan="ireland_2021_2024"),
    "counts in money": Change(
        (scaled("measures", 1, "investments", "1e8 CNY"),
         scaled("targets", 1, "investments", "1e8 CNY")),
        ("measures.csv", "unit"), plan="ireland_2021_2024"),
    "another country's quotas": Change(
        (taken("quotas", "wuhan_2021"),), ("quotas.csv", "who"), plan="ireland_2021_2024"),
    "another country's places": Change(
        (taken("places", "wuhan_2021"),), ("places.csv", "group"), plan="ireland_2021_2024"),
    "levers from nothing to four times": Change(
        (setting("levers", {"low": "-100", "high": "300"}, key="uplift_{group}"),),
        page=SCENARIOS, told=("800 investments", "3,200"), plan="ireland_2021_2024"),
}  # fmt: skip
