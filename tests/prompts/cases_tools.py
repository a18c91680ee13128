"""Reviewed cases of the prompts that write. Every text here is our own."""

from benchmark_agent.tools import Brief

_ACCOUNTS = """Account of the baker

I was setting out the trays when the crash came, so some minutes before six. The cart stood across the lane on its
side and apples were rolling down to the fountain. I saw no driver. The grey mule was loose and calm, chewing at the
awning. I went in to ring for help and when I came out again the constable had already arrived.

Account of the student

I was asleep and woke from shouting, not from a crash. From my window on the third floor I saw a woman in a long coat
cut something at the harness with a short knife, and then the mule walked off by itself. The cart fell only after
that. It was still dark; the lamp at the corner goes out at five and comes on for nobody.

Account of the constable

I came at six sharp, by the bell. The strap had been cut clean through, it was not torn. There was one set of wheel
marks, and they ran straight. The baker told me that the mule had bolted and pulled the cart over, but its feet were
dry and there was no mud on the harness, although the whole lane was wet. The driver came back at half past six and
said that she had gone to fetch a smith."""
_BRIEF = Brief(
    goal="Can a model work out what happened when several witnesses give differing accounts of one event?",
    subtask="Reconstruct the event",
    description="Infer what happened, or in which order, where the accounts differ or are silent.",
    answer_kinds=("choice",),
    target_signal="details of at least two accounts",
)

_FLAWS = ("no_leak: the answer 'before the cart fell' stands in the question",)
_STORY = " ".join(_ACCOUNTS.split("\n\n")[1::2])

CASES: dict[str, dict[str, object]] = {
    "tools/write_item": {
        "brief": _BRIEF.model_copy(update={"flaws": _FLAWS}),
        "kind": "choice",
        "side": "no",
        "place": "second highest",
        "evidence": _ACCOUNTS,
        "media": 0,
        "background": "Solution: the driver cut the strap herself before the cart fell",
        "unshown": 0,
        "guidance": "Ask about the order of events.",
        "languages": (),
    },
    "tools/rewrite_question": {
        "brief": _BRIEF.model_copy(update={"flaws": _FLAWS}),
        "style": "goal",
        "question": "Who is the first to use the word “harness” in this conversation?",
        "options": ("The baker", "The student", "The constable"),
        "evidence": _ACCOUNTS[:700],
        "background": "",
    },
    "tools/write_dialogue": {
        "brief": _BRIEF.model_copy(update={"flaws": ("3 speakers say something; there must be 4",)}),
        "source": _STORY,
        "background": "",
        "style": "conversation",
        "speakers": 4,
        "turns": 12,
        "languages": ("en", "es"),
    },
    "tools/ask_witnesses": {
        "brief": _BRIEF,
        "source": _STORY,
        "background": "",
        "drawn": ("mistaken", "right", "silent", "otherwise"),
        "languages": ("en",),
    },
    "tools/perturb_step": {
        "problem": "A cart carries 14 crates of 12 apples each. A third of the apples is sold. How many are left?",
        "steps": "1. The cart carries 14 times 12 apples, which is 168 apples.\n"
        "2. A third of 168 apples is 56 apples, and these are sold.\n"
        "3. Taking 56 from 168 leaves 112 apples.",
        "number": 2,
        "flaws": (),
    },
    "tools/translate": {"text": _STORY, "to": "es", "flaws": ()},
    "tools/write_from_goal": {
        "brief": _BRIEF.model_copy(update={"target_signal": "what the item itself says"}),
        "kind": "choice",
        "side": "yes",
        "number": 17,
        "languages": (),
    },
}
