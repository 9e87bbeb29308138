"""The page in marimo; its picture is an Altair chart in marimo's own Vega output."""

import marimo

app = marimo.App()


@app.cell
def _():
    import altair as alt
    import marimo as mo
    from described import LEVERS, kpi, spec

    return LEVERS, alt, kpi, mo, spec


@app.cell
def _(LEVERS, mo):
    sliders = mo.ui.dictionary(
        {
            lever["key"]: mo.ui.slider(
                lever["low"],
                lever["high"],
                lever["step"],
                lever["default"],
                label=lever["name"],
                full_width=True,
            )
            for lever in LEVERS
        }
    )
    sliders.vstack()
    return (sliders,)


@app.cell
def _(kpi, mo, sliders):
    mo.md(f"## {kpi(sliders.value)}")
    return


@app.cell
def _(alt, sliders, spec):
    # marimo adds embedding options of its own and stumbles over ours
    alt.Chart.from_dict({k: v for k, v in spec(sliders.value).items() if k != "usermeta"})
    return


if __name__ == "__main__":
    app.run()
