"""A sitting through inspect-ai: a task, our solver and scorer, and a log that `inspect view` opens.

The model is asked by our own client, so that retries, money and messages are as everywhere here. inspect-ai sees it as
a provider, schedules the samples, and logs what was said, what it scored and what it took.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmark_agent.errors import BenchmarkAgentError, StageError, UserError
from benchmark_agent.evaluation.sitting import Question, Sitting
from benchmark_agent.models import Reply
from benchmark_agent.models.provider import ProviderModel, chat_message
from benchmark_agent.record import Record

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.dataset import Sample
    from inspect_ai.model import Model, ModelOutput
    from inspect_ai.scorer import Scorer

PAGED = 256
"""Megabytes of samples held in memory; more wait on disk."""
_STOPS = {"stop": "stop", "length": "max_tokens", "refusal": "content_filter", "other": "unknown"}


class Labels(Record):
    """What the log calls things."""

    task: str
    """The benchmark."""
    digest: str
    """Of the benchmark."""
    prompt: str
    """Version of the prompt."""


def needed() -> None:
    """Raises UserError where inspect-ai is not installed."""
    if find_spec("inspect_ai") is None:
        raise UserError(
            "models are evaluated with a package that is not installed; type: pip install 'benchmark-agent[models]'"
        )


def hold(sitting: Sitting, labels: Labels, folder: Path, in_flight: int) -> None:
    """Put every question of a sitting to its model; returns when all are answered or it was stopped, the log written.

    Args:
        folder: where the log goes.
        in_flight: questions under way at once.

    Raises:
        UserError: inspect-ai is not installed.
        StageError: inspect-ai itself failed.
    """
    needed()
    _run(_held(sitting, labels, folder, in_flight))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, in a thread of its own where this one has an event loop already."""
    if not _in_loop():
        asyncio.run(work)
        return
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except (BenchmarkAgentError, OSError) as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="evaluation")
    thread.start()
    thread.join()
    for error in failed:
        raise error


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _held(sitting: Sitting, labels: Labels, folder: Path, in_flight: int) -> None:
    from inspect_ai import eval_async

    _quiet()
    hook = sys.excepthook
    evaluation = asyncio.ensure_future(
        eval_async(
            _task(sitting, labels),
            model=_model(sitting),
            log_dir=str(folder),
            max_samples=in_flight,
            max_connections=in_flight,
            fail_on_error=False,
            score_display=False,
            log_images=True,
            log_realtime=False,
            log_model_api=False,
            log_header_only=True,
            max_dataset_memory=PAGED,
            ctl_server=False,
            metadata={"benchmark": labels.digest, "prompt": labels.prompt},
        )
    )
    sitting.halt = evaluation.cancel
    try:
        logs = await evaluation
    except asyncio.CancelledError:
        if sitting.stopped is None:
            raise
        return
    finally:
        sys.excepthook = hook
        if isinstance(sitting.limits.model, ProviderModel):
            await sitting.limits.model.close()
    task = asyncio.current_task()
    if task is not None and task.cancelling():  # Ctrl-C, which inspect-ai takes for the end of its work
        raise asyncio.CancelledError
    error = next((log.error for log in logs if log.error is not None), None)  # no log where it was stopped
    if error is not None and sitting.stopped is None:
        raise StageError(f"inspect-ai could not finish: {error.message}")


def _quiet() -> None:
    """No display and no log lines of its own on the terminal."""
    from inspect_ai.util._display import init_display_type

    init_display_type("none")
    logging.getLogger("inspect_ai").addHandler(logging.NullHandler())
    logging.getLogger("inspect_ai").propagate = False


def _task(sitting: Sitting, labels: Labels) -> "Task":
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset
    from inspect_ai.solver import generate

    samples = MemoryDataset([_sample(question, sitting) for question in sitting.questions], name=labels.task)
    return Task(name=labels.task, dataset=samples, solver=generate(), scorer=_scorer(sitting))


def _sample(question: Question, sitting: Sitting) -> "Sample":
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ChatMessageUser

    item = question.item
    said = [chat_message(message, sitting.read) for message in question.request.messages]
    said[-1].metadata = {"sample": question.id}
    return Sample(
        id=question.id,
        input=[each for each in said if isinstance(each, ChatMessageUser)],
        target=list(item.answer) if item.answer_kind == "multi_choice" else item.answer,
        metadata={
            "item": item.id,
            "subtask": item.subtask,
            "answer_kind": item.answer_kind,
            "options": list(item.options),
            "repetition": question.sample + 1,
        },
    )


def _scorer(sitting: Sitting) -> "Scorer":
    from inspect_ai.scorer import Score, Target, accuracy, grouped, scorer, stderr
    from inspect_ai.solver import TaskState

    @scorer(name="benchmark_agent", metrics=[accuracy(), stderr(), grouped(accuracy(), "subtask")])
    def verdicts() -> "Scorer":
        async def score(state: TaskState, target: Target) -> Score:
            found = await sitting.score(str(state.sample_id))
            told = {"outcome": found.outcome}
            return Score(
                value=found.value, answer=found.parsed, explanation=found.reason or found.outcome, metadata=told
            )

        return score

    return verdicts()


def _model(sitting: Sitting) -> "Model":
    """The sitting's model as inspect-ai sees it, under its own name."""
    from inspect_ai._util.registry import RegistryInfo, set_registry_info
    from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelAPI, ModelOutput
    from inspect_ai.tool import ToolChoice, ToolInfo

    class Client(ModelAPI):
        async def generate(
            self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
        ) -> ModelOutput:
            said = input[-1].metadata or {}
            return _output(await sitting.ask(str(said["sample"])), name)

        def max_connections(self) -> int:
            return sitting.limits.most

    name = sitting.limits.model.name
    provider, _, rest = name.partition("/")
    client = Client(rest or name)
    set_registry_info(client, RegistryInfo(type="modelapi", name=provider if rest else "plugin"))
    return Model(client, GenerateConfig())


def _output(reply: Reply, model: str) -> "ModelOutput":
    from inspect_ai.model import ModelOutput, ModelUsage

    stop: Any = _STOPS[reply.stop]
    output = ModelOutput.from_content(model, reply.text, stop_reason=stop)
    output.usage = ModelUsage(
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        total_tokens=reply.input_tokens + reply.output_tokens,
        total_cost=reply.cost,
    )
    return output
