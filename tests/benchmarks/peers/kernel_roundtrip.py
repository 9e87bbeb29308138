"""The page as an ordinary Voilà notebook: the kernel hears each slider and redraws.

The benchmark puts this file into a notebook's one cell and serves it from the
product's environment. Its picture is Altair's own widget, with Vega bundled.
"""

import altair as alt
import ipywidgets
from described import LEVERS, kpi, spec

alt.JupyterChart.enable_offline()
sliders = {
    lever["key"]: ipywidgets.FloatSlider(
        value=lever["default"],
        min=lever["low"],
        max=lever["high"],
        step=lever["step"],
        description=lever["name"],
    )
    for lever in LEVERS
}


def values() -> dict[str, float]:
    """Return where the sliders stand."""
    return {key: slider.value for key, slider in sliders.items()}


number = ipywidgets.HTML(kpi(values()))
picture = alt.JupyterChart(alt.Chart.from_dict(spec(values())))


def redraw(change: object) -> None:
    """Answer a slider with the sum and the picture."""
    number.value = kpi(values())
    picture.chart = alt.Chart.from_dict(spec(values()))


for slider in sliders.values():
    slider.observe(redraw, "value")

ipywidgets.VBox([*sliders.values(), number, picture])
