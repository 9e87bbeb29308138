"""The model of the shipped plan, and scenarios anywhere within its bounds."""

import numpy as np
import pytest
from hypothesis import strategies as st

from analysis.model import Model, load_model


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model()


def lever_values(model: Model, districts: bool = False) -> st.SearchStrategy[dict[str, float]]:
    """Any subset of levers, each anywhere within its bounds."""
    keys = [*model.levers, *(model.inputs.override_keys if districts else ())]

    def values(key: str) -> st.SearchStrategy[float]:
        lever = model.inputs.lever_of(key)
        if lever.choices:
            return st.sampled_from(lever.choices)
        return st.floats(lever.low, lever.high)

    return st.fixed_dictionaries({}, optional={key: values(key) for key in keys})


def random_scenarios(model: Model, number: int, seed: int) -> dict[str, np.ndarray]:
    """Scenarios drawn evenly between every lever's bounds."""
    rng = np.random.default_rng(seed)
    return {
        key: rng.choice(lever.choices, number)
        if lever.choices
        else rng.uniform(lever.low, lever.high, number)
        for key, lever in model.levers.items()
    }
