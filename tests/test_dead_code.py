"""No code that pages, documents and commands never reach.

What runs begins with modules' own statements, commands (decorated), what notebooks and entry
points name, and what frameworks call. From there each name that a body says is followed to the
functions, methods and classes of that name: more than can run is reached, never less.
"""

import ast
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "analysis"
#: What frameworks call by its name, and where that is said.
CALLED = {
    "get_user", "log_exception", "write_error", "data_received", "post", "on_finish",
    "on_connection_close",  # Tornado
    "launch_browser", "init_control", "terminate", "transform_first_chunk",  # Jupyter, Voilà
    "_repr_html_", "_repr_mimebundle_", "_ipython_display_",  # IPython
    "ForkProvisioner",  # an entry point of pyproject.toml
}  # fmt: skip
#: For notebooks of a reader's own: the workbook's pages ask nothing of them.
OFFERED = {"observe_scenario", "history", "quantiles", "empirical"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def names(nodes: list[ast.AST]) -> Iterator[str]:
    """Names, attributes and words that statements say, not those of definitions inside them."""
    for node in nodes:
        if isinstance(node, DEFINITIONS):
            yield from names([*node.decorator_list, *getattr(node, "bases", [])])
            continue
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from filter(str.isidentifier, node.value.replace(".", " ").split())
        yield from names(list(ast.iter_child_nodes(node)))


def unreached(modules: dict[str, str], roots: set[str]) -> set[str]:
    """Return functions, methods and classes that nothing leads to, as module.name."""
    said: dict[str, set[str]] = {}
    places: dict[str, set[str]] = {}
    open_names = set(roots)
    classes = {
        node.name for source in modules.values() for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    for module, source in modules.items():
        tree = ast.parse(source)
        imported = (ast.Import, ast.ImportFrom)
        open_names |= set(names([node for node in tree.body if not isinstance(node, imported)]))
        for node in ast.walk(tree):
            if not isinstance(node, DEFINITIONS):
                continue
            places.setdefault(node.name, set()).add(f"{module}.{node.name}")
            body = [*node.body, *([] if isinstance(node, ast.ClassDef) else [node.args])]
            own = {inner.name for inner in node.body if isinstance(inner, DEFINITIONS)}
            bases = {ast.unparse(base).rpartition(".")[2] for base in getattr(node, "bases", [])}
            # What another package's class calls of its own is overridden here by its name.
            called = own if bases - classes else {name for name in own if name[:2] == "__"}
            said.setdefault(node.name, set()).update(set(names(body)), called, bases)
            if node.decorator_list and not isinstance(node, ast.ClassDef):
                commands = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
                if any(one.endswith((".command", ".callback")) for one in commands):
                    open_names.add(node.name)
    reached: set[str] = set()
    while open_names:
        name = open_names.pop()
        if name not in reached:
            reached.add(name)
            open_names |= said.get(name, set())
    return {
        place for name, where in places.items() if name not in reached and name[:2] != "__"
        for place in where
    }  # fmt: skip


def sources() -> dict[str, str]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
    }


def roots() -> set[str]:
    cells = [
        "".join(cell["source"])
        for path in (ROOT / "notebooks").glob("**/*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {entry.partition(":")[2] for entry in entries["scripts"].values()}
    return set(names([ast.parse(cell) for cell in cells])) | named | CALLED


@pytest.mark.slow
def test_nothing_is_written_that_is_never_reached():
    found = unreached(sources(), roots())
    dead = {place for place in found if place.rpartition(".")[2] not in OFFERED}
    assert not dead, f"show it or drop it: {', '.join(sorted(dead))}"


def test_the_check_finds_what_only_dead_code_names():
    alive = "def start():\n    return used()\ndef used():\n    return 1\nstart()\n"
    dead = "def left():\n    return other()\ndef other():\n    return left()\n"
    assert unreached({"m": alive + dead}, set()) == {"m.left", "m.other"}
    assert unreached({"m": alive + dead}, {"left"}) == set()
