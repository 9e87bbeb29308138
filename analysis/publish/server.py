"""Voilà's own application with our pages, and with the doors closed that a reader does not need."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from tornado.routing import Rule
from traitlets import Any as AnyTrait
from traitlets import Bool, List, Unicode
from traitlets.config import Config
from voila.app import Voila

from analysis import cache
from analysis.publish import lifeline, logs
from analysis.publish.access import AccessLog, AnyReader, ForeignHost
from analysis.publish.admission import LimitedKernels, kernels_that_fit
from analysis.publish.connection import MOST_BYTES, ReaderConnection, ReaderSocket
from analysis.publish.exports import ExportHandler
from analysis.publish.fork import CAN_FORK
from analysis.publish.handlers import (
    AppHandler,
    BriefingHandler,
    DataHandler,
    ForeignHostHandler,
    FrontPageHandler,
    KernelHandler,
    LostHandler,
    ShellHandler,
)
from analysis.publish.headers import Headers
from analysis.publish.health import HealthHandler, MetricsHandler, ReadyHandler
from analysis.publish.lines import BoundedServer
from analysis.publish.pages import ALL_FORMS, chrome, notebooks_dir
from analysis.publish.plans import known_place
from analysis.publish.shared import SharedPages
from analysis.publish.upload import Desk, LedgerHandler
from analysis.publish.zygote import Zygote, begun

HERE = Path(__file__).parent
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LOOPBACK_NETWORKS = ("127.0.0.0/8", "::1/128", "::/64")


class WorkbookServer(Voila):
    """The read-only site: a front page, one page a notebook, their static files, nothing else."""

    on_ready: Callable[[str], None] = AnyTrait(None, allow_none=True)  # type: ignore[assignment]
    zygote: Zygote | None = AnyTrait(None, allow_none=True)  # type: ignore[assignment]
    names = List(Unicode(), help="Names that the site is reached by beside this machine's own.")
    behind_proxy = Bool(False, help="Whether a proxy on this machine tells readers' addresses.")
    embed_from = List(Unicode(), help="Sites that may show the briefings in a frame.")
    metrics_from = List(Unicode(), help="Networks that may read /metrics beside this machine.")
    access_log = Bool(False, help="Whether every request is logged, not only those refused.")
    upload = Bool(False, help="Whether readers may have a ledger of their own looked at.")
    static_url = Unicode("", help="Where the static edition is, told where a page fails.")

    def setup_template_dirs(self) -> None:
        """Put our templates before Voilà's, which ours do not extend beyond nbconvert's base."""
        super().setup_template_dirs()
        ours = str(HERE / "templates" / "workbook")
        self.template_paths = [ours, *self.template_paths]  # type: ignore[has-type]

    def init_settings(self) -> dict[str, Any]:
        """Put our settings beside Voilà's, and hold the folder of the kernels' lines."""
        self.held = lifeline.hold(Path(self.connection_dir))
        settings = super().init_settings()
        settings["allow_remote_access"] = True  # judged before any handler, see `listen`
        settings["workbook_metrics_from"] = [*LOOPBACK_NETWORKS, *self.metrics_from]
        settings["default_handler_class"] = LostHandler
        settings["websocket_max_message_size"] = MOST_BYTES
        settings["xsrf_cookie_kwargs"] = {"samesite": "Strict"}
        settings["workbook_static_url"] = self.static_url
        settings["workbook_behind_proxy"] = self.behind_proxy
        settings["log_function"] = AccessLog(self.behind_proxy, self.access_log)
        site = settings["workbook_chrome"] = self.voila_configuration.resources["workbook"]
        site["embed"] = bool(self.embed_from)
        if self.names:
            site["origin"] = f"http{'s' * self.behind_proxy}://{self.names[0]}"
        self.pages: SharedPages | None = None
        if CAN_FORK:
            notebooks = [page.notebook for page in site["pages"].values()]
            self.pages = SharedPages(Path(self.root_dir), notebooks, self.zygote)
        settings["workbook_pages"] = self.pages
        settings["workbook_folder"] = self.root_dir
        return settings

    def init_handlers(self) -> list[Any]:
        """Keep what a page needs of Voilà's routes; drop files, folders and kernels' own routes."""
        needless = ["/voila/files/", "/voila/tree", "/voila/render/", "/voila/api/contents"]
        if self.pages is not None:
            # A reader's kernel has one door, its websocket, and that is ours.
            needless += ["/api/kernels/", "/voila/", "/api/me", "/login", "/logout"]
        kept = [
            handler
            for handler in super().init_handlers()
            if handler[0] != self.server_url and not any(part in handler[0] for part in needless)
        ]
        briefing = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        forms = "|".join(map(re.escape, ALL_FORMS))
        ours = [
            (self.server_url, FrontPageHandler),
            (url_path_join(self.server_url, r"/briefing/(\w+)"), BriefingHandler, briefing),
            (url_path_join(self.server_url, r"/style/(\w+\.(?:css|js|txt))"), ShellHandler),
            (url_path_join(self.server_url, r"/kernel/(\w+)"), KernelHandler),
            (url_path_join(self.server_url, r"/app/([\w.-]+)"), AppHandler),
            (url_path_join(self.server_url, r"/data/((?:\w+/)?\w+\.(?:csv|json)|)"), DataHandler),
            (url_path_join(self.server_url, rf"/export/([\w-]+)\.({forms})"), ExportHandler),
            (url_path_join(self.server_url, "/healthz"), HealthHandler),
            (url_path_join(self.server_url, "/readyz"), ReadyHandler),
            (url_path_join(self.server_url, "/metrics"), MetricsHandler),
        ]
        if self.upload:
            ours.append(
                (url_path_join(self.server_url, "/ledger"), LedgerHandler, {"desk": Desk()})
            )
        if self.pages is not None:
            line = url_path_join(self.server_url, r"/api/kernels/([\w-]+)/channels")
            ours.append((line, ReaderSocket))
        return [*kept, *ours]

    def start(self) -> None:
        """Serve until interrupted; what a killed server left goes first, what is ours last."""
        lifeline.sweep(Path(self.connection_dir_root), "voila_*")
        try:
            super().start()
        finally:
            lifeline.remove(Path(self.connection_dir))

    def listen(self) -> None:
        """Listen on the port asked for or the next free one, and say when ready."""
        told = {
            "embed_from": tuple(self.embed_from),
            "inline": "" if self.pages is not None else " 'unsafe-inline'",
        }
        self.app.transforms.append(type("Headers", (Headers,), told))
        if self.ip in LOOPBACK or self.names:
            foreign = Rule(ForeignHost([*LOOPBACK, *self.names]), ForeignHostHandler)
            self.app.default_router.rules.insert(0, self.app.default_router.process_rule(foreign))
        # Tornado's own would make a server without bounds.
        places = self.kernel_manager.max_per_address
        self.app.listen = BoundedServer.of(self.app, places, self.behind_proxy).listen
        if self.pages is not None:
            IOLoop.current().add_callback(
                self.pages.warm, self.app.settings["workbook_chrome"], self.base_url
            )
        try:
            super().listen()
        finally:
            if self.pages is not None:
                self.pages.close()

    def launch_browser(self) -> None:
        """Called once the port is open: tell, and open the reader's browser if wanted."""
        if self.on_ready is not None:
            self.on_ready(self.connection_url)


def settings(
    folder: Path, max_kernels: int | None = None, max_per_address: int | None = None
) -> Config:
    """Voilà's configuration for reading: no sources, no tracebacks, no overrides, no files."""
    config = Config()
    config.Voila.root_dir = str(folder)
    config.Voila.log_level = "WARN"
    line = {"class": f"{logs.JsonLines.__module__}.{logs.JsonLines.__name__}"}
    config.Voila.logging_config = {"formatters": {"console": line}}
    config.Voila.identity_provider_class = AnyReader
    config.VoilaConfiguration.template = "lab"
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = ["(?!)"]
    config.VoilaConfiguration.file_denylist = ["(?s).*"]
    site = chrome(folder)
    config.VoilaConfiguration.resources = {"workbook": site}
    config.VoilaConfiguration.multi_kernel_manager_class = LimitedKernels
    warm = len(site["pages"]) if CAN_FORK else 0
    config.LimitedKernels.max_kernels = max_kernels or kernels_that_fit(warm)
    if max_per_address:
        config.LimitedKernels.max_per_address = max_per_address
    # A reader who comes back to it after a while gets a new one in a fraction of a second.
    config.LimitedKernels.cull_idle_timeout = 50 if CAN_FORK else 3600
    config.LimitedKernels.cull_interval = 10  # so that none is idle for more than a minute
    config.LimitedKernels.cull_connected = True
    config.LimitedKernels.cull_busy = CAN_FORK  # an answer that takes a minute comes to no end
    if CAN_FORK:
        config.Voila.kernel_websocket_connection_class = ReaderConnection
        # Files for lines, not ports: none is taken by another in between, none is open to others
        # on this machine.
        config.KernelManager.transport = "ipc"
    config.KernelProvisionerFactory.default_provisioner_name = "workbook-fork"
    config.KernelManager.autorestart = False  # an empty kernel behind a living page misleads
    return config


def serve(
    host: str = "localhost",
    port: int = 8866,
    browser: bool = True,
    say: Callable[[str], None] = print,
    folder: Path | None = None,
    max_kernels: int | None = None,
    max_per_address: int | None = None,
    names: Sequence[str] = (),
    behind_proxy: bool = False,
    embed_from: Sequence[str] = (),
    base_url: str = "/",
    static_url: str = "",
    upload: bool = False,
    metrics_from: Sequence[str] = (),
    access_log: bool = False,
    zygote: Zygote | None = None,
) -> None:
    """Serve the briefings until interrupted.

    Parameters
    ----------
    host : address to listen on; anything but this machine's own opens the site to others
    port : first port to try
    browser : open the reader's browser once the site answers
    say : where to tell what happens
    folder : the notebooks, by default the project's own
    max_kernels : most readers who have Python at once, by default as many as memory holds
    max_per_address : most of them from one address
    names : host names by which a proxy reaches the site
    behind_proxy : whether the proxy's X-Real-IP is the reader's address
    embed_from : origins that may show the briefings in a frame
    base_url : path below which the site lies
    static_url : where the static edition is, offered where a page fails
    upload : whether readers may have a ledger of their own looked at
    metrics_from : networks that may read /metrics, beside this machine
    access_log : whether every request is logged, not only those refused or failed
    zygote : who forks the pages' processes, if it was begun before

    Raises
    ------
    ValueError : if the static edition's address is none of the web's
    """
    if static_url and not static_url.startswith(("https://", "http://")):
        raise ValueError(f"--static-url takes an address that begins https://, not {static_url!r}")
    folder = folder or notebooks_dir()
    say("Reading the plan and its evidence …")

    def ready(url: str) -> None:
        site = server.voila_configuration.resources["workbook"]
        for line in site["left_out"]:
            say(line)
        say(f"Serving {len(site['pages'])} briefings at {url}")
        say("Press Ctrl+C to stop.")
        if browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    logs.begin()
    zygote = zygote or begun()
    if CAN_FORK and cache.read(known_place()) is None:
        zygote.wait()
    asyncio.set_event_loop(asyncio.new_event_loop())
    server = WorkbookServer(
        zygote=zygote,
        config=settings(folder, max_kernels, max_per_address),
        ip=host,
        port=port,
        on_ready=ready,
        names=list(names),
        behind_proxy=behind_proxy,
        embed_from=list(embed_from),
        base_url=base_url,
        static_url=static_url and f"{static_url.rstrip('/')}/",
        upload=upload,
        metrics_from=list(metrics_from),
        access_log=access_log,
        config_file_paths=[],
    )
    try:
        server.initialize(argv=[])
        server.start()
    finally:
        zygote.close()
    try:
        say("Stopped.")
        sys.stdout.flush()
    except BrokenPipeError:  # who read it is gone, and so is what Python would yet write there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
