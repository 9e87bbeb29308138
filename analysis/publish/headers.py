"""The security headers of every answer."""

from __future__ import annotations

from tornado import httputil, web

HEADERS = {
    # Vega runs through its interpreter, so no page needs unsafe-eval; widgets come as blob modules.
    # Only where a notebook is run for each reader, Voilà's page has scripts in its HTML.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'{inline} blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors {ancestors}"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Headers(web.OutputTransform):
    """Security headers on every answer, also on files that Tornado serves by itself."""

    embed_from: tuple[str, ...] = ()
    inline = ""

    def transform_first_chunk(
        self, status_code: int, headers: httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, httputil.HTTPHeaders, bytes]:
        """Set each header that the answer should carry."""
        for name, value in HEADERS.items():
            headers[name] = value.format(
                ancestors=" ".join(["'self'", *self.embed_from]), inline=self.inline
            )
        headers["Server"] = "workbook"  # and no version of anything
        return status_code, headers, chunk
