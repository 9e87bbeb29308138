"""Images of a notebook's Markdown: attached, or beside it; nothing else is read, sent or asked."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

import nbformat
import pytest
from ran import ran

from analysis.publish.assemble import page_html
from analysis.publish.images import MOST_BYTES, images
from analysis.publish.inputs import content_key, stamp
from analysis.publish.outputs import markdown
from analysis.publish.pages import chrome

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
DATA = f"data:image/png;base64,{b64encode(PNG).decode()}"
ATTACHED = {"mine.png": {"image/png": b64encode(PNG).decode()}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "served"
    (place / "pictures").mkdir(parents=True)
    (place / "pictures" / "a b.png").write_bytes(PNG)
    (place / "drawn.svg").write_bytes(SVG)
    (tmp_path / "secret.png").write_bytes(PNG)
    return place


def test_attached_inline_and_neighbouring_images_are_shown(folder: Path):
    source = (f"![one](attachment:mine.png) ![two](pictures/a%20b.png) ![three]({DATA})\n\n"
              '<img src="drawn.svg" alt="four" width="90" onerror="steal()">')  # fmt: skip
    found, refused = images(source, ATTACHED, folder)
    assert len(found) == 4 and not refused
    html = markdown(source, found)
    assert html.count(f'src="{DATA}"') == 3 and 'width="90"' in html and "steal" not in html
    assert f'src="data:image/svg+xml;base64,{b64encode(SVG).decode()}"' in html


SCRIPT = SVG.replace(b"<path", b"<script>steal()</script><path")
ATTACKS = {
    "../secret.png": "outside",
    "pictures/..%2F..%2Fsecret.png": "outside",
    "linked.png": "outside",
    "/etc/passwd": "outside",
    "https://foreign.example/x.png": "another host's",
    "//foreign.example/x.png": "another host's",
    "file:///etc/passwd": "another host's",
    "attachment:gone.png": "is no PNG",
    "nowhere.png": "is not there",
    "pipe.png": "is not there",
    "pictures": "is not there",
    "table.png": "is no PNG",
    "script.svg": "holds a script",
    "handler.svg": "holds a script",
    "entities.svg": "holds a script",
    "huge.png": "too large",
    "data:text/html;base64,PHNjcmlwdD4=": "is no PNG",
}


@pytest.mark.parametrize("address", ATTACKS)
def test_no_other_file_is_read_and_no_host_asked(folder: Path, address: str):
    (folder / "linked.png").symlink_to(folder.parent / "secret.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "table.png").write_text("password\n", "utf-8")
    (folder / "script.svg").write_bytes(SCRIPT)
    (folder / "handler.svg").write_bytes(SVG.replace(b"<path", b'<path onload="steal()"'))
    (folder / "entities.svg").write_bytes(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG)
    with (folder / "huge.png").open("wb") as file:
        file.write(PNG)
        file.truncate(1 << 40)
    source = f'![told]({address}) <img src="{address}">'
    found, refused = images(source, {}, folder)
    assert not found and ATTACKS[address] in refused[0]
    html = markdown(source, found)
    assert "src" not in html and 'alt="told"' in html


def test_an_image_is_no_other_s_place(folder: Path):
    found, _ = images("![](drawn.svg)", {}, folder)
    html = markdown('![](drawn.svg) <img src="0" title="src=\'0\'"> src="0"', found)
    assert html.count("data:image") == 1 and 'src="0"' not in html.partition("</p>")[0][:-9]


def test_images_of_a_page_have_room_together(folder: Path):
    for number in range(3):
        (folder / f"{number}.png").write_bytes(PNG + bytes(MOST_BYTES // 2 - 100))
    found, refused = images("".join(f"![]({number}.png)" for number in range(3)), {}, folder)
    assert len(found) == 2 and "together" in refused[0]


@pytest.mark.slow
def test_a_page_shows_them_names_what_it_lacks_and_follows_the_file(folder: Path):
    cell = nbformat.v4.new_markdown_cell("# Mine\n\n![](attachment:mine.png) ![](drawn.svg)")
    cell.attachments = ATTACHED
    lacking = nbformat.v4.new_markdown_cell("![](attachment:gone.png) ![](https://foreign.example)")
    path = folder / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell, lacking]), path)
    told = ran(path)
    lines = told["stderr"].splitlines()
    assert [line.startswith("mine.ipynb, cell 2: the image ") for line in lines] == [True, True]
    html = page_html(told, {**chrome(folder), "about": told["about"]}, "mine", "en", "/",
                     python=False)  # fmt: skip
    body = html[html.index("<main") : html.index("</main>")]
    assert body.count("data:image/") == 2 and "foreign" not in body
    before = stamp(path), content_key(path)
    os.utime(folder / "drawn.svg", (1, 1))
    assert (stamp(path), content_key(path)) == before
    (folder / "drawn.svg").write_bytes(SVG + b"\n")
    assert stamp(path) != before[0] and content_key(path) != before[1]


def test_a_page_follows_a_table_that_it_reads(folder: Path):
    cell = nbformat.v4.new_code_cell('import pandas as pd\npd.read_csv("mine.csv")')
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "mine.ipynb")
    (folder / "mine.csv").write_text("a\n1\n", "utf-8")
    before = stamp(folder / "mine.ipynb")
    (folder / "mine.csv").write_text("a\n2\n", "utf-8")
    assert stamp(folder / "mine.ipynb") != before
