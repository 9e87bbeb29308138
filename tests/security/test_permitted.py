"""What a reader may say to a notebook's own Python: a value, or that a button is pressed."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.publish.connection import judged, parsed, permitted

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
