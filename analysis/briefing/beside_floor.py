"""How a plan that asks nothing of parts stands beside what the plan around it asks of its place."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import nested
from analysis.amounts import amount_said
from analysis.plan import Plan
from analysis.text import LANGUAGES, Message, Text

NAME = "capital_inflow.own"


def messages(plan: Plan, said: dict[str, Message | None]) -> dict[str, Message | None]:
    """Return what a page says of a plan with parts, as it holds of one that has none."""
    said |= dict.fromkeys((f"{key}.absent" for key in ("share_mosaic", "progress")), None)
    around, quotas = nested.parent(plan), nested.quotas(plan)
    if around is None or not (nested.floors(plan) or quotas["floor"].notna().any()):
        return said
    names = {lang: str(getattr(around.about, f"place_{lang}")) for lang in LANGUAGES}
    listed = {
        lang: Text(lang)(f"{NAME}.between").join(_items(plan, names[lang], Text(lang)))
        for lang in LANGUAGES
    }
    said.pop("own.absent", None)
    known = {"around": names, "named": listed, "year": str(plan.about.year)}
    return said | {"own.text": Message.fixed(f"{NAME}.nested", **known)}


def _items(plan: Plan, around: str, text: Text) -> Iterator[str]:
    """Yield each figure that the plan asks for, with what the plan around asks for at least."""
    floors, levels = nested.floors(plan), plan.levels.set_index("level")[f"short_{text.lang}"]
    for key in (key for key in plan.targets if key in floors):
        measure, own, floor = plan.measures[key], plan[key].expected, floors[key]
        name = str(getattr(measure, f"name_{text.lang}"))

        def written(value: float, unit: str = measure.unit, digits: int = measure.digits) -> str:
            return amount_said(value, unit, digits)[text.lang]

        lowest = text(f"{NAME}.level", level=str(levels[next(iter(plan[key].levels))]),
                      amount=written(own))  # fmt: skip
        apart = "points" if measure.unit == "%" else measure.unit
        yield text(
            f"{NAME}.nested.{_case(own, floor)}", name=name, around=around, own=lowest,
            floor=written(floor), apart=written(abs(own - floor), apart),
        )  # fmt: skip
    for row in nested.quotas(plan).to_dict("records"):
        each, least = row["each"], row["floor"]
        apart = abs(each - least)
        number = {
            key: text(f"{NAME}.number", number=value) if value == value else ""
            for key, value in (("own", each), ("floor", least), ("apart", apart))
        }
        name = row[f"name_{text.lang}"]
        yield text(f"{NAME}.nested.{_case(each, least)}", name=name, around=around, **number)


def _case(own: float, floor: float) -> str:
    if floor != floor:
        return "none"
    return "same" if own == floor else "above" if own > floor else "below"
