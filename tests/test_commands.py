"""What the commands say and refuse before they do anything."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.commands.addresses import check_free, host_names, origins
from analysis.files import Record, data_dir, plan_dir, refuse_to_overwrite, whole_folder
from analysis.process import heed_interrupts, run_program, workers
from analysis.publish import site
from tests.plans import TOY


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


def test_quiet_leaves_no_fault_and_no_row_in_quarantine_untold(tmp_path):
    told = run("-q", "check", tmp_path)
    assert told.exit_code == 1 and "remedy" in told.output and "Checking" not in told.output
    (tmp_path / "one.csv").write_text(
        "项目编号,项目名称,所属区,产业类别,总投资（万元）\nA,甲,江岸区,工业,约2\n", "utf-8"
    )
    told = run("-q", "ledger", "read", tmp_path / "one.csv")
    assert told.exit_code == 3 and told.output.count("\n") == 1
    assert "one-quarantine.xlsx" in told.output
    (tmp_path / "two.csv").write_text(
        "项目编号,项目名称,所属区,产业类别,总投资（万元）\nA,甲,江岸区,工业,2\n合计,,,,3\n", "utf-8"
    )
    for words in (["read"], ["import", "-y", "--database", tmp_path / "ledger"]):
        told = run("-q", "ledger", words[0], tmp_path / "two.csv", *words[1:], "--lang", "en")
        assert told.exit_code == 3 and "合计 says 3, the rows come to 2" in told.output


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        (["export", "capital_inflow", "{0}/a.pdf"], "plan.json: cannot be read"),
        (["bulletin", "--month", "2021-09"], "plan.json: cannot be read"),
        (["site", "{0}/site"], "plan.json: cannot be read"),
        (["template", "{0}/file/a.docx"], "file"),
    ],
)
def test_what_data_or_disk_refuse_is_a_sentence(tmp_path, monkeypatch, words, tells):
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("WORKBOOK_PLAN", str(tmp_path / "empty"))
    told = run(*(word.format(tmp_path) for word in words))
    assert told.exit_code == 1 and tells in told.output
    assert isinstance(told.exception, SystemExit)  # no traceback


def test_a_ledger_that_is_not_there_is_told_by_export_too(tmp_path):
    done = subprocess.run(  # a process knows one ledger, and this one may know the example's
        [Path(sys.executable).with_name("workbook"), "export", "chains", tmp_path / "chains.xlsx"],
        env=os.environ | {"WORKBOOK_LEDGER": str(tmp_path / "none")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "no ledger is there" in done.stderr
    assert "Traceback" not in done.stderr and not list(tmp_path.iterdir())


def test_a_plan_or_folder_of_notebooks_that_is_not_there_is_named(tmp_path, monkeypatch):
    told = run("--plan", tmp_path / "none", "serve")
    assert told.exit_code == 2 and "no plan that ships" in said(told)
    with monkeypatch.context() as patch:
        patch.setenv("WORKBOOK_PLAN", str(tmp_path / "none"))
        for words in (["serve"], ["check"], ["export", "all", tmp_path]):
            told = run(*words)
            assert told.exit_code == 2 and "WORKBOOK_PLAN" in said(told)
            assert "no plan that ships" in said(told)
    told = run("export", "all", tmp_path, "--notebooks", tmp_path / "none")
    assert told.exit_code == 2 and "is no folder" in said(told)


def test_a_plan_is_found_from_where_the_command_is_given(tmp_path, monkeypatch):
    shutil.copytree(plan_dir(TOY), tmp_path / "my_city")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBOOK_PLAN", "")  # what the command sets goes with the test
    told = run("--plan", "my_city", "export", "capital_inflow", "out.xlsx")
    assert told.exit_code == 0 and (tmp_path / "out.xlsx").is_file(), told.output


def test_a_document_of_no_known_form_makes_no_folder_of_that_name(tmp_path):
    for name in ("report.doc", "report.txt"):
        told = run("export", "capital_inflow", tmp_path / name)
        assert told.exit_code == 2 and "a document ends in" in said(told)
    assert not list(tmp_path.iterdir())


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


def test_rows_in_quarantine_are_not_written_over_a_file_that_is_named(tmp_path):
    rows, ledger = tmp_path / "rows.xlsx", tmp_path / "own.csv"
    rows.write_text("mine")
    ledger.write_text("项目编号\n1\n", encoding="utf-8")
    for words in (["read", ledger], ["import", ledger, "-y", "--database", tmp_path / "store"]):
        told = run("ledger", *words, "--quarantine", rows)
        assert told.exit_code == 1 and "--force" in told.output and rows.read_text() == "mine"
    assert not (tmp_path / "store").exists()


def test_an_example_is_not_written_over_a_file(tmp_path):
    mine = tmp_path / "mine.xlsx"
    mine.write_text("mine")
    told = run("ledger", "example", mine)
    assert told.exit_code == 1 and "--force" in told.output and mine.read_text() == "mine"


def test_a_site_replaces_what_it_wrote_and_nothing_else(tmp_path):
    target = tmp_path / "site"
    with whole_folder(target) as made:
        (made / "en").mkdir()
        (made / "en" / "index.html").write_text("ours")
        record = Record(made / site.RECORD)
        record.add(made / "en" / "index.html", b"ours")
        record.save()
    assert site._foreign(target) == []
    (target / "CNAME").write_text("briefings.example")
    told = run("site", target)
    assert told.exit_code == 1 and "CNAME" in told.output and "--force" in told.output
    (target / "CNAME").unlink()
    (target / "en" / "index.html").write_text("edited by hand")
    assert "index.html" in run("site", target).output
    assert run("site", target / "en" / "index.html").exit_code == 1
    assert (target / "en" / "index.html").read_text() == "edited by hand"


def test_a_folder_is_there_whole_or_as_it_was(tmp_path):
    target = tmp_path / "out"
    with whole_folder(target) as made:
        (made / "a").touch()
    with pytest.raises(KeyboardInterrupt), whole_folder(target) as made:
        (made / "b").touch()
        raise KeyboardInterrupt
    assert [path.name for path in target.iterdir()] == ["a"]
    with whole_folder(target) as made:
        (made / "b").touch()
    assert [path.name for path in target.iterdir()] == ["b"]
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupt_that_falls_where_python_drops_it_is_heeded(monkeypatch):
    class Archive:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    heed_interrupts()
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            Archive()
            time.sleep(10)
    finally:
        signal.signal(signal.SIGINT, usual)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "until"),
    [
        (["bulletin", "--month", "2021-09", "--out", "out"], "Reading"),
        (["ledger", "example", "out", "--projects", "90000"], ""),
        (["export", "all", "out"], "Reading"),
        (["lab", "--", "--allow-root"], "Copied"),
    ],
)
def test_ctrl_c_ends_a_command_quietly_with_nothing_half_made(tmp_path, words, until):
    workbook = Path(sys.executable).with_name("workbook")
    with subprocess.Popen(
        [workbook, *words], cwd=tmp_path, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"BROWSER": "true"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in a terminal
    ) as running:  # fmt: skip
        assert not until or running.stdout.readline().startswith(until)
        time.sleep(1.5)
        while not until and sum(psutil.Process(running.pid).cpu_times()[:2]) < 1:
            time.sleep(0.05)  # a machine with much to do has not begun
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in told and "KeyboardInterrupt" not in told
    assert not [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".ipynb")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_jupyterlab_ends_with_the_command_that_opened_it(tmp_path, number):
    workbook = Path(sys.executable).with_name("workbook")
    with subprocess.Popen(
        [workbook, "lab", "--", "--no-browser", "--allow-root"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # as in a terminal, not nohup's
    ) as running:  # fmt: skip
        for line in running.stdout:
            if "Serving notebooks from local directory" in line:
                break
        started = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(number)
        running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert started and not psutil.wait_procs(started, timeout=5)[1]


@pytest.mark.slow
def test_ctrl_c_ends_a_refresh_that_waits_for_the_network_quietly(tmp_path):
    folder = shutil.copytree(data_dir(), tmp_path / "data")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with socket.create_server(("localhost", 0)) as silent:
        proxy = f"http://localhost:{silent.getsockname()[1]}"
        env = {"WORKBOOK_DATA": str(folder), "HTTPS_PROXY": proxy, "https_proxy": proxy,
               "NO_PROXY": "", "no_proxy": "", "PYTHONUNBUFFERED": ""}  # fmt: skip
        with subprocess.Popen(
            [Path(sys.executable).with_name("workbook"), "data", "refresh"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | env,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in a terminal
        ) as running:  # fmt: skip
            assert running.stdout.readline().startswith("Asking")
            line = silent.accept()
            running.send_signal(signal.SIGINT)
            try:
                _, told = running.communicate(timeout=60)
            finally:
                running.kill()
                line[0].close()
    assert (running.returncode, told) == (130, "")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_workers_take_no_interrupt_before_they_can_end_without_a_word(capfd):
    with workers(2) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_DFL
        assert pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result() == set()
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()


def test_a_program_that_is_run_ends_with_us():
    assert run_program([sys.executable, "-c", "raise SystemExit(7)"]) == 7


def test_a_program_that_hears_no_end_is_ended_all_the_same(tmp_path):
    (tmp_path / "deaf.py").write_text(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True); time.sleep(600)"
    )
    code = (
        "import sys; from analysis import process; process.GRACE = 0.2\n"
        "process.run_program([sys.executable, 'deaf.py'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout.readline() == "deaf\n"
        (deaf,) = psutil.Process(running.pid).children()
        running.terminate()
        assert running.wait(60) == 128 + signal.SIGTERM
    assert not deaf.is_running()


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


def test_a_machine_without_a_table_of_hosts_still_serves_itself(monkeypatch):
    resolve = socket.getaddrinfo

    def without_hosts(name, *asked, **more):
        if name == "localhost":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(name, *asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without_hosts)
    assert check_free("localhost", 0, fixed=False) == "127.0.0.1"


def test_names_are_as_browsers_send_them():
    assert host_names(["Briefings.Example", "简报.例子", "a.example."]) == [
        "briefings.example", "xn--4ru366c.xn--fsqu00a", "a.example",
    ]  # fmt: skip
    assert origins(["https://Portal.Example:8443"]) == ["https://portal.example:8443"]


def test_a_network_that_is_none_is_named():
    told = run("serve", "--no-browser", "--metrics-from", "10.0.0.0/99")
    assert told.exit_code == 2 and "10.0.0.0/99" in told.output
