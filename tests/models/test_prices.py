"""Prices: the user's rows win fact by fact, bounds are bounds, and an unknown price is never taken for nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.content import Audio, Image, Part, Text
from benchmark_agent.errors import UserError
from benchmark_agent.models import Message, Reply, Request, Settings, prices
from benchmark_agent.models.prices import Prices, load, parsed


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BENCHMARK_AGENT_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "models.yaml"


def asked(*parts: Part, schema: str = "", tokens: int = 1000) -> Request:
    message = Message(by="user", parts=parts)
    return Request(model="m", messages=(message,), schema_text=schema, settings=Settings(max_tokens=tokens))


IMAGE = Image(path="media/a.png", sha256="a", width=900, height=600)
SOUND = Audio(path="media/b.wav", sha256="b", duration=10.0, sample_rate=16000)


@pytest.mark.parametrize(
    ("model", "family", "sees"),
    [
        ("openai/gpt-5.1", "gpt", ("image", "text")),
        ("openai/gpt-5.1-2025-11-13", "gpt", ("image", "text")),
        ("openai/gpt-5-mini", "gpt", ("image", "text")),
        ("openai/gpt-audio", "gpt", ("audio", "text")),
        ("anthropic/claude-opus-4-5", "claude", ("image", "text")),
        ("google/gemini-2.5-flash", "gemini", ("audio", "image", "text")),
        ("mistral/mistral-medium-latest", "mistral", ("image", "text")),
        ("deepseek/deepseek-v4-pro", "deepseek", ("text",)),
        ("grok/grok-4.6", "grok", ("image", "text")),
    ],
)
def test_the_big_providers_are_known_with_the_date_of_their_prices(
    model: str, family: str, sees: tuple[str, ...]
) -> None:
    info = load().info(model)
    assert (info.known, info.family, info.takes) == (True, family, sees)
    assert info.as_of.startswith("202")


def test_a_small_model_is_not_priced_as_its_large_sibling() -> None:
    table = load()
    for small, large in (
        ("openai/gpt-5-mini", "openai/gpt-5"),
        ("openai/gpt-4o-mini", "openai/gpt-4o"),
        ("openai/gpt-5.4-nano", "openai/gpt-5.4-mini"),
        ("google/gemini-2.5-flash-lite", "google/gemini-2.5-flash"),
        ("anthropic/claude-haiku-4-5", "anthropic/claude-sonnet-4-5"),
        ("anthropic/claude-opus-4-5", "anthropic/claude-opus-4-1"),
        ("openai/gpt-5.1", "openai/gpt-5-pro"),
    ):
        assert (table.info(small).input or 0) < (table.info(large).input or 0)


def test_a_model_that_comes_later_is_not_given_a_price_of_today() -> None:
    table = load()
    for model in ("openai/gpt-5.9", "openai/gpt-7", "google/gemini-4-pro", "mistral/mistral-small-9", "x/y"):
        assert not table.info(model).known


def test_models_that_hold_to_no_schema_are_told_it_in_words() -> None:
    table = load()
    assert not table.info("openai/gpt-audio").schemas
    assert not table.info("anthropic/claude-opus-4-1").schemas
    assert table.info("anthropic/claude-opus-4-5").schemas
    assert not table.info("deepseek/deepseek-flash").schemas
    assert not table.info("x/y").schemas


@pytest.mark.parametrize("provider", ["ollama", "openai-api/local", "vllm", "sglang", "llama-cpp-python", "hf"])
def test_models_of_ones_own_cost_nothing(provider: str) -> None:
    info = load().info(f"{provider}/Qwen2.5-VL-7B-Instruct")
    assert (info.known, info.input, info.output) == (True, 0, 0)
    assert info.takes == ("image", "text")
    assert load().most(f"{provider}/any", asked(Text(text="x" * 9999))) == 0


def test_each_fact_is_told_by_the_first_row_that_tells_it(own: Path, tmp_path: Path) -> None:
    own.write_text('"openai/gpt-5.1*": {output: 7, family: house}\n"Mine/*": {input: 1, output: 2}\n')
    given = tmp_path / "given.yaml"
    given.write_text('"openai/gpt-5.1": {output: 6, as_of: 2030-01-31}\n')
    info = load(given).info("openai/gpt-5.1")
    assert (info.input, info.output, info.family, info.as_of) == (1.25, 6, "house", "2030-01-31")
    assert load().info("openai/gpt-5.1").output == 7
    assert load().info("mine/MODEL").known


def test_an_edited_file_is_read_again(own: Path) -> None:
    import os

    own.write_text('"a/*": {input: 1, output: 1}\n')
    assert load().info("a/b").input == 1
    own.write_text('"a/*": {input: 2, output: 2}\n')
    os.utime(own, ns=(1, 1))
    assert load().info("a/b").input == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"a/*": {input: 1}\n"b/*": {inputs: 2}\n', "line 2 .*'b/\\*': inputs: .* a row may say family, input, output"),
        ('# mine\n\n"a/*": {input: cheap}\n', "line 3 .*'a/\\*': input: .*not 'cheap'"),
        ('"a/*": {input: -1}\n', "line 1 .*greater than or equal to 0"),
        ('"a/*": {takes: [text, smell]}\n', "line 1 .*takes"),
        ('"a/*": 3\n', "line 1 .*'a/\\*' needs facts in braces, such as {input: 1.00"),
        ('"a/*": {input: 1\n"b/*": {input: 2}\n', "line 2 .*not valid YAML"),
        ("- a\n", "line 1 .*it must hold rows such as"),
    ],
)
def test_a_broken_file_says_which_line_and_what_is_wrong(own: Path, text: str, says: str) -> None:
    own.write_text(text)
    with pytest.raises(UserError, match=says):
        load()


def test_an_empty_file_is_no_mistake_and_a_missing_one_is(own: Path, tmp_path: Path) -> None:
    own.write_text("# nothing yet\n")
    assert load().info("openai/gpt-5.1").known
    with pytest.raises(UserError, match=r"'.*none\.yaml' cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    own.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(UserError, match="is not text"):
        load()


PRICED = Prices(parsed('"m": {input: 2, output: 8, audio: 32, image_tokens: 700, audio_tokens: 10}', "test"))


def test_the_cost_of_a_call_by_hand() -> None:
    reply = Reply(text="", input_tokens=1_000, output_tokens=500)
    assert PRICED.cost("m", reply) == pytest.approx((1_000 * 2 + 500 * 8) / 1e6)
    # ten seconds of audio are 100 of the 1,000 tokens, at 32 instead of 2
    assert PRICED.cost("m", reply, asked(SOUND)) == pytest.approx((900 * 2 + 100 * 32 + 500 * 8) / 1e6)
    assert PRICED.cost("m", reply.model_copy(update={"cost": 0.5})) == 0.5
    assert PRICED.cost("other", reply) == 0


def test_the_most_a_call_can_cost_by_hand() -> None:
    request = asked(Text(text="Ж" * 300), IMAGE, SOUND, schema="x" * 300, tokens=1_000)
    # 600 + 300 bytes / 3 + 200 beside them + 700 for the image; 100 of audio; 1,000 of reply
    assert PRICED.most("m", request) == pytest.approx(((300 + 200 + 700) * 2 + 100 * 32 + 1_000 * 8) / 1e6)


@given(tokens=st.integers(0, 3_000), text=st.text(max_size=400), reply=st.integers(0, 1_000))
def test_no_call_costs_more_than_its_most(tokens: int, text: str, reply: int) -> None:
    """As long as a token has three bytes, and a reply no more tokens than were allowed."""
    request = asked(Text(text=text + "x" * 3 * tokens), IMAGE, SOUND)
    said = Reply(text="", input_tokens=tokens + len(text.encode()) // 3 + 700 + 100, output_tokens=reply)
    assert PRICED.cost("m", said, request) <= PRICED.most("m", request)


def test_a_limit_needs_prices_and_says_what_to_write_where(own: Path) -> None:
    load().refuse_unknown(["openai/gpt-5.1", "ollama/x"])
    with pytest.raises(UserError) as caught:
        load().refuse_unknown(["openrouter/Some/Model", "openai/gpt-5.1"])
    said = str(caught.value)
    assert "those of 'openrouter/Some/Model' are not known" in said
    row = '"openrouter/some/model": {input: 1.00, output: 4.00}'
    assert row in said
    assert repr(str(own)) in said
    own.write_text(row + "\n")
    load().refuse_unknown(["openrouter/Some/Model"])


def test_every_row_that_is_shipped_reads_and_has_a_date_where_it_has_a_price() -> None:
    rows = prices._shipped()
    assert len(rows) > 50
    for row in rows:
        assert (row.input is None) == (row.output is None), row.pattern
        if row.input:
            assert row.as_of, row.pattern
    assert len({row.pattern for row in rows}) == len(rows)


def test_a_server_of_ones_own_may_take_an_hour_unless_a_row_says_otherwise() -> None:
    assert prices.load().info("openai-api/local/qwen").timeout == 3600
    assert prices.load().info("openai/gpt-5.1").timeout == 600
    own = prices.parsed('"openai-api/local/*": {timeout: 90}', "mine")
    assert prices.Prices([*own, *prices.load().rows]).info("openai-api/local/qwen").timeout == 90
