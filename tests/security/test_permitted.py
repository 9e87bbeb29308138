"""What a reader may say to a notebook's own Python: a value, or that a button is pressed."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.publish.connection import judged, parsed, permitted, settable

MAY_SET = {"slider": ["value"], "button": ["click"]}


def said(model: str, data: dict[str, Any]) -> dict[str, Any]:
    header = {"msg_type": "comm_msg", "msg_id": "1"}
    content = {"comm_id": model, "data": data, "code": "1"}
    return {"channel": "shell", "header": header, "content": content}


def pressed(**more: Any) -> dict[str, Any]:
    return {"method": "custom", "content": {"event": "click"}, **more}


def test_a_press_is_passed_on_as_it_is_and_nothing_with_it():
    message = said("button", pressed())
    assert permitted(message, MAY_SET)
    assert parsed(judged(message))["content"] == {"comm_id": "button", "data": pressed()}


def test_of_what_a_callback_makes_a_reader_sets_a_control_s_value_and_no_more():
    controls = {"_model_module": "@jupyter-widgets/controls", "value": 1, "children": []}
    may_set = {"made": settable(controls)}
    assert permitted(said("made", {"method": "update", "state": {"value": 2}}), may_set)
    for trait in ("children", "_view_module", "description", "disabled"):
        assert not permitted(said("made", {"method": "update", "state": {trait: 2}}), may_set)
    assert settable(controls | {"_model_name": "ButtonModel"}) == {"click"}
    for module in ("anywidget", "@jupyter-widgets/output", "ipyleaflet", None):
        assert not settable({"_model_module": module, "value": 1, "_esm": "", "outputs": []})


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ("slider", pressed()),
        ("other", pressed()),
        ("button", pressed(buffer_paths=[["x"]])),
        ("button", {"method": "custom", "content": {"event": "click", "text": "x" * 10}}),
        ("button", {"method": "custom", "content": {"event": "submit"}}),
        ("button", {"method": "update", "state": {"outputs": [{"html": "<script>"}]}}),
        ("slider", {"method": "custom", "state": {"value": 1}}),
    ],
)
def test_no_other_event_no_other_widget_and_nothing_more(model, data):
    assert not permitted(said(model, data), MAY_SET)
