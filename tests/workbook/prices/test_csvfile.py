"""CSV files of prices: taken whole, or refused in a sentence that names line, column and value."""

import datetime
import os
from pathlib import Path

import pytest

from tests.workbook.prices.books import CHEAPER, GPU_HEAD, MODEL_HEAD, written
from xlmodel.workbook.csvrows import CsvError
from xlmodel.workbook.prices import csvfile
from xlmodel.workbook.prices.kinds import GPUS, MODELS, Price

TODAY = datetime.date(2026, 11, 26)
HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "=1", '=HYPERLINK("http://x")']
FIELDS = {"gpu": 0, "provider": 1, "term": 2}


def read(path: Path) -> tuple[list[Price], list[str]]:
    return csvfile.prices(path, TODAY)


def refusal(path: Path) -> str:
    with pytest.raises(CsvError) as caught:
        read(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


def test_a_file_of_gpu_prices(tmp_path: Path) -> None:
    head = f"{GPU_HEAD},checked,note"
    path = written(tmp_path, f"{CHEAPER},2026-11-20,eight GPUs", "", head=head)
    ((price,), notes) = read(path)
    assert notes == []
    assert price == Price(
        GPUS, ("H100", "Lambda", "on-demand"), 2.99, "USD", datetime.date(2024, 11, 1),
        datetime.date(2026, 11, 20), "a quote", "eight GPUs",
    )  # fmt: skip


def test_a_file_of_model_prices_in_another_order_and_case(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "2026-11-01,usd,.6,Cache_Read,Us,Ours,contract 7",
        head="Valid_From,Currency,usd_per_mtok,KIND,Provider,Model,Source",
    )
    (price,) = read(path)[0]
    assert (price.kind, price.names) == (MODELS, ("Ours", "Us", "cache_read"))
    assert (price.price, price.unit) == (0.6, "USD/Mtok")


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{GPU_HEAD}\r\n{CHEAPER}\r\n".encode(),
        f"{GPU_HEAD}\n{CHEAPER}\n".encode("utf-16"),
        f"{GPU_HEAD}\n{CHEAPER}\n".replace(",", "\t").encode(),
        f"{GPU_HEAD}\n{CHEAPER}\n".replace(",", ";").encode(),
        f"\n{GPU_HEAD}\n\n{CHEAPER}\n,,,,,,\n".encode(),
    ],
    ids=["byte order mark", "UTF-16 as Excel writes it", "tabs", "semicolons", "blank lines"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(data)
    (price,), notes = read(path)
    assert (price.what, price.price, notes) == ("H100, Lambda, on-demand", 2.99, [])


def test_a_decimal_comma_is_read_where_semicolons_delimit_and_is_said(tmp_path: Path) -> None:
    line = CHEAPER.replace(",", ";").replace("2.99", "2,99")
    (price,), notes = read(written(tmp_path, line, head=GPU_HEAD.replace(",", ";")))
    assert price.price == 2.99
    assert notes == [
        f"{tmp_path / 'new.csv'} is delimited by semicolons: a price such as 3,49 is read as 3.49"
    ]


def test_columns_that_no_table_has_are_left_out_and_said(tmp_path: Path) -> None:
    found, notes = read(written(tmp_path, f"{CHEAPER},x", head=f"{GPU_HEAD},=evil"))
    assert len(found) == 1
    assert notes == [f"{tmp_path / 'new.csv'}: left out the column =evil"]


@pytest.mark.parametrize(("column", "value", "said"), [
    ("usd_per_gpu_hour", "abc", '"abc", but must be a number above 0, at most 1,000,000'),
    ("usd_per_gpu_hour", "-3.49", '"-3.49", but must be a number above 0'),
    ("usd_per_gpu_hour", "0", '"0", but must be a number above 0'),
    ("usd_per_gpu_hour", "", '"", but must be a number above 0'),
    ("usd_per_gpu_hour", "nan", '"nan", but must be'),
    ("usd_per_gpu_hour", "inf", '"inf", but must be'),
    ("usd_per_gpu_hour", "1e999", '"1e999", but must be'),
    ("usd_per_gpu_hour", "1_0", '"1_0", but must be'),
    ("usd_per_gpu_hour", "$3.49", '"$3.49", but must be'),
    ("usd_per_gpu_hour", "٣", '"٣", but must be'),
    ("usd_per_gpu_hour", "=1+1", '"=1+1", but must be'),
    ("currency", "", '"", but must be a code of three letters, such as USD'),
    ("currency", "dollars", '"dollars", but must be a code'),
    ("currency", "=A1", '"=A1", but must be a code'),
    ("valid_from", "", '"", but must be a date such as 2026-11-01'),
    ("valid_from", "01.11.2026", '"01.11.2026", but must be a date'),
    ("valid_from", "11/01/2026", '"11/01/2026", but must be a date'),
    ("valid_from", "2026-02-30", '"2026-02-30", but must be a date'),
    ("valid_from", "45500", '"45500", but must be a date'),
    ("valid_from", "1899-12-31", "but must be a date from 2000-01-01 on"),
    ("valid_from", "2062-11-01", "is 2062-11-01, which is more than a year ahead"),
    ("gpu", " ", "gpu is blank, but each price needs one"),
    ("provider", "\u00a0", "provider is blank"),
    ("source", "", "source is blank"),
    ("source", "x" * 2001, "source has 2,001 characters, but at most 2,000 are taken"),
    ("gpu", "x" * 101, "gpu has 101 characters, but at most 100 are taken"),
])  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path: Path, column: str, value: str, said: str) -> None:
    cells = dict(zip(GPU_HEAD.split(","), CHEAPER.split(","), strict=True)) | {column: value}
    sentence = refusal(written(tmp_path, CHEAPER, ",".join(cells.values())))
    assert f"new.csv, line 3: {column}" in sentence
    assert said in sentence


def test_a_kind_and_a_day_of_checking_that_cannot_be(tmp_path: Path) -> None:
    line = "gpt-5.5,OpenAI,thinking,1,USD,2026-11-01,x"
    sentence = refusal(written(tmp_path, line, head=MODEL_HEAD))
    assert '"thinking", but must be one of input, output, cache_read, cache_write' in sentence
    path = written(tmp_path, f"{CHEAPER},2026-11-27", head=f"{GPU_HEAD},checked")
    assert "checked is 2026-11-27, which has not come yet" in refusal(path)


@pytest.mark.parametrize(("text", "said"), [
    ("", "must begin with the headers of a price table"),
    ("hello\n", 'begins with "hello", but must begin with'),
    (CHEAPER, "must begin with the headers"),
    ("gpu,usd_per_gpu_hour\nH100,3\n", "has no column provider, term, currency, valid_from"),
    (f"{GPU_HEAD.replace(',source', '')}\n", "has no column source"),
    (f"{GPU_HEAD}\n", "has headers, but no price below them"),
    (f"{GPU_HEAD},gpu\n", 'has the header "gpu" twice'),
    (f"{GPU_HEAD}\nH100,Lambda\n", "line 2 has 2 cells, but the header has 7"),
    (f"{GPU_HEAD}\n{CHEAPER},{CHEAPER}\n", "line 2 has 14 cells"),
    (f'{GPU_HEAD}\n"H100,Lambda\n', "no CSV here"),
    (f"{GPU_HEAD}\n{'x' * 200_000},b\n", "no CSV here"),
    ("PK\x03\x04", "is no text file"),
    ("a\0b", "is no text file"),
])  # fmt: skip
def test_another_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "new.csv"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path)


def test_what_is_no_file_or_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    assert "is not a regular file" in refusal(tmp_path)
    assert "there is no file" in refusal(tmp_path / "missing.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes(f"{GPU_HEAD}\n{CHEAPER}\nH100,Zürich".encode("latin-1"))
    assert "line 3: the text is not in UTF-8; save the file as CSV UTF-8" in refusal(path)
    huge = tmp_path / "huge.csv"
    huge.touch()
    os.truncate(huge, csvfile.LARGEST_FILE + 1)
    assert "at most 200 MB can be read" in refusal(huge)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["gpu", "provider", "term", "source", "note"])
def test_texts_are_only_texts(tmp_path: Path, field: str, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    head = f"{GPU_HEAD},note"
    cells = dict(zip(head.split(","), [*CHEAPER.split(","), ""], strict=True)) | {field: quoted}
    (price,) = read(written(tmp_path, ",".join(cells.values()), head=head))[0]
    found = dict(zip(GPUS.keys, price.names, strict=True)) | price._asdict()
    assert found[field] == text


def test_control_characters_become_spaces(tmp_path: Path) -> None:
    path = written(
        tmp_path, '"\tH100\x1b[31m",La\x01mbda,"on-\x07\u202edemand",3,USD,2024-11-01,"a\nb"'
    )
    (price,) = read(path)[0]
    assert price.names == ("H100 [31m", "La mbda", "on- demand")
    assert price.source == "a b"


def test_an_announced_price_may_be_a_year_ahead(tmp_path: Path) -> None:
    path = written(tmp_path, CHEAPER.replace("2024-11-01", "2027-11-27"))
    assert read(path)[0][0].valid_from == datetime.date(2027, 11, 27)
