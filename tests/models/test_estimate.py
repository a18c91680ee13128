"""The estimate, against sums made by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.models import estimate as made
from benchmark_agent.models.estimate import CASES, Case, Outlook, Range, calls, estimate, lines
from benchmark_agent.models.prices import Prices, parsed
from benchmark_agent.requirement import Roles

LOW, EXPECTED, HIGH = CASES
ONE = Roles(planner="p/p", writer="p/p", solvers=("p/p",), judge="p/p")
TABLE = Prices(parsed('"p/*": {input: 1, output: 10, takes: [text, image], as_of: 2026-01}', "test"))
SIXTY = Outlook(size=60, roles=ONE, subtasks=3, datasets=3, acceptance=0.8, row_characters=1000)


def counted(outlook: Outlook, case: Case) -> dict[str, float]:
    """Without what is asked again."""
    again = 1 + made.REASKED * case.extra
    return {kind: round(count / again, 6) for kind, count in calls(outlook, case, viewed=False).items()}


def test_calls_for_sixty_written_items() -> None:
    found = counted(SIXTY, EXPECTED)
    # 75 drafts: 60 accepted with 1 write, solve, judge, probe; of 15 rejected 3 are mended in vain and proved again
    assert found == {
        "propose": 1, "review": 1, "revise": 1, "preferences": 3, "choose": 3, "score": 3, "view": 0,
        "write": 75, "mend": 3, "solve": 60 + 15 * 0.75 + 3, "judge": 60 + 15 * 0.75 + 3, "probe": 63,
    }  # fmt: skip
    assert sum(found[kind] for kind in ("propose", "review", "revise", "preferences", "choose", "score")) <= 16


def test_when_all_goes_well_a_review_changes_nothing_and_every_draft_but_few_is_accepted() -> None:
    found = counted(SIXTY, LOW)
    drafts = 60 / 0.9
    assert (found["revise"], found["mend"]) == (0, 0)
    assert found["write"] == pytest.approx(drafts)
    assert found["solve"] == pytest.approx(60 + (drafts - 60) * 0.75)
    assert found["probe"] == 60


def test_when_much_goes_wrong_planning_is_done_twice_and_the_rows_tried_are_lost() -> None:
    three = SIXTY.model_copy(update={"roles": ONE.model_copy(update={"solvers": ("p/a", "p/b", "p/c")})})
    found = counted(three, HIGH)
    drafts = 60 / 0.6 + 27
    assert (found["propose"], found["review"], found["choose"]) == (1, 2, 6)
    assert found["write"] == pytest.approx(drafts)
    mended = 0.2 * 3 * drafts * 0.4
    assert found["mend"] == pytest.approx(mended)
    assert found["solve"] == pytest.approx(drafts * 0.6 * 3 + drafts * 0.4 * 0.75 + mended)


def test_a_small_benchmark_pays_for_the_rows_that_are_tried() -> None:
    found = counted(SIXTY.model_copy(update={"size": 5}), EXPECTED)
    assert found["write"] == 27


def test_golds_of_the_source_are_not_written_and_computed_ones_are_only_judged() -> None:
    source = counted(SIXTY.model_copy(update={"written": 0.0, "acceptance": 1.0}), EXPECTED)
    assert (source["write"], source["solve"], source["judge"], source["probe"]) == (0, 60, 60, 60)
    computed = counted(SIXTY.model_copy(update={"written": 0.0, "computed": 1.0, "acceptance": 1.0}), EXPECTED)
    assert (computed["write"], computed["solve"], computed["judge"], computed["probe"]) == (0, 0, 60, 0)


def test_tokens_dollars_and_minutes_of_writing_by_hand() -> None:
    outlook = SIXTY.model_copy(update={"latency": 6.0, "in_flight": 10})
    writing = next(stage for stage in estimate(outlook, TABLE).stages if stage.stage == "writing")
    writes, mends = 75 * 1.03, 3 * 1.03
    given_, mending = (4_200 + 1_000) / 4, (2_600 + 1_000) / 4
    assert writing.calls.expected == pytest.approx(writes + mends)
    assert writing.input_tokens.expected == pytest.approx(writes * given_ + mends * mending)
    assert writing.output_tokens.expected == pytest.approx(writes * 500 + mends * 400)
    tokens = writing.input_tokens.expected + 10 * writing.output_tokens.expected
    assert writing.dollars.expected == pytest.approx(tokens / 1e6)
    assert writing.minutes.expected == pytest.approx((writes + mends) / 10 * 6 / 60)


def test_a_few_items_take_as_long_as_the_calls_that_wait_for_each_other() -> None:
    found = {stage.stage: stage for stage in estimate(SIXTY.model_copy(update={"latency": 60.0}), TABLE).stages}
    assert found["design"].minutes.expected == pytest.approx(3 * 1.03)
    assert found["grounding"].minutes.expected == 3
    # 12 missing after the first round, 2.4 after the second, 0.5 after the third
    assert found["proof"].minutes.expected == pytest.approx(max(3 * 3, found["proof"].calls.expected / 64))


def test_a_picture_is_paid_for_by_every_role_that_sees_it() -> None:
    plain, seen = (estimate(SIXTY.model_copy(update={"images": n}), TABLE).total for n in (0, 1))
    shown = sum(counted(SIXTY, EXPECTED)[kind] for kind in made.SHOWS_MEDIA) * 1.03
    assert seen.input_tokens.expected - plain.input_tokens.expected == pytest.approx(1_200 * shown)


def test_where_a_role_cannot_see_a_viewer_describes_each_picture_once() -> None:
    blind = Prices(parsed('"eye/*": {takes: [text, image], input: 0, output: 0}\n"p/*": {input: 1, output: 1}', "t"))
    roles = ONE.model_copy(update={"viewer": "eye/e"})
    found = estimate(SIXTY.model_copy(update={"images": 1, "roles": roles}), blind)
    viewing = next(stage for stage in found.stages if stage.stage == "viewing")
    assert viewing.calls.expected == pytest.approx(75 * 1.03)
    assert viewing.dollars == Range()
    assert not [stage for stage in estimate(SIXTY, blind).stages if stage.stage == "viewing"]


SNAPSHOTS = Path(__file__).parents[1] / "prompts" / "snapshots"
CASES_OF = {
    "propose": "design_propose", "review": "design_review", "revise": "design_revise",
    "preferences": "grounding_prefer", "choose": "grounding_choose", "score": "grounding_score",
    "view": "models_describe", "write": "tools_write_item", "mend": "verification_mend",
    "solve": "verification_solve", "probe": "verification_probe", "judge": "verification_judge",
}  # fmt: skip


@pytest.mark.parametrize("kind", made.KINDS)
def test_the_lengths_assumed_are_those_of_the_prompts(kind: str) -> None:
    rendered = len((SNAPSHOTS / f"{CASES_OF[kind]}.txt").read_text(encoding="utf-8"))
    assumed = made.KINDS[kind]
    assert 0.4 * assumed.characters <= rendered <= assumed.characters + 1_000 * assumed.rows


def test_models_without_a_price_are_named_and_not_counted() -> None:
    roles = ONE.model_copy(update={"judge": "unknown/j"})
    found = estimate(SIXTY.model_copy(update={"roles": roles}), TABLE)
    assert found.unpriced == ("unknown/j",)
    assert found.total.dollars.expected < estimate(SIXTY, TABLE).total.dollars.expected
    assert any("'unknown/j'" in line and "models.yaml" in line for line in lines(found))


def test_the_table_for_the_terminal() -> None:
    text = lines(estimate(SIXTY, TABLE))
    assert [line.split()[0] for line in text[1:6]] == ["design", "grounding", "writing", "proof", "total"]
    assert text[1].split()[1:3] == ["3", "(2-5)"]
    assert "p/p 2026-01" in text[-1]
    assert max(map(len, text[:6])) <= 110


@given(
    size=st.integers(1, 5_000), subtasks=st.integers(1, 12), datasets=st.integers(1, 6), acceptance=st.floats(0.05, 1),
    written=st.floats(0, 1), row=st.integers(0, 20_000), images=st.integers(0, 3), seconds=st.floats(0, 60),
)  # fmt: skip
def test_low_is_never_above_expected_nor_expected_above_high(
    size: int, subtasks: int, datasets: int, acceptance: float, written: float, row: int, images: int, seconds: float
) -> None:
    outlook = Outlook(
        size=size, roles=ONE, subtasks=subtasks, datasets=datasets, acceptance=acceptance, written=written,
        computed=(1 - written) / 2, row_characters=row, images=images, audio_seconds=seconds,
    )  # fmt: skip
    found = estimate(outlook, TABLE)
    for stage in (*found.stages, found.total):
        for field in ("calls", "input_tokens", "output_tokens", "dollars", "minutes"):
            value: Range = getattr(stage, field)
            assert 0 <= value.low <= value.expected + 1e-9, (stage.stage, field)
            assert value.expected <= value.high + 1e-9, (stage.stage, field)
    assert sum(stage.calls.expected for stage in found.stages) == pytest.approx(found.total.calls.expected)
    assert found.total.calls.low >= size * (1 - outlook.computed)
