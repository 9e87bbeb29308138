"""What a ledger tells of conversion, as a scenario of the model."""

from __future__ import annotations

from analysis.scenario import Preset, Scenario
from analysis.structure.funnel import Conversion
from analysis.text import both


def preset(conversion: Conversion) -> Preset:
    """Return the scenario in which signed capital comes in place as the ledger's cohorts did.

    Its kind is the ledger's: "illustrative" of made-up rows, "derived" of a user's own; its
    note says of how many cohorts, and how far they differ.
    """
    name = both(f"structure.preset.name.{conversion.kind}")
    note = both(
        "structure.preset.note",
        months=conversion.months,
        cohorts=conversion.cohorts,
        rate=conversion.rate,
        low=conversion.low,
        high=conversion.high,
        lag=conversion.lag,
    )
    return Preset(
        key="ledger_conversion",
        name_zh=name["zh"],
        name_en=name["en"],
        note_zh=note["zh"],
        note_en=note["en"],
        source="ledger",
        section="",
        kind=conversion.kind,
        scenario=Scenario(dict(conversion.levers()), name="ledger_conversion"),
    )
