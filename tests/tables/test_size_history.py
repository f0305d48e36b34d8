"""How models grew and shrank: the rows, and what the article says of them."""

import pytest

from xlmodel import tables

CNN = {row["model"]: row for row in tables.rows("cnn")}
LLM = {row["model"]: row for row in tables.rows("llm_history")}


def ratio(larger: str, smaller: str, column: str) -> float:
    return float(CNN[larger][column]) / float(CNN[smaller][column])


def test_googlenet_was_ten_times_smaller_than_vgg_not_a_hundred_and_in_2014() -> None:
    """The article says a hundredfold, in 2015. In parameters it is 21 times."""
    assert CNN["GoogLeNet (Inception v1)"]["year"] == CNN["VGG-16"]["year"] == "2014"
    assert ratio("VGG-16", "GoogLeNet (Inception v1)", "file_mb") == pytest.approx(10.61, abs=0.005)
    assert ratio("VGG-16", "GoogLeNet (Inception v1)", "params_m") == pytest.approx(20.9, abs=0.05)


def test_a_hundredfold_is_reached_by_squeezenet_and_costs_accuracy() -> None:
    assert ratio("VGG-16", "SqueezeNet 1.0", "file_mb") == pytest.approx(110.5, abs=0.05)
    assert ratio("AlexNet", "SqueezeNet 1.0", "params_m") == pytest.approx(48.9, abs=0.1)
    lost = float(CNN["VGG-16"]["top1_percent"]) - float(CNN["SqueezeNet 1.0"]["top1_percent"])
    assert lost == pytest.approx(13.5, abs=0.01)


def test_convolutional_networks_grew_shrank_and_balanced() -> None:
    """AlexNet, VGG, GoogLeNet and SqueezeNet, ResNeXt; a small one then as good as the largest."""
    size = {model: float(row["file_mb"]) for model, row in CNN.items()}
    accuracy = {model: float(row["top1_percent"]) for model, row in CNN.items()}
    assert size["AlexNet"] < size["VGG-16"] == max(size.values())
    assert size["SqueezeNet 1.0"] < size["GoogLeNet (Inception v1)"] < size["AlexNet"]
    assert size["SqueezeNet 1.0"] < size["ResNeXt-50 32x4d"] < size["VGG-16"]
    assert max(accuracy, key=accuracy.__getitem__) == "ResNeXt-50 32x4d"
    assert accuracy["MobileNetV3-Large"] > accuracy["VGG-16"]
    assert size["VGG-16"] / size["MobileNetV3-Large"] == pytest.approx(25.0, abs=0.01)


def test_language_models_grew_and_what_a_token_uses_then_shrank() -> None:
    active = {model: float(row["params_active_b"]) for model, row in LLM.items()}
    total = {model: float(row["params_total_b"]) for model, row in LLM.items()}
    assert max(active, key=active.__getitem__) == "PaLM"
    assert max(total, key=total.__getitem__) == "Kimi-K2"
    newest = [model for model, row in LLM.items() if row["year"] == "2025"]
    assert max(active[model] for model in newest) < min(active["GPT-3"], active["LLaMA-65B"])
    good = {model: float(row["mmlu_5shot_percent"] or 0) for model, row in LLM.items()}
    assert good["Llama-3.1-70B"] > good["PaLM"]
    assert good["DeepSeek-V3"] > good["Llama-3.1-405B"]
    assert active["Llama-3.1-405B"] / active["DeepSeek-V3"] == pytest.approx(10.9, abs=0.05)


@pytest.mark.parametrize("table", ["cnn", "llm_history"])
def test_a_year_is_that_of_its_date(table: str) -> None:
    for row in tables.rows(table):
        assert row["valid_from"].startswith(row["year"]), row


def test_sizes_agree_with_the_architectures() -> None:
    """Vendors' rounded figures beside those computed from the configuration."""
    specs = {row["model"]: row for row in tables.rows("model_specs")}
    both = LLM.keys() & specs.keys()
    assert len(both) >= 10
    for model in both:
        for column in ("params_total_b", "params_active_b"):
            stated, computed = float(LLM[model][column]), float(specs[model][column])
            assert stated == pytest.approx(computed, rel=0.16 if "oss" in model else 0.03), model
