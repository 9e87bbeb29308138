"""Addresses that `workbook serve` is given, checked before anything is started."""

from __future__ import annotations

import errno
import re
import socket
from ipaddress import ip_network

import typer

#: An origin as a page's policy names it: nothing in it that would end the entry.
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")


def host_names(names: list[str] | None) -> list[str]:
    """Return host names as browsers send them: lower case, and other scripts encoded (IDNA)."""
    found = []
    for name in names or ():
        try:
            encoded = name.strip().rstrip(".").encode("idna").decode().lower()
        except UnicodeError:
            encoded = ""
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", encoded):
            raise typer.BadParameter(
                f"{name!r} is no host name; write it as in briefings.example, with no https:// "
                "and no port",
                param_hint="--name",
            )
        found.append(encoded)
    return found


def origins(given: list[str] | None) -> list[str]:
    """Return origins that may frame the briefings; `*` and `https:` would be anybody."""
    for origin in given or ():
        if not _ORIGIN.fullmatch(origin.lower()):
            raise typer.BadParameter(
                f"{origin!r} is no origin; write scheme and host, as in https://portal.example",
                param_hint="--embed-from",
            )
    return [origin.lower() for origin in given or ()]


def networks(given: list[str] | None) -> list[str]:
    """Return networks of addresses, one address among them."""
    for network in given or ():
        try:
            ip_network(network)
        except ValueError:
            raise typer.BadParameter(
                f"{network!r} is no network; write it as in 10.0.0.0/8 or 192.0.2.7",
                param_hint="--metrics-from",
            ) from None
    return list(given or ())


def check_free(host: str, port: int, fixed: bool) -> str:
    """Return the address to listen on, or end with a sentence where nothing can.

    Parameters
    ----------
    fixed : whether a proxy or a name leads to this port alone, so that no other will do
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        if host == "localhost":  # a machine whose table of hosts is missing still has itself
            return check_free("127.0.0.1", port, fixed)
        raise typer.BadParameter(
            f"{host!r} is no address of this machine; localhost serves this machine alone, "
            "0.0.0.0 whoever reaches it",
            param_hint="--host",
        ) from None
    try:
        with socket.socket(family, kind, protocol) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
    except PermissionError:
        raise typer.BadParameter(
            f"this user may not listen at port {port}; take one from 1024 on", param_hint="--port"
        ) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise typer.BadParameter(
                f"{host!r} is no address of this machine ({error.strerror})", param_hint="--host"
            ) from None
        if fixed:
            typer.echo(
                f"Port {port} is taken, and the proxy would lead readers to whoever has it: "
                "stop that one, or name another port to both.",
                err=True,
            )
            raise typer.Exit(1) from None
        typer.echo(f"Port {port} is taken; trying the next free one.")
    return host
