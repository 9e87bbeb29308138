"""Images that a notebook's Markdown shows: attached ones, and those that lie beside it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from analysis.documents.markdown import html_of

#: What the images of one page may take together, bytes: every reader is sent them.
MOST_BYTES = 2_000_000
#: How a file of a kind begins; an SVG is known by its root.
_BEGINS = {
    b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif",
    b"GIF89a": "image/gif", b"RIFF": "image/webp",
}  # fmt: skip


class ImageError(ValueError):
    """Why an image stands on no page, and what would be right."""


def images(
    source: str, attachments: Mapping[str, Mapping[str, str]], folder: Path, room: int = MOST_BYTES
) -> tuple[dict[str, str], list[str]]:
    """Return the images of a cell's Markdown by the addresses it names, as data, and what is none.

    Parameters
    ----------
    attachments : the cell's own, name -> kind -> base 64
    folder : where the notebook lies; a file anywhere else is not read
    room : bytes that they may take together
    """
    from lxml import html

    found: dict[str, str] = {}
    refused = []
    for image in html.fragment_fromstring(html_of(source), create_parent="div").iter("img"):
        address = image.get("src", "")
        if address in found:
            continue
        try:
            content = _content(address, attachments, folder, room)
            found[address] = f"data:{_kind(content)};base64,{b64encode(content).decode()}"
        except (ImageError, OSError, ValueError) as error:
            refused.append(f"the image {address[:80]!r} {error}")
            continue
        room -= len(content)
    return found, refused


def _content(address: str, attachments: Mapping[str, Any], folder: Path, room: int) -> bytes:
    """Return an image's bytes."""
    begins, _, rest = address.partition(":")
    if begins == "attachment":
        told = attachments.get(unquote(rest), {})
        content = b64decode(next(iter(told.values()), ""))
    elif begins == "data":
        content = b64decode(rest.partition(";base64,")[2])
    elif "//" in address:
        raise ImageError("is another host's, which no page asks: save it beside the notebook")
    else:
        path = (folder / unquote(address)).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise ImageError("lies outside of the notebook's folder: copy it there")
        if not path.is_file():
            raise ImageError("is not there")
        with path.open("rb") as file:
            content = file.read(room + 1)
    if len(content) > room:
        raise ImageError(f"is too large: a page's images have {MOST_BYTES:,} bytes together")
    return content


def _kind(content: bytes) -> str:
    """Return an image's kind by what it holds, whatever it is called."""
    from lxml import etree

    kind = next((kind for begins, kind in _BEGINS.items() if content.startswith(begins)), None)
    if kind is not None:
        return kind
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or etree.QName(root).localname != "svg":
        raise ImageError("is no PNG, JPEG, GIF, WebP or SVG")
    if b"<!ENTITY" in content or any(map(_acts, root.iter("*"))):
        raise ImageError("holds a script or entities: save it as a plain SVG")
    return "image/svg+xml"


def _acts(element: Any) -> bool:
    """Whether an element of an SVG is a script, or has one run."""
    name = str(element.tag).rpartition("}")[2].lower()
    return name == "script" or any(key.lower().startswith("on") for key in element.attrib)
