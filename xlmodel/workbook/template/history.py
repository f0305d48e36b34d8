"""The sheet Size history: convolutional networks grew, shrank, balanced; do language models follow?

The article's claims stand beside what the dated rows say. The tables are facts with their sources;
the grid between takes the figures from them for the chart.
"""

from xlmodel import tables
from xlmodel.workbook.template.parts import (
    Beside,
    Cell,
    Chart,
    Charts,
    Gap,
    Item,
    Row,
    Series,
    Sheet,
    Table,
    Value,
    across,
    headers,
    heading,
)
from xlmodel.workbook.template.prices import dated

_LAST = "H"
_FORMS = {
    "params_m": "ratio", "file_mb": "ratio", "top1_percent": "ratio", "top5_percent": "ratio",
    "gmacs": "rate", "params_total_b": "ratio", "params_active_b": "ratio",
    "mmlu_5shot_percent": "ratio", "valid_from": "date", "checked": "date",
}  # fmt: skip


def _table(name: str, column: str, table: str) -> Table:
    header, *rows = tables.grid(table)
    facts = [str(title) for title in header]
    forms = [_FORMS.get(title, "general") for title in facts]
    values: list[list[Value]] = [
        [dated(cell, form) for cell, form in zip(row, forms, strict=True)] for row in rows
    ]
    return Table(name, column, facts, values, forms)


def _cnn(model: str, column: str) -> str:
    return f'INDEX(CnnHistory[{column}],MATCH("{model}",CnnHistory[model],0))'


def _llm(model: str, column: str) -> str:
    return f'INDEX(LlmHistory[{column}],MATCH("{model}",LlmHistory[model],0))'


def _claim(claim: str, article: str, factor: str, year: str, note: str, name: str = "") -> Row:
    return Row(
        {
            "B": Cell(claim, role="label"),
            "C": Cell(article, role="unit"),
            "D": Cell(f"={factor}", "ratio", name=name),
            "E": Cell(f"={year}", "general"),
            "F": Cell(note, role="note"),
        }
    )


def _against_vgg(model: str, column: str = "file_mb") -> str:
    return f"{_cnn('VGG-16', column)}/{_cnn(model, column)}"


_GOOGLENET = "GoogLeNet (Inception v1)"
_CLAIMS = (
    ("GoogLeNet shrank models: VGG-16 is × as large", "100 ×, in 2015",
     _against_vgg(_GOOGLENET), _cnn(_GOOGLENET, "year"),
     "528 MB to 50 MB, both of 2014; in parameters 21 ×.", "googlenet_factor"),
    ("SqueezeNet, smaller still: VGG-16 is × as large", "smaller still",
     _against_vgg("SqueezeNet 1.0"), _cnn("SqueezeNet 1.0", "year"),
     "The hundredfold, at 13.5 points of accuracy less.", ""),
    ("ResNeXt, balanced: VGG-16 is × as large", "balanced",
     _against_vgg("ResNeXt-50 32x4d"), _cnn("ResNeXt-50 32x4d", "year"),
     "The most accurate of these; larger again than GoogLeNet.", ""),
    ("MobileNet, small and strong: VGG-16 is × as large", "2017",
     _against_vgg("MobileNetV1 1.0-224"), _cnn("MobileNetV1 1.0-224", "year"),
     "0.7 points below VGG-16.", ""),
    ("Language models: PaLM uses × per token of DeepSeek-V3", "“do they follow?”",
     f"{_llm('PaLM', 'params_active_b')}/{_llm('DeepSeek-V3', 'params_active_b')}",
     _llm("DeepSeek-V3", "year"),
     "Better at it (MMLU 87.1 against 69.3) with less per token.", "llm_factor"),
    ("but in all it holds × the parameters of PaLM", "“do they follow?”",
     f"{_llm('DeepSeek-V3', 'params_total_b')}/{_llm('PaLM', 'params_total_b')}",
     _llm("DeepSeek-V3", "year"),
     "Memory keeps growing: mixtures of experts shrink compute, not weights.", ""),
)  # fmt: skip


def _claims() -> list[Item]:
    titles = across("Claim", "The article\nsays", "The rows\nsay (×)", "Year", "What it is")
    return [
        Row({"B": Cell(_ANSWER, "general", "remark", "answer_size_history")}),
        heading("The article's claims beside the data", _LAST),
        headers(titles, texts="BCF", last=_LAST),
        *(_claim(*claim) for claim in _CLAIMS),
        Gap(),
    ]


_ANSWER = (
    '="Convolutional networks shrank "&ROUND(googlenet_factor,1)&" times in 2014, not 100 in 2015;'
    ' language models use "&ROUND(llm_factor,1)&" times less per token than at their largest, '
    'but hold more in all."'
)


def _point(table: str, name: str, size: str, accuracy: str) -> Row:
    at = "ROWS($A${first}:$A{row})"
    return Row(
        {
            "B": Cell(f"=INDEX({table}[model],{at})", "general", "label", column=f"{name}_model"),
            "C": Cell(f"=INDEX({table}[year],{at})", "general", column=f"{name}_year"),
            "D": Cell(f"=INDEX({table}[{size}],{at})", "ratio", column=f"{name}_size"),
            "E": Cell(
                f'=IF(N(INDEX({table}[{accuracy}],{at}))>0,INDEX({table}[{accuracy}],{at}),"–")',
                "ratio",
                "calculation_text",
                column=f"{name}_accuracy",
            ),
            "F": Cell(f"=$C{{row}}-MIN({table}[year])", "general", column=f"{name}_since"),
            "G": Cell(f"=$D{{row}}/MAX({table}[{size}])", "share", column=f"{name}_share"),
        }
    )


def _grid(title: str, unit: str, score: str, table: str, name: str, *columns: str) -> list[Item]:
    titles = across(title, "Year", unit, score, "Years since\nthe first", "Share of\nthe largest")
    count = len(tables.rows({"CnnHistory": "cnn", "LlmHistory": "llm_history"}[table]))
    size, accuracy = columns
    return [
        headers(titles, texts="B"),
        *(_point(table, name, size, accuracy) for _ in range(count)),
        Gap(),
    ]


_CHART = Charts(
    [
        Chart(
            kind="scatter",
            column="B",
            title="Both grew and then shrank: size over the years, as a share of the largest",
            x_title="Years since the first of its kind (2012, 2019)",
            y_title="Share of the largest",
            series=[
                Series("Convolutional networks: file size", "cnn_since", "cnn_share", "breakeven"),
                Series("Language models: used per token", "llm_since", "llm_share", "here"),
            ],
            alt_text="Points of size over the years since the first model, for convolutional "
            "networks and language models, each as a share of the largest of its kind. The "
            "figures stand in the tables on this sheet.",
            y_form="share",
            size=(900, 340),
        )
    ],
    rows=17,
)


def sheet() -> Sheet:
    """The description of the sheet."""
    return Sheet(
        name="Size history",
        title="How models grew and shrank",
        about="Size against accuracy over the years, with the article's claims beside the data. "
        "Accuracies are of different tests: compare within a kind only.",
        widths={
            "A": 2,
            **across(52, 20, 14, 14, 14, 14, 12, 12, 12, 60, 50, 3),
            **dict(zip("NOPQRSTUV", (20, 8, 16, 16, 20, 12, 12, 60, 50), strict=True)),
        },
        items=[
            *_claims(),
            _CHART,
            *_grid("Convolutional network", "File\n(MB)", "Top-1\n(%)", "CnnHistory", "cnn",
                   "file_mb", "top1_percent"),
            *_grid("Language model", "Used per\ntoken (10⁹)", "MMLU\n(%)", "LlmHistory", "llm",
                   "params_active_b", "mmlu_5shot_percent"),
            Beside([_table("CnnHistory", "B", "cnn"), _table("LlmHistory", "N", "llm_history")]),
        ],
        frozen_rows=4,
        print_columns=("A", "V"),
    )  # fmt: skip
