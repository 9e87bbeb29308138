"""Attacks on the site's addresses, by HTTP: in vain on the published site, not with doors open.

An attack returns whether it got what it wanted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from world import SLUG, fault, forked, houses, in_turn, kernels, visitor, within

from analysis.publish.data import files

pytestmark = [pytest.mark.slow]
Attack = Callable[[str], bool]
NOTEBOOK = f"4_{SLUG}.ipynb"
#: Every kind of page that the site has, and an address that is none.
PLACES = ("", f"briefing/{SLUG}", "healthz", "style/site.css", "nothing")


# -- doors that are not there --------------------------------------------------------------------


def _opens(path: str, method: str = "GET", body: dict | None = None) -> Attack:
    """Return the attack that asks at a door; it is answered, or there is none."""

    def attack(site: str) -> bool:
        one = visitor(site)
        one.get(f"briefing/{SLUG}")
        sent = None if body is None else json.dumps(body).encode()
        status, _ = one.ask(method, path, body=sent)
        assert status < 400 or status == 404, "a door, but it sticks"
        return status < 400

    attack.__name__ = f"{method} {path}"
    return attack


DOORS = [
    _opens("api/kernels"),
    _opens("api/kernels", "POST", {}),
    _opens("api/sessions"),
    _opens("api/terminals"),
    _opens("api/contents"),
    _opens("api/contents/left.txt", "PUT", {"type": "file", "format": "text", "content": "x"}),
    _opens(f"nbconvert/html/{NOTEBOOK}"),
    _opens("voila/api/contents"),
    _opens(f"voila/files/{NOTEBOOK}"),
    _opens("ledger"),  # which opens only if the operator says so
]


# -- what stands in a page, comes with it, and is told of a failure ------------------------------


def rebinds_a_name(site: str) -> bool:
    try:
        with urlopen(Request(site, headers={"Host": "foreign.example"})) as answer:
            return answer.status == 200
    except HTTPError:
        return False


def gets_cookies_that_travel(site: str) -> bool:
    one = visitor(site)
    one.line(one.kernel()).close()
    cookies = {cookie.name: cookie for cookie in one.cookies}
    assert set(cookies) == {"_xsrf", "wb_visit"}
    stay = all(c._rest.get("SameSite") == "Strict" for c in cookies.values())  # type: ignore[attr-defined]
    return not stay and not cookies["wb_visit"].has_nonstandard_attr("HttpOnly")


def gets_an_answer_without_headers(site: str) -> bool:
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
              "Permissions-Policy": "camera=(), microphone=(), geolocation=()"}  # fmt: skip
    for place in PLACES:
        try:
            headers = urlopen(site + place).headers
        except HTTPError as refused:
            headers = refused.headers
        policy = headers.get("Content-Security-Policy", "")
        if "default-src 'self'" not in policy or "unsafe-eval" in policy:
            return True
        if "unsafe-inline" in policy.split("script-src")[1].split(";")[0]:
            return True
        if any(headers.get(name) != value for name, value in wanted.items()):
            return True
    return False


def gets_no_word_of_a_full_disk(site: str) -> bool:
    one = visitor(site)
    one.get(f"briefing/{SLUG}")
    with fault(site, "disk"):
        status, body = one.post(f"kernel/{SLUG}")
        assert status == 503
        shown, page = one.get("")
    assert shown == 500
    return "disk" not in json.loads(body)["reason"]["en"] and "磁盘" not in page.decode()


def reads_of_the_machines_inside(site: str) -> bool:
    with fault(site, "disk"):
        page = visitor(site).get("")[1].decode()
    return "/secret/path" in page and "Traceback" in page


def gets_readers_into_the_log(site: str) -> bool:
    log, one = houses[site].log, visitor(site)
    before = len(log.read_text("utf-8"))
    with fault(site, "other"):
        one.get("")  # what fails inside, what is refused and what is not there
    one.post(f"kernel/{SLUG}", token="")
    one.get("nothing")

    def told() -> str:
        return log.read_text("utf-8")[before:]

    assert within(5, lambda: "failed inside" in told() and "404" in told())
    return "127.0.0.1" in told() or "::1" in told()


def reads_the_operators_figures_through_a_proxy(site: str) -> bool:
    try:
        with urlopen(Request(f"{site}metrics", headers={"X-Forwarded-For": "203.0.113.7"})) as told:
            return b"workbook_kernels" in told.read()
    except HTTPError as refused:
        assert refused.code == 404
        return False


ATTACKS = [
    *DOORS, reads_the_operators_figures_through_a_proxy, rebinds_a_name, gets_cookies_that_travel,
    gets_an_answer_without_headers, gets_no_word_of_a_full_disk, reads_of_the_machines_inside,
    gets_readers_into_the_log,
]  # fmt: skip


@in_turn(ATTACKS)
def test_an_attack_is_in_vain_unless_the_doors_are_open(
    attacked: tuple[str, bool], attack: Attack
) -> None:
    site, succeeds = attacked
    assert attack(site) == succeeds


# -- what the site does instead ------------------------------------------------------------------


def test_looking_at_pages_starts_no_kernel(guarded: str) -> None:
    before = forked(guarded)
    for method in ("GET", "HEAD"):
        for place in ("", f"briefing/{SLUG}"):
            with urlopen(Request(f"{guarded}{place}", method=method)) as answer:
                assert answer.status == 200
    assert forked(guarded) <= before


def test_any_site_reads_the_published_tables_and_no_file_beside_them(guarded: str) -> None:
    for name, content in files().items():
        with urlopen(f"{guarded}data/{name}") as answer:
            assert answer.read() == content
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cache-Control"] == "public, max-age=300"
            assert answer.headers["Link"] == '</data/datapackage.json>; rel="describedby"'
            tag = answer.headers["Etag"]
    with pytest.raises(HTTPError, match="304"):
        urlopen(Request(f"{guarded}data/{name}", headers={"If-None-Match": tag}))
    for path in ("plan.json", "evidence/figures.csv", "..%2f..%2fdatapackage.json",
                 "wuhan_2021/plan.json", "wuhan_2021/..%2f..%2fevidence/figures.csv",
                 "%2fetc%2fpasswd", "figures.csv%00.json", "FIGURES.csv"):  # fmt: skip
        assert visitor(guarded).get(f"data/{path}")[0] == 404, path
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(f"{guarded}data/figures.csv", data=b"x", method="PUT"))


def test_no_answer_names_a_version_and_a_lost_page_is_ours(guarded: str) -> None:
    for path, status in (("healthz", 200), ("nothing", 404), (f"kernel/{SLUG}", 405)):
        with pytest.raises(HTTPError) if status != 200 else nullcontext() as refused:
            answer = urlopen(guarded + path)
        headers = refused.value.headers if refused else answer.headers
        assert headers["Server"] == "workbook"
    assert "没有这一页" in visitor(guarded).get("nothing")[1].decode()


def test_the_page_goes_on_while_the_disk_is_full(guarded: str) -> None:
    with fault(guarded, "disk"):
        assert visitor(guarded).get(f"briefing/{SLUG}")[0] == 200
    one = visitor(guarded)
    one.line(one.kernel()).close()
    assert kernels(guarded) >= 1


def test_the_log_tells_what_was_refused(guarded: str) -> None:
    before = houses[guarded].log.read_text("utf-8")
    visitor(guarded).get("nothing")
    visitor(guarded).get("healthz")
    assert within(
        5, lambda: '"status": 404' in houses[guarded].log.read_text("utf-8")[len(before) :]
    )


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.", "[::1]:8866", "127.0.0.1"])
def test_a_name_of_the_site_is_known_however_it_is_written(guarded: str, host: str) -> None:
    with urlopen(Request(f"{guarded}healthz", headers={"Host": host})) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("place", ["", f"briefing/{SLUG}", "healthz", "style/site.css"])
def test_head_tells_what_get_sends(guarded: str, place: str) -> None:
    with urlopen(f"{guarded}{place}") as got:
        sent = got.read()
    with urlopen(Request(f"{guarded}{place}", method="HEAD")) as head:
        assert head.headers["Etag"] == got.headers["Etag"]
        assert int(head.headers["Content-Length"]) == len(sent)


def test_figures_have_help_and_type(guarded: str) -> None:
    told = urlopen(f"{guarded}metrics").read().decode()
    names = {line.split()[2] for line in told.splitlines() if line.startswith("# TYPE workbook_")}
    assert {"workbook_request_seconds", "workbook_failures_total", "workbook_kernels",
            "workbook_links_total", "workbook_page_made_timestamp_seconds",
            "workbook_notebook_failed"} <= names  # fmt: skip
    assert names <= {line.split()[2] for line in told.splitlines() if line.startswith("# HELP")}
