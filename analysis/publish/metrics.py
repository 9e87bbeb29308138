"""Figures for whoever watches the site: what was asked, what it took, what failed."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # when a counter began says nothing here
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

#: Seconds that divide answers: a kept page, a kernel's fork, a document, the deadline.
_SECONDS = (0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 120)
REQUESTS = Histogram(
    "workbook_request_seconds", "Seconds from a question to its answer, exports and uploads among"
    " them.", ["page", "status"], buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
FAILURES = Counter(
    "workbook_failures", "Failures inside, of the server or of a reader's Python.", ["page"],
    registry=REGISTRY,
)  # fmt: skip
LINKS = Counter(
    "workbook_links", "Links opened, by whether their page was drawn, kept, or not to be had.",
    ["page"], registry=REGISTRY,
)  # fmt: skip
STARTED = Counter("workbook_kernels_started", "Kernels that came to life.", registry=REGISTRY)
REFUSED = Counter("workbook_kernels_refused", "Askers who found no place.", registry=REGISTRY)
CUT = Counter(
    "workbook_lines_cut", "Kernels' lines that were hung up on.", ["why"], registry=REGISTRY
)
KERNELS = Gauge("workbook_kernels", "Kernels that run.", registry=REGISTRY)
PLACES = Gauge("workbook_kernels_limit", "Kernels that may run at a time.", registry=REGISTRY)
MADE = Gauge(
    "workbook_page_made_timestamp_seconds", "When the page that is shown was made.", ["page"],
    registry=REGISTRY,
)  # fmt: skip
BROKEN = Gauge(
    "workbook_notebook_failed", "1 if its page is not of notebook and data as they are.", ["page"],
    registry=REGISTRY,
)  # fmt: skip
