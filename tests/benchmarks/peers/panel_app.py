"""The page in Panel; its picture is Panel's Vega pane."""

import panel as pn
from described import LEVERS, kpi, spec

pn.extension("vega")
sliders = {
    lever["key"]: pn.widgets.FloatSlider(
        name=lever["name"],
        start=lever["low"],
        end=lever["high"],
        value=lever["default"],
        step=lever["step"],
    )
    for lever in LEVERS
}


def text(**levers: float) -> str:
    """Return the sum as a heading."""
    return f"## {kpi(levers)}"


pn.Column(
    *sliders.values(),
    pn.pane.Markdown(pn.bind(text, **sliders)),
    pn.pane.Vega(pn.bind(lambda **levers: spec(levers), **sliders), width=700, height=300),
).servable()
