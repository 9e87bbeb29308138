"""What districts would be credited with if those who brought a lead shared in it.

Plan 2021, part 1 (六): a project that goes to the district whose leading industry it fits
counts by a certain proportion for the district that brought the lead. No proportion is
given, so it is a lever; credit moves between districts and the city's total stays.
"""

from __future__ import annotations

import pandas as pd

from analysis.structure.places import NONE


def led(capital: pd.DataFrame) -> pd.DataFrame:
    """Return what each district brought to others and got from others.

    Parameters
    ----------
    capital : district, lead_district, capital (1e8 CNY); no lead district if the host's own

    Returns
    -------
    a row a district: place, capital, led_out (in other districts by its leads), led_in (here
    by others' leads)
    """
    rows = capital.assign(
        district=capital["district"].fillna(NONE).replace("", NONE),
        lead=capital["lead_district"].replace("", None),
    )
    rows["lead"] = rows["lead"].fillna(rows["district"])
    moved = rows[rows["lead"].ne(rows["district"])]
    found = pd.DataFrame(
        {
            "capital": rows.groupby("district")["capital"].sum(),
            "led_out": moved.groupby("lead")["capital"].sum(),
            "led_in": moved.groupby("district")["capital"].sum(),
        }
    ).fillna(0.0)
    return found.rename_axis("place").reset_index()
