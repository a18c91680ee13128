"""Giving one answer to everything, or to every item that asks the same, must not pay."""

from benchmark_agent.content import Composed, Text
from benchmark_agent.verification.sets import AnswerBalance


def item(question: str, answer: str, *accepted: str) -> Composed:
    shown = (Text(text="what is shown"),)
    return Composed(
        input=shown, question=question, answer_kind="span", answer=answer, accepted=accepted, gold_basis="source"
    )


def admitted(items: list[Composed]) -> int:
    balance, taken = AnswerBalance(), 0
    for each in items:
        if not balance.admit("s", each):
            balance.record("s", each)
            taken += 1
    return taken


def test_an_accepted_answer_counts_as_the_answer_does() -> None:
    various = [item(f"Question {n}?", f"word{n}") for n in range(30)]
    assert admitted(various) == 30
    same = [item(f"Question {n}?", f"word{n}", "man") for n in range(100)]
    balance = AnswerBalance()
    for each in various:
        balance.record("s", each)
    taken = 0
    for each in same:
        if not balance.admit("s", each):
            balance.record("s", each)
            taken += 1
    assert 5 < taken < 40  # about a quarter of all, and what chance allows


def test_the_same_question_may_not_always_have_the_same_answer() -> None:
    assert admitted([item("What stands next to a tree?", "people") for _ in range(10)]) == 2
    assert admitted([item("What stands next to a tree?", f"word{n}") for n in range(10)]) == 10
    both = [item("What stands there?", "people" if n % 2 else "a horse") for n in range(20)]
    assert admitted(both) == 20
