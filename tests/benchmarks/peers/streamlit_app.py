"""The page in Streamlit; its picture is Streamlit's own Vega-Lite element."""

import streamlit as st
from described import LEVERS, kpi, spec

levers = {
    lever["key"]: st.slider(
        lever["name"], lever["low"], lever["high"], lever["default"], lever["step"]
    )
    for lever in LEVERS
}
st.metric("Capital in place", kpi(levers))
st.vega_lite_chart(spec=spec(levers), width="stretch", theme=None)
