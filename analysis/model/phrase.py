"""How does an answer become a sentence? By the key of a template and the values in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to be said in either language: `Message.fixed(key, **values)` says it."""

    key: str
    values: Mapping[str, Any]
