"""Reviewed cases of the prompts of evaluation."""

CASES: dict[str, dict[str, object]] = {
    "evaluation/answer": {
        "question": "Which of the three ferries reaches the far bank last?",
        "letters": ["A", "B", "C"],
        "options": ("the white ferry", "the blue ferry", "the green ferry"),
        "words": (),
        "form": "choice",
    },
    "evaluation/judge": {
        "question": "Why does the baker open the oven twice?",
        "reference": "To let the steam out.\nTo turn the loaves.",
        "accepted": "Because steam must leave and the loaves must be turned.",
        "reply": "He opens it first for the steam; then he turns the bread.",
    },
}
