"""The forms: LaTeX, Vega text, and the cache that spares pages sympy."""

import dataclasses
import json
import os
import subprocess
import sys

import latex2mathml.converter
import pytest
import sympy as sp

from analysis import cache
from analysis.model.compiled import Compiled, cache_path, compile_model, compiled_model
from analysis.model.printing import NUMPY, VEGA, UnprintableError, write


def test_formulas_are_latex_with_the_fields_symbols(model):
    for key in model.outcomes:
        for numbers in (False, True):
            text = model.formula(key, numbers)
            assert text.startswith(model.outcomes[key].symbol)
            assert "<math" in latex2mathml.converter.convert(text)
    assert model.formula("industrial_share") == r"s = \frac{100 I}{C}"


def test_vega_signals_are_in_order_and_named_by_lever_and_outcome(model):
    signals = model.to_vega()
    names = [signal["name"] for signal in signals]
    assert names == [*model.levers, *model.outcomes]
    known: set[str] = set()
    for signal in signals:
        if "update" in signal:
            assert set(model.compiled.needs[signal["name"]]) <= known
            assert "**" not in signal["update"]
        known.add(signal["name"])
    json.dumps(signals)


def test_printing_refuses_what_vega_has_no_word_for():
    x = sp.Symbol("x", real=True)
    with pytest.raises(UnprintableError, match="sin"):
        write(sp.sin(x), VEGA)
    with pytest.raises(UnprintableError, match="last case"):
        write(sp.Piecewise((x, x > 0)), VEGA)


def test_printing_of_powers_choices_and_extremes():
    x, y = sp.symbols("x y", real=True)
    assert write(x**3, VEGA) == "pow(x, 3)"
    assert write(x**-2, NUMPY) == "1/(power(x, 2))"
    assert write(sp.Piecewise((x, sp.Eq(y, 1)), (sp.nan, True)), VEGA) == "(y === 1 ? x : NaN)"
    assert write(sp.Min(x, y), VEGA) == "min(x, y)"
    assert write(x - y, NUMPY) == "(x - y)"
    assert eval(write(x / (y * 4), NUMPY), {"x": 1.0, "y": 2.0}) == 0.125


def kept(path):
    return Compiled(**json.loads(cache.read(path)))


@pytest.mark.slow
def test_cached_form_is_the_fresh_form(model, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path))
    fresh = compile_model(model.inputs)
    path = cache_path(model.inputs)
    assert compiled_model(model.inputs) == fresh == kept(path)
    assert model.compiled == fresh


@pytest.mark.slow
def test_an_edited_cache_is_noticed_and_rebuilt(model, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path))
    fresh = compiled_model(model.inputs)
    path = cache_path(model.inputs)
    held = json.loads(path.read_text("utf-8"))
    held["text"] = held["text"].replace('"capital_total": "', '"capital_total": "1 + ', 1)
    path.write_text(json.dumps(held), "utf-8")
    assert cache.read(path) is None
    assert compiled_model(model.inputs) == fresh == kept(path)


@pytest.mark.slow
def test_the_comparison_of_forms_can_fail(model):
    fresh = compile_model(model.inputs)
    changed = fresh.numpy | {"capital_total": fresh.numpy["capital_total"] + " + 1"}
    assert dataclasses.replace(fresh, numpy=changed) != model.compiled


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"digest": "0", "text": "{}"}', b"\xff"])
def test_a_broken_cache_is_rebuilt(model, tmp_path, monkeypatch, content):
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path))
    path = cache_path(model.inputs)
    path.write_bytes(content)
    assert compiled_model(model.inputs) == model.compiled
    assert kept(path) == model.compiled
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.slow
def test_another_plan_has_another_cache(model, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path))
    floors = {key: dict(of) for key, of in model.inputs.measured_floors.items()}
    floors["capital_in_place"]["jiangan"] += 1
    other = dataclasses.replace(model.inputs, measured_floors=floors)
    assert cache_path(other) != cache_path(model.inputs)
    assert compiled_model(other) != model.compiled


def test_a_cache_that_cannot_be_kept_costs_only_time(model, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("WORKBOOK_CACHE", str(blocked))
    assert compiled_model(model.inputs) == model.compiled


PAGE = """
import sys
from analysis.model import load_model
model = load_model()
model.evaluate({"uplift_zone": 10}), model.to_vega(), model.formula("industrial_share")
model.gradient("industrial_share"), model.seek("capital_total", 9000, "uplift_zone")
print("sympy" in sys.modules)
"""


@pytest.mark.slow
def test_a_page_with_a_warm_cache_never_imports_sympy(tmp_path):
    env = os.environ | {"WORKBOOK_CACHE": str(tmp_path)}

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-c", PAGE], env=env, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert [run(), run()] == ["True", "False"]
