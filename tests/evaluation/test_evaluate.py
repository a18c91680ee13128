"""Models are run through inspect-ai: scored alike in its log and ours, nothing asked twice, nothing lost."""

import base64
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

from benchmark_agent.content import Image
from benchmark_agent.errors import UserError
from benchmark_agent.evaluation.evaluate import Conditions, default_folder
from benchmark_agent.evaluation.runfile import read_runs
from benchmark_agent.evaluation.types import Progress
from benchmark_agent.models import Settings
from benchmark_agent.models.prices import Prices, parsed
from tests.evaluation.served import (
    COST,
    MODEL,
    OTHER,
    PRICES,
    QUICK,
    asked,
    benchmark,
    evaluation,
    known,
    lines,
    many,
    mixed_benchmark,
    number_of,
    serve,
)
from tests.models.loopback import Said

pytestmark = pytest.mark.filterwarnings("ignore")
"""inspect-ai uses what is deprecated, and leaves streams of its own to the garbage collector."""


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Complaints about those streams come while they are ignored."""
    yield
    gc.collect()


def test_every_medium_is_shown_and_every_verdict_is_the_same_in_both_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, items = mixed_benchmark(tmp_path)
    with serve(monkeypatch, known(items, lambda each: each.id != "listen-2")) as server:
        (run,) = evaluation(opened).run([MODEL])
    assert [score.item_id for score in run.scores] == [each.id for each in items]
    assert [score.score.value for score in run.scores] == [1, 1, 1, 1, 0]
    assert (run.missing, run.stopped) == (0, "")
    assert run.cost == pytest.approx(5 * COST)
    assert all(score.seconds > 0 and score.input_tokens == 100 for score in run.scores)

    (found,) = list_eval_logs(str(default_folder(opened)))
    log = read_eval_log(found)
    assert (log.status, log.eval.model, log.eval.task) == ("success", MODEL, "rivers-and-shapes")
    assert log.samples is not None
    assert log.results is not None
    verdicts = {sample.id: sample.scores["benchmark_agent"] for sample in log.samples if sample.scores}
    for score in run.scores:
        logged = verdicts[score.item_id]
        assert (logged.value, logged.answer) == (score.score.value, score.score.parsed)
    metrics = log.results.scores[0].metrics
    assert metrics["accuracy"].value == pytest.approx(0.8)
    assert {name: metrics[name].value for name in ("reading", "count", "listen")} == {
        "reading": 1, "count": 1, "listen": 0.5,
    }  # fmt: skip
    assert log.stats.model_usage[MODEL].output_tokens == 100

    sent = [part for request in server.requests for part in _parts(request)]
    picture = next(part["image_url"]["url"] for part in sent if "image_url" in part)
    stored = items[2].input[0]
    assert isinstance(stored, Image)
    assert base64.b64decode(picture.split(",")[1]) == (opened.folder / stored.path).read_bytes()
    assert sum("input_audio" in part for part in sent) == 2


def _parts(request: dict[str, Any]) -> list[dict[str, Any]]:
    content = request["messages"][-1]["content"]
    return content if isinstance(content, list) else []


def test_a_log_shows_pictures_and_sounds_without_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, items = mixed_benchmark(tmp_path)
    with serve(monkeypatch, known(items)):
        evaluation(opened).run([MODEL])
    (found,) = list_eval_logs(str(default_folder(opened)))
    samples = {sample.id: sample for sample in read_eval_log(found, resolve_attachments=True).samples or []}
    shown = list(samples["count-1"].input[0].content)  # type: ignore[union-attr]
    assert shown[0].image.startswith("data:image/png;base64,")
    heard = list(samples["listen-1"].input[0].content)  # type: ignore[union-attr]
    assert heard[0].audio.startswith("data:audio/wav;base64,")


def test_several_models_and_baselines_in_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(12)
    opened = benchmark(tmp_path, items)
    told: list[Progress] = []
    with serve(monkeypatch, known(items, lambda each: number_of(each.question) < 9)) as server:
        runs = evaluation(opened, watch=told.append).run([MODEL, "random", OTHER, "majority"])
    assert [run.model for run in runs] == [MODEL, "random", OTHER, "majority"]
    assert [run.baseline for run in runs] == [False, True, False, True]
    assert runs[0].mean == runs[2].mean == 0.75
    assert len(server.requests) == 24
    assert [(each.done, each.value) for each in told if each.model == MODEL][-1] == (12, 9)
    assert [run.model for run in read_runs(default_folder(opened), opened.manifest.digest)] == sorted(
        [MODEL, OTHER, "random", "majority"]
    )
    assert read_runs(default_folder(opened), "another") == ()


def test_each_item_is_asked_as_often_as_told_and_the_repetitions_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = many(3)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, known(items)) as server:
        (run,) = evaluation(opened, Conditions(repeat=3, limit=2)).run([MODEL])
    assert [(score.item_id, score.sample) for score in run.scores] == [
        (name, n) for n in range(3) for name in ("i-000", "i-001")
    ]
    assert len(server.requests) == 6


def test_a_run_is_gone_on_with_and_nothing_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(8)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, known(items)) as server:
        (first,) = evaluation(opened, Conditions(limit=3)).run([MODEL])
        with pytest.raises(UserError, match="add '--resume'"):
            evaluation(opened).run([MODEL])
        (second,) = evaluation(opened, Conditions(resume=True)).run([MODEL])
        (third,) = evaluation(opened, Conditions(resume=True)).run([MODEL])
        questions = sorted(number_of(asked(request)) for request in server.requests)
    assert questions == list(range(8))
    assert second.scores[:3] == first.scores
    assert third == second


def test_a_killed_run_keeps_whole_lines_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(4)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, known(items)) as server:
        evaluation(opened).run([MODEL])
        path = default_folder(opened) / MODEL.replace("/", "__") / "run.jsonl"
        text = path.read_text()
        torn = text[: text.rindex('"score"')]
        path.write_text(torn)
        (run,) = evaluation(opened, Conditions(resume=True)).run([MODEL])
        assert len(server.requests) == 5
    assert run.mean == 1
    assert len(lines(path)) == 5
    path.write_text(text[:20])
    with serve(monkeypatch, known(items)):
        (again,) = evaluation(opened, Conditions(resume=True)).run([MODEL])
    assert again.mean == 1


def test_a_changed_benchmark_is_refused_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(2)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, known(items)):
        evaluation(opened).run([MODEL])
        other = benchmark(tmp_path / "again", many(3))
        moved = tmp_path / "again" / "run" / "benchmark-evaluations"
        default_folder(opened).rename(moved)
        with pytest.raises(UserError, match=r"another benchmark .*move .* away, or choose another folder with '--out"):
            evaluation(other, Conditions(resume=True)).run([MODEL])
        moved.rename(default_folder(opened))
        with pytest.raises(UserError, match="was run with the settings"):
            evaluation(opened, Conditions(resume=True, settings=Settings(temperature=0.5))).run([MODEL])


def test_a_model_that_fails_midway_leaves_what_it_answered_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = many(10)
    opened = benchmark(tmp_path, items)
    answer = known(items)

    def script(request: dict[str, Any], number: int) -> Said | str:
        if request["model"] == "one" and number > 4:
            return Said(status=401, error={"message": "no such key"})
        return answer(request, number)

    with serve(monkeypatch, script):
        one, two = evaluation(opened, Conditions(in_flight=1, patience=QUICK)).run([MODEL, OTHER])
    assert (len(one.scores), one.missing) == (4, 6)
    assert "LAB_API_KEY" in one.stopped
    assert (len(two.scores), two.stopped) == (10, "")
    (found,) = list_eval_logs(str(default_folder(opened) / MODEL.replace("/", "__")))
    log = read_eval_log(found)
    assert log.status == "cancelled"
    assert len([sample for sample in log.samples or [] if sample.scores]) == 4
    with serve(monkeypatch, answer) as server:
        (whole,) = evaluation(opened, Conditions(resume=True)).run([MODEL])
        assert len(server.requests) == 6
    assert (whole.mean, whole.missing) == (1, 0)


def test_items_that_cannot_be_reached_are_missing_not_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(6)
    opened = benchmark(tmp_path, items)
    answer = known(items)

    def script(request: dict[str, Any], number: int) -> Said | str:
        return Said(status=500) if number_of(asked(request)) == 3 else answer(request, number)

    with serve(monkeypatch, script):
        (run,) = evaluation(opened).run([MODEL])
    assert [score.item_id for score in run.scores] == ["i-000", "i-001", "i-002", "i-004", "i-005"]
    assert (run.missing, run.mean) == (1, 1)
    assert "could not be reached" in run.stopped


def test_a_provider_that_is_down_is_left_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(200)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, lambda request, number: Said(status=503)) as server:
        (run,) = evaluation(opened, Conditions(in_flight=4, patience=QUICK)).run([MODEL])
        assert len(server.requests) < 60
    assert (run.missing, run.scores) == (200, ())


def test_what_a_provider_will_not_answer_counts_as_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(3)
    opened = benchmark(tmp_path, items)
    answer = known(items)

    def script(request: dict[str, Any], number: int) -> Said | str:
        n = number_of(asked(request))
        if n == 0:
            return Said(status=400, error={"message": "the prompt was flagged"})
        return Said("", finish="content_filter") if n == 1 else answer(request, number)

    with serve(monkeypatch, script) as server:
        (run,) = evaluation(opened).run([MODEL])
        evaluation(opened, Conditions(resume=True)).run([MODEL])
        assert len(server.requests) == 3
    assert [(score.score.outcome, score.stop) for score in run.scores] == [
        ("refusal", "other"), ("refusal", "refusal"), ("right", "stop"),
    ]  # fmt: skip
    assert "flagged" in run.scores[0].score.reason


def test_a_model_listed_for_text_is_not_sent_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, items = mixed_benchmark(tmp_path)
    text_only = Prices(parsed('"openai-api/lab/*": {takes: [text]}', "prices"))
    with serve(monkeypatch, known(items)) as server:
        (run,) = evaluation(opened, prices=text_only).run([MODEL])
        assert len(server.requests) == 2
    assert [score.score.value for score in run.scores] == [1, 1, 0, 0, 0]
    assert run.scores[3].score.reason == "the model takes no audio"


def test_the_budget_is_a_hard_stop_over_models_and_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = many(30)
    opened = benchmark(tmp_path, items)
    terms = {"settings": Settings(max_tokens=50), "patience": QUICK}
    with serve(monkeypatch, known(items)) as server:
        one, two = evaluation(opened, Conditions(max_usd=0.0125, **terms)).run([MODEL, OTHER])  # type: ignore[arg-type]
        assert one.cost + two.cost <= 0.0125
        assert one.missing == 0
        assert 0 < len(two.scores) < 30
        assert "--max-usd" in two.stopped
        before = len(server.requests)
        evaluation(opened, Conditions(max_usd=0.0125, resume=True, **terms)).run([MODEL, OTHER])  # type: ignore[arg-type]
        assert len(server.requests) == before
        (_, whole) = evaluation(opened, Conditions(max_usd=1, resume=True, **terms)).run([MODEL, OTHER])  # type: ignore[arg-type]
        assert (whole.missing, len(server.requests)) == (0, 60)


def test_a_limit_without_prices_is_refused_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = benchmark(tmp_path, many(2))
    with serve(monkeypatch, lambda request, number: "B") as server:
        with pytest.raises(UserError, match="'--max-usd' needs prices"):
            evaluation(opened, Conditions(max_usd=1), prices=Prices(())).run([MODEL])
        assert not server.requests
    assert not default_folder(opened).exists()


def test_a_model_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="each model once"):
        evaluation(benchmark(tmp_path, many(2))).run(["random", "random"])


def test_prices_of_the_test_are_what_a_call_costs() -> None:
    assert PRICES.info(MODEL).input == 1
