"""The site's pages as request handlers: front page, briefing, style sheets, health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from voila.handler import VoilaHandler

from analysis.publish.front import answers

HERE = Path(__file__).parent
STYLES = {
    "workbook.css": HERE.parent / "board" / "static" / "workbook.css",
    "site.css": HERE / "static" / "site.css",
}


class SiteHandler(JupyterHandler):
    """A handler whose pages and errors come from our templates."""

    def get_template(self, name: str) -> Any:
        """Our template of that name."""
        return self.settings["voila_jinja2_env"].get_template(name)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Show a short page in words; nothing of the machine's inside is told."""
        self.clear_header("Content-Length")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if status_code == 503:
            self.set_header("Retry-After", "60")
        page = self.get_template("error.html")
        site = self.settings["workbook_chrome"]
        self.finish(page.render(site=site, base_url=self.base_url, status=status_code))


class FrontPageHandler(SiteHandler):
    """The front page: each briefing's question with its answer in one sentence."""

    @web.authenticated
    def get(self) -> None:
        """Render the page; no kernel is started."""
        site = self.settings["workbook_chrome"]
        page = self.get_template("front.html")
        self.finish(page.render(site=site, base_url=self.base_url, answers=answers(), page=None))


class BriefingHandler(SiteHandler, VoilaHandler):
    """One notebook, run for this reader and sent piece by piece."""

    @web.authenticated
    async def get(self, slug: str) -> None:
        """Send the page's head at once, then each cell as it is done."""
        site = self.settings["workbook_chrome"]
        page = next((page for page in site["pages"].values() if page.slug == slug), None)
        if page is None:
            raise web.HTTPError(404)
        # Reading the token sets its cookie; without it the tab cannot free its kernel on leaving.
        self.xsrf_token  # noqa: B018
        async for piece in self.get_generator(path=page.notebook):
            self.write(piece)
            await self.flush()


class Stylesheet(SiteHandler):
    """The site's style sheets, by name and nothing else."""

    def get(self, name: str) -> None:
        """Send the sheet, or 404."""
        if name not in STYLES or not STYLES[name].is_file():
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", "max-age=300")
        self.finish(STYLES[name].read_bytes())


class HealthHandler(SiteHandler):
    """A route for health checks, which starts no kernel."""

    def get(self) -> None:
        """Say that the server answers, and how many kernels run."""
        self.finish({"status": "ok", "kernels": len(self.kernel_manager.list_kernel_ids())})

    head = get
