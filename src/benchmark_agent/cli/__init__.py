"""The command line. Exit status: 0 whole, 3 shorter than asked, 2 the user must change something, 1 anything else."""

import os
import sys

SHORT = 3
USER = 2
OTHER = 1


def main() -> None:
    """Run the command line and turn every expected error into one clear message."""
    from benchmark_agent.cli.app import app
    from benchmark_agent.errors import BenchmarkAgentError, StageError, UserError

    try:
        app()
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
    except KeyboardInterrupt:
        _stop("stopped. What was finished is kept; type the same command with '--resume' to go on", 130)


def _stop(message: str, status: int) -> None:
    print(message, file=sys.stderr)  # noqa: T201 - the one place errors are printed
    sys.exit(status)
