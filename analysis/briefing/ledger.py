"""What the pages of a ledger share: its report, how its kind is said, cards and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.briefing.page_tables import (
    MEASURES,
    Bilingual,
    Cell,
    choice,
    measures,
    table,
    together,
    told,
)
from analysis.files import of_plan
from analysis.pacing import MONTHS
from analysis.plan import load_plan, plan_year
from analysis.structure import Answers, Report, answers, feed, periods, report
from analysis.structure.asked import last_period
from analysis.structure.investment_map import link_keys
from analysis.structure.places import districts
from analysis.structure.standing import Standing
from analysis.text import LANGUAGES, Message, both

Messages = dict[str, Message | None]
#: Rows of a list on a page; the downloads hold as many.
LISTED = 5


@of_plan
def ledger() -> Answers:
    """Return the answers of the user's ledger, or of the example's."""
    return answers()


@of_plan
def current() -> Report:
    """Return the report of the last month of the plan's year that the ledger knows of."""
    plan = load_plan()
    return report(ledger(), plan, last_period(ledger(), plan_year(plan)))


def illustrative() -> bool:
    """Whether the ledger is the example's, made up."""
    return current().illustrative


def basis(stand: Any) -> dict[str, Any]:
    """Return what every text of a ledger's page may name: its source, period and kind."""
    return {
        "ledger": both(f"structure.source.{stand.kind}"),
        **periods.names(stand.period),
        "year": stand.period.year,
    }


def leader(stand: Standing) -> Bilingual:
    """Return the clause that names who ranks first, alone; nothing where several share it."""
    first = stand.ranks["place"][stand.ranks["rank"].eq(1)]
    if len(first) > 1:
        return dict.fromkeys(LANGUAGES, "")
    named = stand.districts[stand.districts["place"].eq(first.iloc[0])].iloc[0]
    return both("structure.leader", first=short_names(named))


def unknown(absent: Mapping[str, str], values: Mapping[str, Any]) -> Messages:
    """Return what stands in the place of a part, a message where all pages share the reason.

    absent : part -> key of the reason, empty where its cell has it
    """
    return {key: Message.fixed(why, **values) if why else None for key, why in absent.items()}


def rests_on(*_: Any) -> list[Message]:
    """Return what the cards of a page rest on: the ledger of the process."""
    return [Message.fixed(f"structure.basis.{current().kind}")]


def assumed(*_: Any) -> list[Message]:
    """Return what they rest on, and where so, that shares of industry projects are assumed."""
    held = current()
    said = Message.fixed("structure.assumed_share", assumed=held.assumed)
    return [*rests_on(), *([said] if held.assumed else [])]


@of_plan
def tile_labels(lang: str) -> dict[str, str]:
    """Return the shortest names of districts that have such, "|" breaking their line."""
    places = load_plan().places
    places = places[places[f"label_{lang}"].ne("")]
    return dict(zip(places["place"], places[f"label_{lang}"], strict=True))


def place_names(lang: str) -> dict[str, str]:
    """Return districts' short names on one line."""
    return {
        place: label.replace("|", "" if lang == "zh" else " ")
        for place, label in tile_labels(lang).items()
    }


def names(row: Any) -> Bilingual:
    """Return a row's two names."""
    return {lang: str(row[f"name_{lang}"]) for lang in LANGUAGES}


def most(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the most of a column."""
    return frame.sort_values(column, kind="stable").iloc[-1]


def least(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the least of a column."""
    return frame.sort_values(column, kind="stable").iloc[0]


def short_names(row: Any) -> Bilingual:
    """Return a district's two names, as short as they are on the map."""
    return {lang: place_names(lang).get(row["place"], row[f"name_{lang}"]) for lang in LANGUAGES}


LIST = {
    "name": False, "list": False, "district": False, "chain": False, "link": False,
    "size": True, "capital": True, "signed": False, "stage": False,
}  # fmt: skip


def columns(chosen: str) -> list[tuple[str, bool]]:
    """Return a list's columns without the one that the reader has chosen."""
    return [(name, number) for name, number in LIST.items() if name != chosen]


def lists(column: str, until: Any) -> pd.DataFrame:
    """Return the three lists of each district or chain: list, and the listing's columns."""
    found = [
        ledger().ask("listing", what=what, each=column, most=LISTED, until=until).assign(list=what)
        for what in ("projects", "firms", "platforms")
    ]
    kept = [rows for rows in found if len(rows)]
    return pd.concat(kept, ignore_index=True) if kept else found[0]


def listed(frame: pd.DataFrame, chosen: str) -> list[list[Cell]]:
    """Return a list's rows for a reader, in the order of `columns`."""
    plan = load_plan()
    about = districts(plan).set_index("place")[["name_zh", "name_en"]].to_dict("index")
    links = plan.chain_links.set_index("link")[["name_zh", "name_en"]].to_dict("index")
    frame = frame.assign(of_plan=link_keys(plan, frame["link"], frame["chain"]))

    rows: list[list[Cell]] = []
    for row in frame.to_dict("records"):
        day, stage, link = row["signed_date"], row["stage"], row["link"]
        written = str(link) if isinstance(link, str) and link else None
        cells: dict[str, Cell] = {
            "name": str(row["name"]),
            "list": both(f"structure.list.{row['list']}"),
            "district": names(about[row["district"]]) if row["district"] in about else None,
            "chain": _chain(row["chain"]),
            "link": names(links[row["of_plan"]]) if row["of_plan"] in links else written,
            "size": told(row["size"], "1e8 CNY", 1),
            "capital": told(row["capital"], "1e8 CNY", 1),
            "signed": None if pd.isna(day) else pd.Timestamp(day).strftime("%Y-%m"),
            "stage": both(f"structure.stage.{stage}") if isinstance(stage, str) else None,
        }
        rows.append([cells[name] for name, _ in columns(chosen)])
    return rows


def _chain(chain: Any) -> Cell:
    known = isinstance(chain, str) and chain in set(load_plan().chains["chain"])
    return both(f"chains.short.{chain}") if known else None


def of_each(
    by: str, options: Sequence[Mapping[str, Any]], own: Mapping[str, pd.DataFrame]
) -> dict[str, dict[str, Any]]:
    """Return a page's choice of one district or chain, its table and its lists.

    by : "district" or "chain"; own : key of an option -> its table, as `structure.tables` has it
    """
    held = current()
    every = lists(by, held.period.until)
    its_lists = {key: every[every[by].eq(key)] for key in own}

    def of(
        what: str,
        columns: Sequence[tuple[str, bool]],
        cells: Mapping[str, list[list[Cell]]],
        frames: Mapping[str, pd.DataFrame],
    ) -> dict[str, Any]:
        return table(f"{by}_{what}", columns, cells, together(frames),
                     held.illustrative, by=by)  # fmt: skip

    return {
        "choice": choice(by, options[0]["key"], options),
        "table": of("table", MEASURES, {key: measures(rows) for key, rows in own.items()}, own),
        "lists": of(
            "lists",
            columns(by),
            {key: listed(rows, by) for key, rows in its_lists.items()},
            its_lists,
        ),
    }


def presets(*_: Any) -> list[Any]:
    """Return the scenario that the ledger's own conversion gives: a page's `presets`."""
    conversion = current().conversion
    return [feed.preset(conversion)] if conversion else []


def cards(*_: Any) -> list[dict[str, Any]]:
    """Return the city targets with what the ledger holds so far: a page's `cards`."""
    from analysis.board.definitions import bar_end, card_definition

    held, plan = current(), load_plan()
    targets: Any = held.targets.set_index("target")
    made = []
    for key in plan.targets:
        one = targets.loc[key]
        if one["value"] != one["value"] or not held.known:
            continue  # nothing to compare with: no card rather than a dash or a nought
        outcome = f"ledger_{key}"
        made.append(
            card_definition(plan, key, outcome, margin=outcome)
            | {
                "margin_due": f"{outcome}_due",
                "part": "ledger_part",
                "name": names(one),
                "illustrative": held.illustrative,
                "high": bar_end(max(one["stretch"], one["value"])),
            }
        )
    return made


def card_facts(stand: Any) -> dict[str, float]:
    """Return what the cards show: each target's value and margins, and whether the year goes on."""
    plan, facts = load_plan(), {"ledger_part": float(stand.period.month < MONTHS)}
    for row in stand.targets.itertuples():
        facts[f"ledger_{row.target}"] = float(row.value)
        for level, asked in plan[row.target].levels.items():
            facts[f"ledger_{row.target}_{level}"] = float(row.value - asked)
        facts[f"ledger_{row.target}_due"] = float(row.value - row.due_linear)
    return facts
