"""The forms that a document can be written in."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.documents.document import Document

#: Ending of the file -> (module, function) that writes it; imported when it is asked for.
FORMS = {
    "pdf": ("pdf", "pdf"),
    "docx": ("word", "word"),
    "pptx": ("slides", "slides"),
    "xlsx": ("excel", "excel"),
    "html": ("html", "html"),
}
#: What a page offers to take away; as HTML it is there already.
OFFERED = ("pdf", "docx", "pptx", "xlsx")
#: What a browser is told that a file is.
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}


def writer(form: str) -> Callable[[Document], bytes]:
    """Return the writer of a form.

    Raises
    ------
    ValueError : names the forms that there are
    """
    if form not in FORMS:
        raise ValueError(f"no document is written as {form!r}; there are {', '.join(FORMS)}")
    module, function = FORMS[form]
    found: Callable[[Document], bytes] = getattr(
        import_module(f"analysis.documents.{module}"), function
    )
    return found
