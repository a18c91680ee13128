"""Every error this package raises on purpose, by audience.

* BenchmarkAgentError
  x UserError          the caller can fix it: says what, the valid choices, and what to type next
  x StageError         one stage failed as a whole (design never settled, nothing grounded)
    + BudgetReached    the next model call could exceed the budget; the run stops, resumable
  x Unreached          a model could not be reached: never a verdict, the job runs again on resume
  x JobError           one sample failed; recorded as data on the run, never stops its siblings
    + ToolError        a tool could not do it
      + Unfit          this row does not suit this construction; the next row may
    + ModelError       a model gave no usable reply: refused, or malformed after every re-ask
    + SourceError      a dataset row could not be read
    + MediaError       a media file does not open, or is refused
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager


class BenchmarkAgentError(Exception):
    """Base of every error raised on purpose."""


class UserError(BenchmarkAgentError):
    """The caller can fix it: a bad argument, file or folder."""


class StageError(BenchmarkAgentError):
    """A stage could not do its work as a whole."""


class BudgetReached(StageError):
    """The next model call could exceed the budget."""


class Unreached(BenchmarkAgentError):
    """A model could not be reached, whatever was tried. Says nothing of the sample: no JobError."""


class JobError(BenchmarkAgentError):
    """One job failed. Recorded as data, never stops its siblings."""


class ToolError(JobError):
    """A tool could not do its work on this row."""


class Unfit(ToolError):
    """The row does not suit the construction (too few distractors, a missing value)."""


class ModelError(JobError):
    """A model gave no usable reply."""


class SourceError(JobError):
    """A row could not be read."""


class MediaError(JobError):
    """A media file does not open, is blank, or lies outside its root."""


DECLINED = "the writer says the row does not fit"
"""How the message of an `Unfit` begins whose reason is in a writer's own words."""


def kind_of(message: str) -> str:
    """A message without its particulars, for counting: `row 'Fl' has no 'mass'` -> `row ... has no ...`."""
    if DECLINED in message:
        return message[: message.index(DECLINED) + len(DECLINED)]
    plain = re.sub(r"'[^']*'|\"[^\"]*\"", "...", message)
    return re.sub(r"\d[\d.,]*", "n", plain)[:140]


@contextmanager
def boundary(what: str, kind: type[JobError]) -> Iterator[None]:
    """Turn whatever escapes foreign code (tool, source) into one typed error.

    The only place in the package that catches every exception.

    Raises:
        JobError: of class `kind`, unless the block raised a BenchmarkAgentError already.
    """
    try:
        yield
    except BenchmarkAgentError:
        raise
    except Exception as error:
        raise kind(f"{what}: {type(error).__name__}: {error}") from error
