"""The front page, written from what the briefings' notebooks told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publish.assemble import (
    NOTICES,
    environment,
    in_script,
    manifest,
    policy,
    previews,
    scripts,
    split,
    styles,
)
from analysis.publish.outputs import VIEW

#: The briefing whose first picture stands on the front page, alive.
LIVE = "capital_inflow"
Told = Mapping[str, Any]


def front_html(
    told: Mapping[str, Told],
    site: Mapping[str, Any],
    lang: str,
    base_url: str,
    places: Mapping[str, str],
    *,
    python: bool,
    home: str | None = None,
    own: str = "",
    since: str | None = None,
    origin: str = "",
    inline: bool = False,
) -> str:
    """Return the front page: where the place stands, a lever to try, and each briefing's answer.

    What the notebooks told nothing of is left out.

    Parameters
    ----------
    told : what each notebook told, by its briefing's address, see `analysis.publish.notebook`
    site : `analysis.publish.pages.chrome`
    base_url, python, home, own, since, inline : as of `analysis.publish.assemble.page_html`
    places : the page's addresses by language
    origin : where `base_url` begins, which the picture of a link needs: "https://host"
    """
    stands = next((one["standing"] for one in told.values() if one.get("standing")), None)
    about = next((one["about"] for one in told.values() if one.get("about")), site["about"])
    shell, script = scripts("front") if inline else ("", "")
    name, _ = previews(told.get(LIVE, {})).get(("front", lang), ("", ""))
    return environment().get_template("front.html").render(
        site={**site, "about": about}, lang=lang, base_url=base_url, places=places, own=own,
        home=home, since=since, page=None, policy=None if python else policy(shell, script),
        standing=stands, told=told, live=live(told, stands, base_url, lang, inline),
        app=manifest(), styles=styles() if inline else None, shell_script=shell, script=script,
        notices=NOTICES.read_text("utf-8") if inline else "",
        preview=f"{origin}{base_url}app/{name}" if name and not inline else None,
    )  # fmt: skip


def live(
    told: Mapping[str, Told],
    stands: Mapping[str, Any] | None,
    base_url: str,
    lang: str,
    inline: bool = False,
) -> dict[str, Any] | None:
    """Return the picture and the lever that the front page has; None if there is no such pair.

    Returns
    -------
    slug : the briefing that has them too
    first : the picture as it stands before scripts
    lever : as the board defines it
    module : the board's own script, by its hashed name; None where the data hold it
    data : what brings both to life
    """
    page = told.get(LIVE, {})
    lever = (stands or {}).get("lever")
    if not lever or "cells" not in page:
        return None
    lean, assets = split(page["state"], inline)
    shown = [one[VIEW]["model_id"] for cell in page["cells"] for one in cell.get("outputs", ())
             if VIEW in one]  # fmt: skip
    figure = next((key for key in shown if lean[key]["state"].get("part") == "figure"), None)
    if figure is None:
        return None
    view = lean[figure]["state"]
    board = lean[view["board"].removeprefix("IPY_MODEL_")]["state"]
    data = {"base": base_url, "board": board, "figure": view["payload"], "lever": lever}
    return {
        "slug": LIVE,
        "first": page["first"][lang][figure],
        "lever": next(one for one in board["lever_definitions"] if one["key"] == lever),
        "module": next((name for name in assets if board["_esm"] == f"asset:{name}"), None),
        "data": in_script(data),
    }
