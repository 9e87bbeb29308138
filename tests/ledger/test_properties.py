"""What holds for every ledger: nothing lost, order without effect, no file breaks the reader."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger.dates import format_date, read_date
from analysis.ledger.numbers import chinese_number, read_number
from analysis.ledger.reading import LedgerFileError, read_ledger
from analysis.ledger.units import unit_of

TODAY = date(2021, 12, 31)
HEADER = ["到账编号", "项目编号", "所属区", "到位日期", "到位资金（万元）", "备注"]
#: Properties of whole files cost some ten milliseconds an example.
FILES = settings(max_examples=15, derandomize=True, suppress_health_check=list(HealthCheck))

amounts = st.decimals(-(10**11), 10**11, places=6, allow_nan=False, allow_infinity=False)
rows = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "00123", ""]),
        st.sampled_from(["光谷", "江岸区", "西青区", "沌口"]),
        st.sampled_from(["2021-03-01", "2021年3月", "2021-13-01", "2021Q1"]),
        st.sampled_from(["100", "1,234.5", "约100", "壹佰万元整", "—", "12亿"]),
        st.sampled_from(["", "甲", "=1+1", "a\nb"]),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: [[f"A{n}", *row] for n, row in enumerate(found)])


def read(lines, header=HEADER):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *lines])
        (reading,) = read_ledger(path, "arrivals", today=TODAY)
        return reading


def said(reading):
    """Return what a reading says of each arrival, whatever its row and the file's order."""
    kept = reading.rows.drop(columns=["row", "raw", "sheet"])
    bad = reading.quarantine[["column", "value", "code"]].to_numpy().tolist()
    return (
        {record["arrival_id"]: record for record in kept.to_dict("records")},
        sorted(map(tuple, bad)),
    )


@given(amounts)
def test_an_amount_that_is_written_is_read_back(value):
    number = read_number(f"{value:,f}")
    assert number.value == value
    assert not number.odd


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)), st.sampled_from(
    ["day", "month", "quarter", "half", "year"]
))  # fmt: skip
def test_a_date_that_is_written_is_read_back(day, precision):
    first = {
        "day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "half": day.replace(month=1 if day.month < 7 else 7, day=1),
    }[precision]  # fmt: skip
    period = read_date(format_date(first, precision))
    assert (period.first, period.precision, period.odd) == (first, precision, ())


def in_words(number):
    """Write a whole number below 10^12 in Chinese numerals."""
    digits, small = "零一二三四五六七八九", ["", "十", "百", "千"]
    words = ""
    for great, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // great % 10_000
        if part:
            words += (
                "".join(
                    digits[part // 10**place % 10] + small[place]
                    if part // 10**place % 10
                    else ("零" if part // 10 ** (place + 1) and part % 10**place else "")
                    for place in (3, 2, 1, 0)
                )
                + word
            )
    while "零零" in words:
        words = words.replace("零零", "零")
    return words or "零"


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_words_is_its_value(number):
    assert chinese_number(in_words(number)) == Decimal(number)


@pytest.mark.parametrize(
    ("word", "power"),
    [
        ("万", 4), ("萬", 4), ("十万", 5), ("百万", 6), ("千万", 7), ("亿", 8), ("億", 8),
        ("十亿", 9), ("百亿", 10), ("千亿", 11), ("万亿", 12),
    ],
)  # fmt: skip
def test_each_great_number_is_its_power_of_ten_in_words_and_as_a_unit(word, power):
    assert chinese_number(f"一{word}") == read_number(f"一{word}").value == 10**power
    assert unit_of(f"{word}元").factor == unit_of(f"{word}美元").factor == 10**power


@FILES
@given(rows)
def test_every_row_is_accepted_or_held_back_or_counted_as_what_it_is(lines):
    counts = dict(read(lines).counts)
    assert counts["read"] == len(lines) + 1
    assert counts.pop("read") == sum(counts.values())


@FILES
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_never_matters(lines, chance):
    shuffled = lines[:]
    chance.shuffle(shuffled)
    order = list(range(len(HEADER)))
    chance.shuffle(order)
    turned = [[row[place] for place in order] for row in shuffled]
    assert said(read(lines)) == said(read(turned, [HEADER[place] for place in order]))


@FILES
@given(rows, rows)
def test_two_files_joined_are_both_files(first, second):
    second = [[f"B{row[0]}", *row[1:]] for row in second]
    one, other, both = said(read(first)), said(read(second)), said(read(first + second))
    assert {**one[0], **other[0]} == both[0]
    assert sorted(one[1] + other[1]) == both[1]


@FILES
@given(rows, st.data())
def test_a_changed_cell_changes_one_record_and_no_other(lines, data):
    good = [[row[0], "P1", "光谷", "2021-03-01", "100", row[5]] for row in lines]
    place = data.draw(st.integers(0, len(good) - 1))
    changed = [row[:] for row in good]
    changed[place][4] = "101"
    before, after = said(read(good))[0], said(read(changed))[0]
    assert [key for key in before if before[key] != after[key]] == [good[place][0]]


def book():
    held = io.BytesIO()
    made = openpyxl.Workbook()
    for line in (HEADER, ["A1", "P1", "光谷", "2021-03-01", 100, ""]):
        made.active.append(line)
    made.save(held)
    return held.getvalue()


WORKBOOK = book()
MAGIC = [
    b"", b"PK\x03\x04", b"PAR1", b"SQLite format 3\0", b"\0" * 8 + b"DUCK", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe\0\0", "项目编号,".encode(),
]  # fmt: skip


@st.composite
def broken_workbooks(draw):
    """Return a workbook with some bytes changed, or cut."""
    content = bytearray(WORKBOOK)
    chance = random.Random(draw(st.integers(0, 10**6)))
    for _ in range(draw(st.integers(0, 8))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])


headed = st.text(st.sampled_from('项目编号,到位日期资金（万元）\n"12;\t=\0 A')).map(
    lambda text: f"项目编号,到位日期,到位资金（万元）\n{text}".encode()
)
contents = (
    st.builds(bytes.__add__, st.sampled_from(MAGIC), st.binary(max_size=300))
    | broken_workbooks()
    | headed
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)


@settings(FILES, max_examples=120)
@given(contents)
def test_any_bytes_give_a_report_or_a_reason(content):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.bin"
        path.write_bytes(content)
        try:
            readings = read_ledger(path, today=TODAY)
        except LedgerFileError as error:
            assert error.said and error.remedy
            return
        for reading in readings:
            counts = dict(reading.counts)
            assert counts.pop("read") == sum(counts.values())
            assert len(reading.rows) == counts["accepted"]


@pytest.mark.parametrize("held", [0, 1, 5])
def test_totals_before_and_after_are_reconciled(held):
    """What a file says, what can be read, what is taken and what is held back add up."""
    lines = [[f"A{n}", "P1", "光谷", "2021-03-01", f"{n}.25", ""] for n in range(20)]
    for line in lines[:held]:
        line[2] = "西青区"
    total = sum(Decimal(line[4]) for line in lines)
    reading = read([*lines, ["合计", "", "", "", str(total), ""]])
    (control,) = reading.controls.to_dict("records")
    assert control["stated"] == control["summed"] == reading.sums["read"] == total
    assert control["agrees"] and control["difference"] == 0
    assert control["accepted"] == reading.sums["accepted"] == sum(reading.rows["amount"])
    assert reading.sums["accepted"] + reading.sums["quarantined"] == reading.sums["read"]
    assert (reading.sums["quarantined"] > 0) == (held > 0)
    assert pd.api.types.is_object_dtype(reading.rows["amount"])
