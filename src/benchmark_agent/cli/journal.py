"""`benchmark-agent journal`: what models were asked in a run, what they said, and what it cost."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark_agent.cli.pool import Json

if TYPE_CHECKING:
    from benchmark_agent.models.journal import Call, Failed, Journal

journal_app = typer.Typer(
    help="See and export what models were asked and what it cost.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Run = Annotated[
    Path, typer.Argument(metavar="RUN", help="A run folder, its calls.sqlite, or a file 'journal export' wrote.")
]


@journal_app.command()
def show(
    run: Run,
    key: Annotated[str | None, typer.Argument(metavar="CALL", help="Key of a call, or its first letters.")] = None,
    last: Annotated[int, typer.Option("--last", "-n", metavar="N", min=0, help="Also list the latest N calls.")] = 0,
    as_json: Json = False,
) -> None:
    """Show the calls of a run by role and prompt, or one call whole."""
    from benchmark_agent.models.journal import Journal

    journal = Journal.load(run)
    if key is not None:
        found = _one(journal, key)
        typer.echo(found.model_dump_json() if as_json else "\n".join(_whole(found)))
    elif as_json:
        typer.echo(json.dumps(_summary(journal, last), ensure_ascii=False))
    else:
        typer.echo("\n".join((*_table(journal), *_latest(journal, last))))


@journal_app.command()
def export(
    run: Run,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file. [standard output]")
    ] = None,
) -> None:
    """Write the calls as JSON lines, in the order of the answers."""
    from benchmark_agent.errors import UserError
    from benchmark_agent.models.journal import Journal, exported

    journal = Journal.load(run)
    if out is None:
        for line in exported(journal):
            typer.echo(line)
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in exported(journal))
        part.replace(out)
    except OSError as error:
        raise UserError(f"{str(out)!r} cannot be written: {error.strerror}; give another with '--out FILE'") from error
    typer.echo(f"wrote {len(journal)} calls to {str(out)!r}", err=True)


def _one(journal: "Journal", key: str) -> "Call":
    from benchmark_agent.errors import UserError

    found = journal.matching(key)
    if not found:
        raise UserError(f"no call has a key that begins with {key!r}; see keys with '--last 20'")
    if len(found) > 1:
        keys = ", ".join(call.key for call in found)
        raise UserError(f"{key!r} begins the keys of several calls: {keys}; give more letters")
    return found[0]


def _summary(journal: "Journal", last: int) -> dict[str, object]:
    return {
        "calls": len(journal) - journal.unused(),
        "unused": journal.unused(),
        "cost": journal.spent(),
        "unanswered": journal.unanswered(),
        "by_prompt": [line.model_dump(mode="json") for line in journal.lines()],
        "last": [call.model_dump(mode="json") for call in journal.last(last)],
    }


def _table(journal: "Journal") -> Iterator[str]:
    """Calls by role and prompt, their total, and what failed."""
    from benchmark_agent.models.tables import aligned

    lines = journal.lines()
    rows: list[tuple[str, ...]] = [
        ("role", "prompt", "calls", "re-asks", "tokens in", "tokens out", "US dollars", "seconds", "failures")
    ]
    totals: list[float] = [0.0] * 7
    for line in lines:
        numbers = (line.calls, line.reasked, line.input_tokens, line.output_tokens, line.cost, line.seconds)
        totals = [total + number for total, number in zip(totals, (*numbers, line.failures), strict=True)]
        rows.append((line.role, line.prompt, *_numbers((*numbers, line.failures))))
    rows.append(("total", "", *_numbers(totals)))
    yield from aligned(rows, words=2)
    reasons = Counter(_reason(failed) for failed in journal.failures())
    if reasons:
        yield f"{reasons.total()} requests got no reply and were sent again or given up:"
        yield from (
            f"  {count} x {why}" for why, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
        )
    if unanswered := journal.unanswered():
        yield f"{unanswered} of them belong to calls that were never answered"
    if unused := journal.unused():
        yield f"not counted: {unused} calls of another run that this one has not used"


def _reason(failed: "Failed") -> str:
    """Why a request got no reply, without its particulars; the HTTP status is none of them."""
    from benchmark_agent.errors import kind_of

    status = f"{failed.status}: " if failed.status else ""
    return status + kind_of(failed.why.removeprefix(status))


def _numbers(values: "tuple[float, ...] | list[float]") -> tuple[str, ...]:
    calls, reasked, tokens_in, tokens_out, cost, seconds, failures = values
    counts = (f"{value:,.0f}" for value in (calls, reasked, tokens_in, tokens_out))
    return (*counts, f"{cost:.4f}", f"{seconds:,.1f}", f"{failures:,.0f}")


def _latest(journal: "Journal", most: int) -> Iterator[str]:
    from benchmark_agent.models.tables import aligned

    calls = journal.last(most) if most else ()
    if calls:
        rows = [("call", "at", "role", "prompt", "model", "attempt", "US dollars", "seconds")]
        rows += [
            (
                *(call.key, call.at, call.role, call.prompt, call.model),
                *(str(call.attempt), f"{call.cost:.4f}", f"{call.seconds:.1f}"),
            )
            for call in calls
        ]
        yield ""
        yield from aligned(rows, words=5)


def _whole(call: "Call") -> Iterator[str]:
    """A call as a person reads it."""
    reply = call.reply
    yield f"{call.key}  {call.at}"
    yield f"{call.role}, {call.model}, prompt {call.prompt} (version {call.version}), attempt {call.attempt}"
    spent = f"{reply.input_tokens:,} tokens in, {reply.output_tokens:,} out, ${call.cost:.4f}, {call.seconds:.1f} s"
    yield f"{spent}, stop: {reply.stop}"
    request = json.loads(call.request)
    for message in request["messages"]:
        yield f"\n--- {message['by']} ---"
        yield from (_part(*each) for part in message["parts"] for each in part.items())
    if request["schema_name"]:
        yield f"\n(the reply must be a {request['schema_name']})"
    yield "\n--- reply ---"
    yield _readable(reply.text)


def _part(kind: str, said: str) -> str:
    return said if kind == "text" else f"[{kind} {said}]"


def _readable(text: str) -> str:
    """JSON set out over lines; other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
