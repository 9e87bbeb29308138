"""The outcomes that a plan's measures bring: their keys, units, names and symbols.

A plan's `outcomes.csv` may name them; what it doesn't name is named after its measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.model.described import Outcome
from analysis.plan import Plan
from analysis.plan_package import SUMS, Measure
from analysis.text import both

if TYPE_CHECKING:
    from analysis.model.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Row:
    """An outcome before it has a name.

    part : what of its measure it is, a row `outcome.<part>` of strings.csv
    """

    key: str
    part: str
    measure: Measure
    unit: str
    symbol: str
    names: Mapping[str, str]


def listed(inputs: Inputs, plan: Plan) -> Iterator[Row]:
    """Yield the outcomes of each measure by its type, in no particular order."""
    groups = {row["tier"]: row for row in plan.tiers.to_dict("records")}
    levels = {row["level"]: row for row in plan.levels.to_dict("records")}
    base = inputs.levers["base_year"].default if "base_year" in inputs.levers else None

    def row(measure: Measure, part: str, key: str, unit: str, mark: str, who: Any = None) -> Row:
        said = {f"who_{lang}": who[f"name_{lang}"] if who else "" for lang in ("zh", "en")}
        return Row(key, part, measure, unit, mark, said)

    for m in inputs.measures:
        c, unit, stem = m.symbol, m.unit, m.stem
        apart = "points" if unit == "%" else unit
        for level in inputs.targets[m.key]:
            mark = f"m_{{{c}}}^{{\\mathrm{{{level}}}}}"
            yield row(m, "margin", f"{stem}_margin_{level}", apart, mark, levels[level])
        if m.type in SUMS:
            first = levels[next(iter(inputs.targets[m.key]))]
            for group, about in groups.items() if m is inputs.total else ():
                at = about["symbol"]
                yield row(m, "group", f"{stem}_{group}", unit, f"{c}_{{{at}}}", about)
                yield row(m, "of_group", f"coverage_{group}", "%", f"\\kappa_{{{at}}}", about)
            yield row(m, "whole", f"{stem}_total", unit, c)
            yield row(m, "coverage", f"{stem}_coverage", "%", f"\\kappa_{{{c}}}", first)
            yield row(m, "base", f"{stem}_base", unit, f"{c}_{{y}}")
            yield row(m, "on_base", f"{stem}_growth_on_base", "%", f"g_{{{c}}}")
        if m is inputs.share:
            whole = plan.measures[m.of]
            for group, about in groups.items():
                key, mark = f"{stem}_{group}", f"I_{{{about['symbol']}}}"
                yield row(m, "part_group", key, whole.unit, mark, about)
            yield row(m, "part_rest", f"{stem}_{inputs.rest}", whole.unit, "I_{n}")
            yield row(m, "part", f"{stem}_{whole.stem}", whole.unit, "I")
            yield row(m, "share", m.key, "%", c)
        if m.type == "growth":
            known = base in inputs.levels.get(m.key, {})
            level_unit = plan.about.second_money if known else "index"
            yield row(m, "base", f"{stem}_base", level_unit, f"{c.upper()}_{{y}}")
            yield row(m, "known", f"{stem}_base_known", "yes=1", f"b_{{{c}}}")
            yield row(m, "level", f"{stem}_level", level_unit, c.upper())
            yield row(m, "at_home", f"{stem}_growth_cny", "%", f"g_{{{c}}}^{{0}}")
            home = plan.about.money if known else "index"
            yield row(m, "level_at_home", f"{stem}_level_cny", home, f"{c.upper()}^{{0}}")
        if m is inputs.total:
            yield row(m, "signed", "signed_required", unit, "Z")
            yield row(m, "others", "others_added", unit, "A")
            yield row(m, "carried", "carried", unit, "D")
            yield row(m, "carried_margin", "carried_margin", unit, "m_{D}", first)
            for district, (zh, en) in inputs.district_names.items():
                mark = f"K_{{\\mathrm{{{district.replace('_', '')}}}}}"
                yield row(
                    m,
                    "credited",
                    f"credited_{district}",
                    unit,
                    mark,
                    {"name_zh": zh, "name_en": en},
                )
            yield row(m, "credited_rest", "credited_unfloored", unit, "K_{n}")
            yield row(m, "credited_whole", "credited_total", unit, "K")
    yield row(inputs.measures[0], "rate", "exchange_rate_base", "", "e_{y}")


def outcomes(inputs: Inputs, plan: Plan) -> dict[str, Outcome]:
    """Describe the outcomes, by the plan's own rows where it has them."""
    rows = list(listed(inputs, plan))
    own = {row.key: row for row in _named(inputs, plan, {row.key: row.unit for row in rows})}
    found = {}
    for row in rows:
        of = row.measure
        names = both(f"outcome.{row.part}", name_zh=of.short_zh, name_en=of.name_en, **row.names)
        found[row.key] = own.get(row.key) or Outcome(
            key=row.key,
            symbol=row.symbol,
            name_zh=names["zh"],
            name_en=names["en"],
            unit=row.unit or plan.about.money,
            source=plan.about.source,
            section="",
            kind="derived",
            confidence="medium",
            own=False,
        )
    return {**{key: found.get(key, row) for key, row in own.items()}, **found}


def _named(inputs: Inputs, plan: Plan, units: Mapping[str, str]) -> Iterator[Outcome]:
    groups: list[Any] = plan.tiers.rename(columns={"tier": "key"}).to_dict("records")
    districts: list[Any] = [
        {"key": key, "name_zh": zh, "name_en": en, "symbol": key.replace("_", "")}
        for key, (zh, en) in inputs.district_names.items()
    ]
    whole: list[Any] = [{"key": "", "name_zh": "", "name_en": "", "symbol": ""}]
    for row in plan.table("outcomes").to_dict("records"):
        of = row["of"]
        for about in {"tier": groups, "district": districts}.get(of, whole):
            key = row["key"].replace(f"{{{of}}}", about["key"])
            yield Outcome(
                key=key,
                symbol=row["symbol"].replace("@", about["symbol"]),
                name_zh=row["name_zh"].replace(f"{{{of}_zh}}", about["name_zh"]),
                name_en=row["name_en"].replace(f"{{{of}_en}}", about["name_en"]),
                unit=units.get(key, row["unit"]) if "{" in row["unit"] else row["unit"],
                source=row["source"],
                section=row["section"],
                kind=row["kind"],
                confidence=row["confidence"],
            )
