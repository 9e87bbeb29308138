"""Voilà's own application with our pages, and with the doors closed that a reader does not need."""

from __future__ import annotations

import asyncio
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import url_path_join
from tornado import httputil, web
from traitlets import Any as AnyTrait
from traitlets import Int
from traitlets.config import Config
from voila.app import Voila

from analysis.publish.handlers import BriefingHandler, FrontPageHandler, HealthHandler, Stylesheet
from analysis.publish.pages import chrome, notebooks_dir

HERE = Path(__file__).parent
LOOPBACK = ("localhost", "127.0.0.1", "::1")

HEADERS = {
    # Vega runs through its interpreter, so no page needs unsafe-eval; widgets come as blob modules.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class LimitedKernels(AsyncMappingKernelManager):
    """Kernels up to a limit, beyond which a reader is told to come back."""

    max_kernels = Int(24, config=True, help="Most kernels running or starting at a time.")
    starting = 0

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, or refuse with 503 at the limit."""
        if len(self.list_kernel_ids()) + self.starting >= self.max_kernels:
            raise web.HTTPError(503, "All places are taken; try again in a minute.")
        self.starting += 1
        try:
            return await super().start_kernel(**kwargs)
        finally:
            self.starting -= 1


class Headers(web.OutputTransform):
    """Security headers on every answer, also on files that Tornado serves by itself."""

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """Set each header that the answer should carry."""
        for name, value in HEADERS.items():
            headers[name] = value
        return status_code, headers, chunk


class WorkbookServer(Voila):
    """The read-only site: a front page, one page a notebook, their static files, nothing else."""

    on_ready: Callable[[str], None] = AnyTrait(None, allow_none=True)  # type: ignore[assignment]

    def setup_template_dirs(self) -> None:
        """Put our templates before Voilà's, which ours do not extend beyond nbconvert's base."""
        super().setup_template_dirs()
        ours = str(HERE / "templates" / "workbook")
        self.template_paths = [ours, *self.template_paths]  # type: ignore[has-type]

    def init_settings(self) -> dict[str, Any]:
        """Refuse foreign host names where only this machine is served, against DNS rebinding."""
        settings = super().init_settings()
        settings["allow_remote_access"] = self.ip not in LOOPBACK
        settings["local_hostnames"] = list(LOOPBACK)
        settings["workbook_chrome"] = self.voila_configuration.resources["workbook"]
        return settings

    def init_handlers(self) -> list[Any]:
        """Keep what a page needs of Voilà's routes; drop its file, folder and contents routes."""
        needless = ("/voila/files/", "/voila/tree", "/voila/render/", "/voila/api/contents")
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
        ours = [
            (self.server_url, FrontPageHandler),
            (url_path_join(self.server_url, r"/briefing/(\w+)"), BriefingHandler, briefing),
            (url_path_join(self.server_url, r"/style/(\w+\.css)"), Stylesheet),
            (url_path_join(self.server_url, "/healthz"), HealthHandler),
        ]
        return [*kept, *ours]

    def listen(self) -> None:
        """Listen on the port asked for or the next free one, and say when ready."""
        self.app.transforms.append(Headers)
        super().listen()

    def launch_browser(self) -> None:
        """Called once the port is open: tell, and open the reader's browser if wanted."""
        if self.on_ready is not None:
            self.on_ready(self.connection_url)


def settings(folder: Path, max_kernels: int = 24) -> Config:
    """Voilà's configuration for reading: no sources, no tracebacks, no overrides, no files."""
    config = Config()
    config.Voila.root_dir = str(folder)
    config.Voila.log_level = "WARN"
    config.VoilaConfiguration.template = "lab"
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = ["(?!)"]
    config.VoilaConfiguration.file_denylist = ["(?s).*"]
    config.VoilaConfiguration.resources = {"workbook": chrome(folder)}
    config.VoilaConfiguration.multi_kernel_manager_class = LimitedKernels
    config.LimitedKernels.max_kernels = max_kernels
    config.LimitedKernels.cull_idle_timeout = 3600
    config.LimitedKernels.cull_interval = 60
    config.LimitedKernels.cull_connected = True
    config.KernelManager.autorestart = False  # an empty kernel behind a living page misleads
    return config


def serve(
    host: str = "localhost",
    port: int = 8866,
    browser: bool = True,
    say: Callable[[str], None] = print,
    folder: Path | None = None,
) -> None:
    """Serve the briefings until interrupted.

    Parameters
    ----------
    host : address to listen on; anything but this machine's own opens the site to others
    port : first port to try
    browser : open the reader's browser once the site answers
    say : where to tell what happens
    folder : the notebooks, by default the project's own
    """
    folder = folder or notebooks_dir()
    say("Reading the plan and its evidence …")

    def ready(url: str) -> None:
        say(f"Serving {len(list(folder.glob('[0-9]*_*.ipynb')))} briefings at {url}")
        say("Press Ctrl+C to stop.")
        if browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    asyncio.set_event_loop(asyncio.new_event_loop())
    server = WorkbookServer(
        config=settings(folder), ip=host, port=port, on_ready=ready, config_file_paths=[]
    )
    server.initialize(argv=[])
    server.start()
    say("Stopped.")
