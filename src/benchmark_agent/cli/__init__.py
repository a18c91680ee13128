"""The command line. Exit status: 0 whole, 3 shorter than asked, 2 the user must change something, 1 anything else."""

import os
import sys
from types import TracebackType

SHORT = 3
USER = 2
OTHER = 1
INTERRUPTED = 130


def main() -> None:
    """Run the command line and turn every expected error into one clear message."""
    from typer.main import get_command

    from benchmark_agent.cli.app import app
    from benchmark_agent.errors import BenchmarkAgentError, BudgetReached, StageError, UserError

    if "BENCHMARK_AGENT_DEBUG" not in os.environ:
        sys.excepthook = _unexpected
    try:
        get_command(app)(prog_name="benchmark-agent")  # app() would put typer's own excepthook in place of ours
    except BudgetReached as error:
        _stop(f"stopped: {error}", SHORT)
    except (UserError, StageError) as error:
        _stop(f"error: {error}", USER)
    except BenchmarkAgentError as error:
        _stop(f"error: {error}", OTHER)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OTHER)
    except OSError as error:
        where = f" {error.filename!r}" if error.filename else ""
        _stop(
            f"error: the file system said{where}: {error.strerror}. What was finished is kept; make room or choose "
            "another folder with '--out DIR', and go on with '--resume'",
            OTHER,
        )
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer turns Ctrl-C into this
            _stop("stopped. What was finished is kept; type the same command with '--resume' to go on", INTERRUPTED)
        raise


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of ours, in one line; the whole trace on request."""
    print(  # noqa: T201 - the last thing said
        f"error: a fault in benchmark-agent: {kind.__name__}: {error}. What was finished is kept. For a report, "
        "set BENCHMARK_AGENT_DEBUG=1 and type the same command with '--resume'",
        file=sys.stderr,
    )


def _stop(message: str, status: int) -> None:
    print(message, file=sys.stderr)  # noqa: T201 - the one place errors are printed
    sys.exit(status)
