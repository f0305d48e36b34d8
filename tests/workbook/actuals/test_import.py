"""``xlmodel actuals import``: rows of a CSV file or a bill, all or none, never guessed."""

import datetime
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.workbook.prices.books import WORKBOOKS, run
from xlmodel.workbook.actuals import bill, focus, own
from xlmodel.workbook.actuals.mapping import mapped
from xlmodel.workbook.actuals.rows import EXAMPLE, Actual, Found
from xlmodel.workbook.csvrows import CsvError, Reader

TODAY = datetime.date(2026, 11, 26)
HEAD = "period_start,period_end,line,input_tokens,output_tokens,revenue,gpu_hours,gpu_cost"
SEPTEMBER = "2024-09-01,2024-09-30,Llama-3.1-405B,8100000000,810000000,24948,5760,19800"
FOCUS = (
    "BilledCost,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,ChargeCategory,"
    "ChargePeriodEnd,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,EffectiveCost,ServiceName,"
    "SkuId,Tags"
)
HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "*", "]]>&<"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at 26 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")


def written(folder: Path, *lines: str, head: str = HEAD, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


def read(path: Path) -> Found:
    return own.actuals(Reader(path, 1 << 30, "actuals"), "USD", TODAY)


def charge(**cells: str) -> str:
    row = {
        "BilledCost": "90",
        "BillingCurrency": "USD",
        "BillingPeriodEnd": "2024-10-01T00:00:00Z",
        "BillingPeriodStart": "2024-09-01T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargePeriodEnd": "2024-09-03T00:00:00Z",
        "ChargePeriodStart": "2024-09-02T00:00:00Z",
        "ConsumedQuantity": "24",
        "ConsumedUnit": "Hours",
        "EffectiveCost": "80",
        "ServiceName": "Machines",
        "SkuId": "H100-8",
        "Tags": "",
    }
    row |= cells
    quoted = (f'"{cell}"' if "," in cell or '"' in cell else cell for cell in row.values())
    return ",".join(quoted)


def billed(path: Path, *rules: str, **options: Any) -> Found:
    return focus.actuals(
        Reader(path, 1 << 30, "actuals"), focus.Options(mapped(rules), **options), "USD", TODAY
    )


def book(folder: Path) -> Path:
    return Path(shutil.copy(WORKBOOKS / "node_margin.xlsx", folder / "book.xlsx"))


def cells(path: Path, values: bool = False) -> list[dict[str, Any]]:
    """The rows of table Actuals."""
    sheet = openpyxl.load_workbook(path, data_only=values)["Actuals"]
    ref = openpyxl.load_workbook(path)["Actuals"].tables["Actuals"].ref
    head, *rows = sheet[ref]
    return [{h.value: c.value for h, c in zip(head, row, strict=True)} for row in rows]


def test_a_file_with_the_tables_own_headers(tmp_path: Path) -> None:
    found = read(written(tmp_path, SEPTEMBER))
    assert found.rows == [
        Actual(
            datetime.date(2024, 9, 1),
            datetime.date(2024, 9, 30),
            "Llama-3.1-405B",
            {
                "input_tokens": 8.1e9,
                "output_tokens": 8.1e8,
                "unsplit_revenue": 24948,
                "gpu_hours": 5760,
                "gpu_cost": 19800,
            },
            "USD",
            "new.csv",
        )
    ]
    assert [note.partition(": ")[2] or note for note in found.notes] == [
        "the column revenue is taken as unsplit_revenue",
        "taken as USD, the workbook's",
    ]


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{HEAD}\r\n{SEPTEMBER}\r\n".encode(),
        f"{HEAD}\n{SEPTEMBER}\n".encode("utf-16"),
        f"{HEAD}\n{SEPTEMBER}.5\n".replace(",", ";").replace(".5\n", ",0\n").encode(),
        f"{HEAD}\r{SEPTEMBER}\r".encode(),
    ],
    ids=["byte order mark", "UTF-16", "semicolons and a decimal comma", "old Mac"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(data)
    found = read(path)
    assert found.rows[0].amounts["gpu_cost"] == 19800
    assert any("3,49 is read as 3.49" in note for note in found.notes) == (b";" in data)


@pytest.mark.parametrize(("column", "value", "said"), [
    ("period_start", "1.9.2024", '"1.9.2024", but must be a date such as 2026-11-01'),
    ("period_start", "2099-01-01", "which has not come yet"),
    ("period_end", "2024-08-31", "but must be 2024-09-01, the period_start, or later"),
    ("line", "", "line is blank, but each row needs one"),
    ("line", "x" * 101, "has 101 characters"),
    ("input_tokens", "-1", '"-1", but must be a number, 0 or more'),
    ("input_tokens", "8.1 bn", '"8.1 bn", but must be'),
    ("gpu_cost", "nan", '"nan", but must be a number'),
    ("gpu_cost", "=1+1", '"=1+1", but must be a number'),
    ("gpu_hours", "1e99", '"1e99", but must be'),
])  # fmt: skip
def test_the_first_fault_is_named_with_its_line(
    tmp_path: Path, column: str, value: str, said: str
) -> None:
    row = dict(zip(HEAD.split(","), SEPTEMBER.split(","), strict=True)) | {column: value}
    path = written(tmp_path, SEPTEMBER.replace("405B", "70B"), ",".join(row.values()))
    with pytest.raises(CsvError) as caught:
        read(path)
    assert f"new.csv, line 3: {column}" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(("lines", "head", "said"), [
    ([SEPTEMBER, SEPTEMBER], HEAD, "line 3: 2024-09-01 to 2024-09-30, Llama-3.1-405B stands in "
     "line 2, too"),
    ([f"{SEPTEMBER},EUR"], f"{HEAD},currency", '"EUR", but the workbook reckons in USD'),
    ([f"{SEPTEMBER},9e9"], f"{HEAD},cached_tokens", "must be input_tokens at most"),
    ([], HEAD, "has headers, but no row below them"),
    (["2024-09-01,x"], "period_start,line", "has no column period_end"),
    (["2024-09-01,2024-09-30,x"], "period_start,period_end,line", "has no column of amounts"),
    ([], f"{HEAD},line", 'has the header "line" twice'),
    ([], f"{HEAD},model", 'has the header "line" twice'),
])  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, lines: list[str], head: str, said: str) -> None:
    with pytest.raises(CsvError) as caught:
        read(written(tmp_path, *lines, head=head))
    assert said in str(caught.value)


def test_a_bill_is_summed_by_month_and_line(tmp_path: Path) -> None:
    october = {
        "ChargePeriodStart": "2024-10-01T00:00:00Z",
        "ChargePeriodEnd": "2024-10-01T01:00:00Z",
    }
    path = written(
        tmp_path,
        charge(),
        charge(ChargePeriodStart="2024-09-04T23:00:00Z", ChargePeriodEnd="2024-09-05T00:00:00Z"),
        charge(ConsumedUnit="GB-Months", EffectiveCost="5"),
        charge(ConsumedUnit="GPU-Hours", ConsumedQuantity="2", EffectiveCost="-1.5"),
        charge(ChargeCategory="Tax", EffectiveCost="99"),
        charge(SkuId="desk", EffectiveCost="7"),
        charge(SkuId="h100-8 ", **october),
        head=FOCUS,
    )
    found = billed(path, "SkuId:H100-8=Alpha*8")
    assert [(str(r.start), str(r.end), r.line, dict(r.amounts)) for r in found.rows] == [
        ("2024-09-02", "2024-09-04", "Alpha",
         {"gpu_hours": 24 * 8 * 2 + 2, "gpu_cost": 158.5, "other_cost": 5}),
        ("2024-10-01", "2024-10-01", "Alpha", {"gpu_hours": 192, "gpu_cost": 80}),
    ]  # fmt: skip
    notes = "\n".join(found.notes)
    for said in (
        "cost is EffectiveCost of charges in the category Usage",
        "left out Tax: 1 for 99.00 USD",
        "left out charges that no --map names: 1 for 7.00 USD; largest: Machines (7.00)",
        "charges by GB-Months (1 for 5.00 USD) are other cost",
        "charges are of 2024-09-02 to 2024-09-04, not of the whole month",
    ):
        assert said in notes


def test_what_counts_of_a_bill_is_chosen(tmp_path: Path) -> None:
    lines = (charge(), charge(ChargeCategory="Credit", EffectiveCost="-30", BilledCost="-30"))
    path = written(tmp_path, *lines, head=FOCUS)
    (row,) = billed(
        path, "*=Alpha", cost="billed", period="billing", include=frozenset({"Credit"})
    ).rows
    assert (str(row.start), str(row.end)) == ("2024-09-01", "2024-09-30")
    assert dict(row.amounts) == {"other_cost": 60}


@pytest.mark.parametrize(("cells", "said"), [
    ({"ChargeCategory": "Fun"}, 'chargecategory is "Fun", but must be one of Usage, Purchase'),
    ({"BillingCurrency": "EUR"}, 'billingcurrency is "EUR", but the workbook reckons in USD'),
    ({"EffectiveCost": ""}, 'effectivecost is "", but must be a number'),
    ({"ConsumedQuantity": "x"}, 'consumedquantity is "x", but must be a number'),
    ({"ChargePeriodStart": "x"}, 'chargeperiodstart is "x", but must be a moment'),
    ({"ChargePeriodStart": "2024-09-02T99:00:00Z"}, "must be a moment"),
    ({"ChargePeriodEnd": "2024-10-02T00:00:00Z"}, "in the same month or at its end"),
    ({"ChargePeriodEnd": "2024-09-01T00:00:00Z"}, "must be after ChargePeriodStart"),
    ({"ChargePeriodStart": "2026-11-27", "ChargePeriodEnd": "2026-11-28"},
     "must be 2026-11-26, today, or before"),
    ({"ChargePeriodStart": "9999-12-01", "ChargePeriodEnd": "9999-12-31T12:00:00Z"}, "today"),
])  # fmt: skip
def test_a_fault_of_a_bill_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    path = written(tmp_path, charge(), charge(**cells), head=FOCUS)
    with pytest.raises(CsvError) as caught:
        billed(path, "SkuId:H100-8=Alpha*8")
    assert "new.csv, line 3: " in str(caught.value)
    assert said in str(caught.value)


def test_a_bill_needs_to_be_told_whose_charges_are_whose(tmp_path: Path) -> None:
    path = written(tmp_path, charge(), head=FOCUS)
    with pytest.raises(ValueError, match="--map says which line its charges are of"):
        billed(path)
    with pytest.raises(CsvError, match="has no column nosuch, which --map names"):
        billed(path, "nosuch:x=y")
    with pytest.raises(CsvError, match="has no charge to take: charges that no --map names"):
        billed(path, "SkuId:other=y")
    with pytest.raises(CsvError, match="it is neither a FOCUS export"):
        billed(written(tmp_path, "1", head="a"), "*=y")


def test_rules_by_tag_and_from_a_file(tmp_path: Path) -> None:
    rules = written(tmp_path, "Tags.Model,Big,Alpha,8", "SkuId,H100-8,Beta,",
                    head="column,value,line,gpus", name="rules.csv")  # fmt: skip
    path = written(
        tmp_path,
        charge(Tags='{""model"": ""big""}'),
        charge(Tags="no JSON"),
        charge(Tags='{""model"": 7}'),
        charge(Tags='{""model"": ' + "[" * 60_000),
        head=FOCUS,
    )
    alpha, beta = billed(path, str(rules)).rows
    assert (alpha.line, alpha.amounts) == ("Alpha", {"gpu_hours": 192, "gpu_cost": 80})
    assert (beta.line, beta.amounts) == ("Beta", {"other_cost": 240})


@pytest.mark.parametrize("rule", ["x=y", "a:b=", "a:b=c*0", "=", "a:=c", "nosuch.csv"])
def test_a_rule_that_says_nothing_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"--map|there is no file"):
        mapped([rule])


def test_two_rules_may_not_contradict() -> None:
    with pytest.raises(ValueError, match="takes skuid:a for b and for c"):
        mapped(["SkuId:A=b", "SkuId:a=c"])


def test_examples_give_way_and_a_bill_fills_the_rows_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    before = into.read_bytes()
    usage = written(tmp_path, "2024-09-01,2024-09-30,Llama-3.1-405B,8100000000,810000000,24948",
                    head=HEAD.removesuffix(",gpu_hours,gpu_cost"))  # fmt: skip
    status, out, err = run(capsys, "actuals", "import", usage, "--into", into, "--yes")
    assert status == 0
    assert "rows of example data that go from the table: 2" in err
    assert "INCOMPLETE" in out
    assert (tmp_path / "book-before.xlsx").read_bytes() == before
    first, blank = cells(into)
    assert (first["line"], first["gpu_cost"]) == ("Llama-3.1-405B", None)
    assert {blank[c] for c in ("period_start", "line", "input_tokens", "source")} == {None}
    cost = written(
        tmp_path,
        charge(ChargePeriodStart="2024-09-01", ChargePeriodEnd="2024-10-01", EffectiveCost="19800",
               ConsumedQuantity="720"),
        head=FOCUS, name="bill.csv",
    )  # fmt: skip
    words = ("actuals", "import", cost, "--into", into, "--map", "SkuId:H100-8=llama-3.1-405b*8")
    status, out, _ = run(capsys, *words, "--yes")
    assert status == 0
    assert "filled in: 2024-09-01 to 2024-09-30, llama-3.1-405b: gpu_hours 5,760" in out
    assert "INCOMPLETE" not in out
    (row, _) = cells(into, values=True)
    assert (row["gpu_hours"], row["gpu_cost"], row["row_check"]) == (5760, 19800, "ok")
    assert row["source"] == "new.csv; bill.csv, EffectiveCost of FOCUS"
    status, out, _ = run(capsys, *words, "--yes")
    assert (status, out.splitlines()[-1]) == (0, "nothing was written")


def test_what_contradicts_is_a_conflict_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    path = written(tmp_path, SEPTEMBER)
    assert run(capsys, "actuals", "import", path, "--into", into, "--yes")[0] == 0
    held = into.read_bytes()
    other = written(
        tmp_path, SEPTEMBER.replace("19800", "19900"), SEPTEMBER.replace("405B", "8B"),
        name="other.csv",
    )  # fmt: skip
    status, out, _ = run(capsys, "actuals", "import", other, "--into", into, "--yes")
    assert (status, into.read_bytes()) == (1, held)
    assert "conflict: 2024-09-01 to 2024-09-30, Llama-3.1-405B: gpu_cost is 19,900" in out
    overlap = written(tmp_path, SEPTEMBER.replace("09-30", "09-15"), name="half.csv")
    status, out, _ = run(capsys, "actuals", "import", overlap, "--into", into, "--yes", "--replace")
    assert (status, into.read_bytes()) == (1, held)
    assert "overlaps the row 2024-09-01 to 2024-09-30 of that line" in out
    status, out, _ = run(capsys, "actuals", "import", other, "--into", into, "--yes", "--replace")
    assert status == 0
    assert "replaced: 2024-09-01 to 2024-09-30, Llama-3.1-405B: gpu_cost 19,900 (was 19,800)" in out
    assert [row["gpu_cost"] for row in cells(into)] == [19900, 19800]


def test_rows_of_one_file_may_not_overlap(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    held = into.read_bytes()
    path = written(tmp_path, SEPTEMBER, SEPTEMBER.replace("09-30", "09-15"))
    status, out, _ = run(capsys, "actuals", "import", path, "--into", into, "--yes")
    assert (status, into.read_bytes()) == (1, held)
    assert "2024-09-15, Llama-3.1-405B overlaps the row 2024-09-01 to 2024-09-30" in out


def test_amounts_typed_over_an_example_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    typed = openpyxl.load_workbook(into)
    typed["Actuals"]["H6"] = 99999
    typed.save(into)
    path = written(tmp_path, SEPTEMBER)
    status, _, err = run(capsys, "actuals", "import", path, "--into", into, "--yes")
    assert status == 0
    assert "rows of example data that go from the table: 1" in err
    assert "stay, since they hold other figures: 1" in err
    assert cells(into)[0]["input_revenue"] == 99999


def test_a_row_never_holds_more_cached_tokens_than_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    path = written(tmp_path, SEPTEMBER)
    assert run(capsys, "actuals", "import", path, "--into", into, "--yes")[0] == 0
    held = into.read_bytes()
    more = written(tmp_path, "2024-09-01,2024-09-30,Llama-3.1-405B,9e9",
                   head="period_start,period_end,line,cached_tokens", name="more.csv")  # fmt: skip
    status, out, _ = run(capsys, "actuals", "import", more, "--into", into, "--yes")
    assert (status, into.read_bytes()) == (1, held)
    assert "cached_tokens would be more than input_tokens" in out


def test_a_source_is_kept_though_it_is_part_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    first = written(tmp_path, SEPTEMBER.rsplit(",", 1)[0],
                    head=HEAD.removesuffix(",gpu_cost"), name="mydata.csv")  # fmt: skip
    run(capsys, "actuals", "import", first, "--into", into, "--yes")
    second = written(tmp_path, SEPTEMBER, name="data.csv")
    assert run(capsys, "actuals", "import", second, "--into", into, "--yes")[0] == 0
    assert cells(into)[0]["source"] == "mydata.csv; data.csv"


def test_what_is_left_out_is_summed_by_currency(tmp_path: Path) -> None:
    path = written(
        tmp_path, charge(), charge(ChargeCategory="Tax", BillingCurrency="EUR"), head=FOCUS
    )
    assert any("left out Tax: 1 for 80.00 EUR" in note for note in billed(path, "*=y").notes)


def test_names_of_a_bill_are_kept_apart_only_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bill, "_MOST_KEPT", 2)
    charges = [charge(), *(charge(SkuId=f"sku-{n}", ServiceName=f"s{n}") for n in range(9))]
    found = billed(written(tmp_path, *charges, head=FOCUS), "SkuId:H100-8=y*8")
    (note,) = (note for note in found.notes if "no --map names" in note)
    assert "9 for 720.00 USD; largest: others (560.00), s0 (80.00), s1 (80.00)" in note


def test_nothing_is_written_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    into, path = book(tmp_path), written(tmp_path, SEPTEMBER)
    held = into.read_bytes()
    status, out, _ = run(capsys, "actuals", "import", path, "--into", into, "--dry-run")
    assert (status, "new rows: 1" in out, into.read_bytes()) == (0, True, held)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))  # no terminal
    status, _, err = run(capsys, "actuals", "import", path, "--into", into)
    assert (status, into.read_bytes()) == (2, held)
    assert "--yes writes what is new" in err
    out_file = tmp_path / "out.xlsx"
    status, text, _ = run(
        capsys, "actuals", "import", path, "--into", into, "--yes", "-o", out_file, "--json"
    )
    told = json.loads(text)
    assert (status, told["wrote"], into.read_bytes()) == (0, str(out_file), held)
    assert told["rows"][0]["amounts"]["gpu_cost"] == 19800
    steps = sum(step["value"] for step in told["variance"]["steps"])
    assert told["variance"]["budget"] + steps == pytest.approx(told["variance"]["actual"])


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    into = book(tmp_path)
    quoted = '"' + text.replace('"', '""') + '"'
    path = written(tmp_path, f"{SEPTEMBER.replace('Llama-3.1-405B', quoted)},{quoted}",
                   head=f"{HEAD},source")  # fmt: skip
    status, out, _ = run(capsys, "actuals", "import", path, "--into", into, "--yes")
    assert status == 0
    sheet = openpyxl.load_workbook(into)["Actuals"]
    assert [(sheet[cell].value, sheet[cell].data_type) for cell in ("D6", "P6")] == [
        (text, "s")
    ] * 2
    assert "Lines without a budget" in out


def test_a_workbook_without_the_table_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.xlsx"
    openpyxl.Workbook().save(bare)
    path = written(tmp_path, SEPTEMBER)
    status, _, err = run(capsys, "actuals", "import", path, "--into", bare, "--yes")
    assert (status, "has no table named Actuals" in err) == (2, True)
    status, _, err = run(capsys, "actuals", "show", bare)
    assert (status, "has no variance" in err) == (2, True)


def test_our_own_report_of_a_day_is_read_as_an_estimate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = book(tmp_path)
    words = ("report", into, "-o", tmp_path, "--format", "focus", "--quick",
             "--set", "in_other_cost_per_day=12")  # fmt: skip
    assert run(capsys, *words)[0] == 0
    status, _, err = run(
        capsys, "actuals", "import", tmp_path / "book-report.focus.csv", "--into", into, "--yes",
        "--map", "*=Llama-3.1-405B",
    )  # fmt: skip
    assert status == 0
    assert "is an estimate that xlmodel wrote of a modelled day, not a bill" in err
    row = cells(into)[0]
    assert [row[c] for c in ("gpu_hours", "gpu_cost", "other_cost")] == pytest.approx(
        [192, 670.08, 12]
    )
    assert row["period_start"] == row["period_end"] == datetime.datetime(2024, 7, 27)


def test_a_large_bill_is_read_as_a_stream(tmp_path: Path) -> None:
    path = written(tmp_path, *[charge()] * 20_000, head=FOCUS)
    (row,) = billed(path, "SkuId:H100-8=Alpha*8").rows
    assert row.amounts == {"gpu_hours": 192 * 20_000, "gpu_cost": 80 * 20_000}


def test_show_tells_what_the_sheet_says(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "actuals", "show", WORKBOOKS / "node_margin.xlsx", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["answer"].startswith("EXAMPLE data. From 2024-08-01 to 2024-08-31")
    assert told["unit"] == "USD"
    total = told["budget"] + sum(step["value"] for step in told["steps"])
    assert total == pytest.approx(told["actual"], rel=1e-12)
    assert {item["verdict"] for item in told["material"]} <= {"adverse", "favourable"}


def test_the_example_rows_say_so() -> None:
    rows = cells(WORKBOOKS / "node_margin.xlsx")
    assert all(row["source"].startswith(EXAMPLE) for row in rows)
    assert bill.ESTIMATE == "xlmodel-estimate"


@pytest.mark.parametrize("content", ["", "\n\n", " , ,\n", "\ufeff"])
def test_an_empty_file_is_said_to_be(tmp_path: Path, content: str) -> None:
    (tmp_path / "empty.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CsvError, match=r"empty\.csv is empty: it is neither a FOCUS export"):
        billed(tmp_path / "empty.csv", "*=Llama")
