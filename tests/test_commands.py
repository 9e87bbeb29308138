"""What the commands say and refuse before they do anything."""

from __future__ import annotations

import socket

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.commands.addresses import host_names, origins
from analysis.files import refuse_to_overwrite


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def said(told) -> str:
    """What was said, without the frame that wraps it."""
    return " ".join(told.output.replace("│", " ").split())


def test_version_and_help_have_their_usual_names():
    assert run("--version").output == run("version").output
    assert run("-h").exit_code == run("serve", "-h").exit_code == 0
    assert "--install-completion" in run("--help").output


def test_quiet_says_only_what_went_wrong(tmp_path):
    told = run("--quiet", "ledger", "template", tmp_path / "blank.xlsx")
    assert told.exit_code == 0 and told.output == "" and (tmp_path / "blank.xlsx").is_file()
    assert "there already" in run("-q", "ledger", "template", tmp_path / "blank.xlsx").output


def test_a_filled_in_workbook_is_not_written_over(tmp_path):
    mine = tmp_path / "blank.xlsx"
    mine.write_text("mine")
    told = run("ledger", "template", mine)
    assert told.exit_code == 1 and "--force" in told.output and mine.read_text() == "mine"
    assert run("ledger", "template", mine, "--force").exit_code == 0
    assert mine.read_bytes().startswith(b"PK")


def test_a_template_is_a_workbook_by_its_name_too(tmp_path):
    told = run("ledger", "template", tmp_path / "blank.txt")
    assert told.exit_code == 2 and ".xlsx" in told.output and not list(tmp_path.iterdir())


def test_documents_and_quarantine_are_not_written_over(tmp_path):
    report = tmp_path / "report.docx"
    report.write_text("mine")
    told = run("export", "capital_inflow", report)
    assert told.exit_code == 1 and "--force" in told.output and report.read_text() == "mine"
    rows = tmp_path / "rows.csv"
    rows.write_text("mine")
    told = run("ledger", "quarantine", rows, "--database", tmp_path / "ledger")
    assert told.exit_code == 1 and rows.read_text() == "mine"


def test_several_documents_or_another_form_do_not_go_into_a_file_s_name(tmp_path):
    for words in (["--to", "pdf"], ["--to", "docx,pdf"], ["--lang", "zh,en"]):
        told = run("export", "capital_inflow", tmp_path / "report.docx", *words)
        assert told.exit_code == 2 and "folder" in said(told)
    assert not list(tmp_path.iterdir())


def test_all_files_in_the_way_are_counted(tmp_path):
    there = [tmp_path / name for name in "ab"]
    for path in there:
        path.touch()
    with pytest.raises(FileExistsError, match="a and 1 more: there already"):
        refuse_to_overwrite([*there, tmp_path / "c"])
    refuse_to_overwrite(there, force=True)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--port", "99999"], "--port"),
        (["--max-kernels", "-5"], "--max-kernels"),
        (["--max-per-address", "0"], "--max-per-address"),
        (["--host", "300.1.1.1"], "no address of this machine"),
        (["--host", "192.0.2.1"], "no address of this machine"),
        (["--name", "https://a.example"], "no host name"),
        (["--name", "a.example:80"], "no host name"),
        (["--embed-from", "x'y"], "no origin"),
        (["--embed-from", "https://a.example; script-src *"], "no origin"),
        (["--embed-from", "*"], "no origin"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_a_sentence(words, reason):
    told = run("serve", "--no-browser", *words)
    assert told.exit_code == 2 and reason in said(told)
    assert "Starting" not in told.output and "Traceback" not in told.output


@pytest.mark.parametrize("words", [["--behind-proxy"], ["--name", "briefings.example"]])
def test_a_taken_port_fails_where_a_proxy_leads_to_it(words):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = run("serve", "--no-browser", "--host", "127.0.0.1", "--port", port, *words)
    assert told.exit_code == 1 and f"Port {port} is taken" in told.output


def test_names_are_as_browsers_send_them():
    assert host_names(["Briefings.Example", "简报.例子", "a.example."]) == [
        "briefings.example", "xn--4ru366c.xn--fsqu00a", "a.example",
    ]  # fmt: skip
    assert origins(["https://Portal.Example:8443"]) == ["https://portal.example:8443"]


def test_a_network_that_is_none_is_named():
    told = run("serve", "--no-browser", "--metrics-from", "10.0.0.0/99")
    assert told.exit_code == 2 and "10.0.0.0/99" in told.output
