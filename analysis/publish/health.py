"""What an operator asks the site: whether it lives, whether it is ready, how it is used."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tornado import web

from analysis.publish import metrics
from analysis.publish.shared import SharedPages
from analysis.publish.site_handler import SiteHandler


class HealthHandler(SiteHandler):
    """A route for health checks, which starts no kernel."""

    asked_often = True

    def get(self) -> None:
        """Say that the server answers, and how many kernels run."""
        self.finish({"status": "ok", "kernels": len(self.kernel_manager.list_kernel_ids())})

    head = get


class ReadyHandler(SiteHandler):
    """Whether every briefing's page is there, and who answers for it."""

    asked_often = True  # a balancer asks every second while the site warms up

    def get(self) -> None:
        """Answer 200 if so, else 503; with each notebook's state."""
        shared: SharedPages | None = self.settings["workbook_pages"]
        states = shared.states() if shared is not None else {}
        ready = not {"starting", "failed", "hollow"} & set(states.values())
        self.set_status(200 if ready else 503)
        self.finish({"ready": ready, "notebooks": states})

    head = get


class MetricsHandler(SiteHandler):
    """Figures for Prometheus, for this machine and those that the operator names."""

    asked_often = True
    told_by_a_proxy = ("X-Real-IP", "X-Forwarded-For", "Forwarded")

    def get(self) -> None:
        """Send them as text; to others there is no such page."""
        if not self.permitted():
            raise web.HTTPError(404)
        manager = self.kernels
        metrics.KERNELS.set(len(manager.list_kernel_ids()))
        metrics.PLACES.set(manager.max_kernels)
        shared: SharedPages | None = self.settings["workbook_pages"]
        for stem, state in shared.states().items() if shared is not None else ():
            metrics.BROKEN.labels(stem).set(state in ("failed", "earlier", "hollow"))
            if told := shared.parents.kept(stem):  # type: ignore[union-attr]
                made = datetime.strptime(told["made"][:16], "%Y-%m-%d %H:%M")
                metrics.MADE.labels(stem).set(made.timestamp())
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(generate_latest(metrics.REGISTRY))

    head = get

    def permitted(self) -> bool:
        """Say whether who asks may; a reader whom an unannounced proxy sends may not."""
        behind = self.settings["workbook_behind_proxy"]
        if not behind and any(name in self.request.headers for name in self.told_by_a_proxy):
            return False
        network = ipaddress.ip_network(self.reader, strict=False)
        allowed = map(ipaddress.ip_network, self.settings["workbook_metrics_from"])
        return any(network.version == one.version and network.subnet_of(one) for one in allowed)  # type: ignore[arg-type]
