"""The page in Dash; its picture is Dash's native chart, a Plotly bar chart in SVG."""

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from described import LEVERS, PAGE, PORT, kpi, steps

KEYS = [lever["key"] for lever in LEVERS]
app = Dash(__name__, serve_locally=True)
app.layout = html.Div(
    [
        *(
            html.Div(
                [
                    html.Label(lever["name"]),
                    dcc.Slider(
                        lever["low"],
                        lever["high"],
                        lever["step"],
                        value=lever["default"],
                        marks=None,
                        updatemode="drag",
                        id=lever["key"],
                    ),
                ]
            )
            for lever in LEVERS
        ),
        html.H2(id="kpi"),
        dcc.Graph(id="picture", config={"displayModeBar": False}),
    ]
)


@app.callback(
    Output("kpi", "children"),
    Output("picture", "figure"),
    *(Input(key, "value") for key in KEYS),
)
def draw(*values: float) -> tuple[str, go.Figure]:
    """Answer a slider with the sum and the picture."""
    levers = dict(zip(KEYS, values, strict=True))
    rows = steps(levers)
    figure = go.Figure(
        go.Bar(
            x=[row["step"] for row in rows],
            y=[row["end"] - row["start"] for row in rows],
            base=[row["start"] for row in rows],
        )
    )
    figure.add_hline(y=PAGE["expected"])
    figure.update_yaxes(range=PAGE["domain"])
    figure.update_layout(height=300)
    return kpi(levers), figure


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT, debug=False)
