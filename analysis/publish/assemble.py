"""A notebook's outputs as the one page that everybody gets."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import jinja2

from analysis.cache import digest
from analysis.publish.contents import contents, entry
from analysis.publish.outputs import VIEW, html_of, markdown

HERE = Path(__file__).parent
APP = HERE / "static" / "app"
BOARD = HERE.parent / "board" / "static"
#: Licences of what the pages and documents hold of others, as the bundler wrote them.
NOTICES = HERE / "static" / "notices.txt"
#: What a page without our server may load: its host's files, or, as one file, nothing at all
#: beside the scripts in it, which are named by their digests.
STATIC = (
    "default-src 'self'; script-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'none'"
)
OFFLINE = (
    "default-src 'none'; script-src {scripts} blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)


@cache
def environment() -> jinja2.Environment:
    """Return the templates of the site, every value escaped; each is compiled once."""
    loader = jinja2.FileSystemLoader(HERE / "templates" / "workbook")
    return jinja2.Environment(loader=loader, autoescape=True)


def page_html(
    page: Mapping[str, Any],
    site: Mapping[str, Any],
    slug: str,
    lang: str,
    base_url: str,
    python: bool,
    inline: bool = False,
    home: str | None = None,
    own: str = "",
    since: str | None = None,
    linked: bool = False,
    first: Mapping[str, str] | None = None,
    exports: tuple[str, ...] = (),
) -> str:
    """Return a briefing's page.

    Parameters
    ----------
    page : what the warm parent told
    site : `analysis.publish.pages.chrome`
    base_url : where the site begins: "/", or a relative path in the static edition
    python : whether a kernel can be asked for
    inline : hold styles, scripts and assets in the page itself, for one file offline
    home : where the front page is, None if the page stands alone
    exports : forms in which the briefing may be taken away
    own : the language that the page's address stands for, unless it says `?lang=`; the plan's
        first if none
    since : when the page was made, if it is shown because nothing newer can be
    linked : whether it shows the scenario of the link that it is asked with
    first : first looks by view, if others than those that the page opens with
    """
    state, assets = split(page["state"], inline)
    data = {
        "state": {"version_major": 2, "version_minor": 0, "state": state},
        "slug": slug,
        "python": python,
        "base": base_url,
        "number": page.get("number", ""),
        "heard": page.get("heard", {}),
        "failed": site["text"]["failed"],
        "unknown": site["text"]["unknown"],
    }
    here = next(one for one in site["pages"].values() if one.slug == slug)
    shell, script = scripts("single") if inline else ("", "")
    preview, _ = previews(page).get(("page", lang), ("", ""))
    address = f"{base_url}briefing/{slug}" if python else f"{base_url}briefing/{slug}/"
    return environment().get_template("page.html").render(
        site=site, page=here, lang=lang, base_url=base_url, home=home, python=python,
        exports=exports,
        own=own, places=None if home is None else places(address, python, site["languages"]),
        description=(page["answer"] or here.question)[lang],
        policy=None if python else policy(shell, script),
        data=in_script(data), mute=not python and bool(data["heard"]),
        preview=f"{site['origin']}{base_url}app/{preview}" if preview and not inline else None,
        since=since, linked=linked,
        cells=[cell_html(cell, first or page["first"][lang]) for cell in page["cells"]],
        contents=contents(page, lang),
        styles=styles() if inline else None,
        preloads=() if inline else [*manifest()["parts"], *assets],
        shell_script=shell, script=script,
        notices=NOTICES.read_text("utf-8") if inline else "",
        app=manifest(),
    )  # fmt: skip


def previews(page: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the pictures of links that a notebook told: name of the file as JPEG, SVG.

    They go by what the link leads to, "page" or "front", and the language.
    """
    return {
        (what, lang): (f"preview-{digest(one)[:16]}.jpg", one)
        for what, told in page.get("previews", {}).items()
        for lang, one in told.items()
    }


def places(address: str, python: bool, languages: Sequence[str]) -> dict[str, str]:
    """Return a page's addresses by language.

    The bare one is in the first; the server is asked for others, or a folder below holds each.
    """
    first, *others = languages
    other = "?lang={}" if python else "{}/"
    return {first: address} | {lang: address + other.format(lang) for lang in others}


def split(state: Mapping[str, Any], inline: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Take modules and styles out of widgets' state: (state, name of the file -> text).

    A module that many widgets have is one file, which a browser loads and runs once.
    """
    style = (BOARD / "workbook.css").read_text("utf-8")
    assets: dict[str, str] = {}
    lean = {}
    for key, model in state.items():
        values = dict(model["state"])
        if values.get("_css") == style:
            values.pop("_css")  # the page has it already
        module = values.get("_esm", "")
        if module and not inline:
            name = f"{hashlib.sha256(module.encode()).hexdigest()[:16]}.js"
            assets[name] = module
            values["_esm"] = f"asset:{name}"
        lean[key] = {**model, "state": values}
    return lean, assets


def cell_html(cell: Mapping[str, Any], first: Mapping[str, str]) -> dict[str, Any]:
    """Return a cell's classes and HTML: markdown, outputs, or a note that it failed."""
    classes = " ".join(f"tag-{tag}" for tag in cell["tags"])
    if cell["type"] == "markdown":
        return {"classes": classes, "html": markdown(cell["source"], cell["images"])}
    if cell["type"] != "code":
        return {"classes": classes, "html": ""}
    if cell["failed"]:
        return {"classes": classes, "html": "", "failed": True}
    html = [f"<pre>{escape(cell['text'])}</pre>"] if cell["text"] else []
    html += [output_html(output, first) for output in cell["outputs"]]
    return {"classes": classes, "html": "".join(html)}


def output_html(output: Mapping[str, Any], first: Mapping[str, str]) -> str:
    """Return one output: a widget's place with its first look, cleaned HTML, a picture, or text."""
    view = output.get(VIEW)
    if view:
        model, html = view["model_id"], first.get(view["model_id"], "")
        here = entry(html)
        place = f' id="{here.place}"' if here else ""
        return (
            f'<div class="wb-view" data-model="{escape(model)}"{place}>'
            f'<div class="wb-first">{html}</div></div>'
        )
    return html_of(output)


def in_script(data: Any) -> str:
    """Return JSON that can stand in a script element: no tag can begin in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def styles() -> str:
    """Return all of a page's styles as one text."""
    files = [APP / manifest()["style"], BOARD / "workbook.css", HERE / "static" / "site.css"]
    return "\n".join(path.read_text("utf-8") for path in files)


def scripts(what: str) -> tuple[str, str]:
    """Return what runs in a page that is one file: the shell's script, and the page's own."""
    files = [HERE / "static" / "shell.js", APP / manifest()[what]]
    shell, page = (path.read_text("utf-8").replace("</script", "<\\/script") for path in files)
    return shell, page


def policy(*scripts: str) -> str:
    """Return what a page may load without our server; one that is one file has scripts in it."""
    return OFFLINE.format(scripts=named(*scripts)) if any(scripts) else STATIC


def named(*scripts: str) -> str:
    """Return scripts as a policy names them, by their digests."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{b64encode(one).decode()}'" for one in digests)


def code_digest() -> str:
    """Return what names the browser's half of this version: a kept page fits no other."""
    files = [APP / "manifest.json", HERE / "static" / "shell.js", *BOARD.glob("*.js")]
    parts = [path.read_bytes() for path in files]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def manifest() -> dict[str, Any]:
    """Return the hashed names of the page's scripts and style, as the bundler wrote them."""
    return dict(json.loads((APP / "manifest.json").read_text("utf-8")))
