"""Reviewed cases of the prompts that prove and mend drafts."""

from benchmark_agent.content import Audio, Image, Text

PASSAGE = Text(
    text="""Statement of the night porter. I sat in the lodge from ten. Around a quarter to twelve the lamp over the
side gate went out, which it never does, and I took the lantern to see. Ilse Varga was coming up the
lane with a handcart; she said she had been to her sister's. The cart was empty then, I could hear it
rattle. I fixed the lamp and went back in.

Statement of Ilse Varga. I passed the side gate twice. The first time the porter was there with his
lantern, and we spoke. The second time, past one o'clock, there was nobody, and I had six crates of type
on the cart, because Mr Osterlund had sold them to me that afternoon and I had the receipt in my pocket.
I did not touch any lamp.

Statement of Mr Osterlund. I sold Mrs Varga the old type for forty crowns, and I told her to fetch it
whenever she liked. The lamp over the side gate has a loose wire; when a heavy cart goes over the
grating it goes out. I have asked for it to be mended three times since spring. I was in bed at eleven
and heard nothing until the bell rang.

Note of the inspector. The grating is four steps inside the gate. Nothing else was carried out of the
house that night, and the only other cart in the yard, the baker's, has rubber tyres and weighs as much
as three men."""
)
OPTIONS = "A. the baker's cart\nB. the empty handcart\nC. the handcart with the type\nD. the porter's own lantern"
QUESTION = "What most likely made the lamp go out before midnight?"
PICTURE = Image(path="media/0.png", sha256="0" * 64, width=640, height=480)
SOUND = Audio(path="media/1.wav", sha256="1" * 64, duration=3.5, sample_rate=16000)

CASES: dict[str, dict[str, object]] = {
    "verification/solve": {
        "input": (PASSAGE, PICTURE),
        "question": QUESTION,
        "kind": "choice",
        "options": OPTIONS,
    },
    "verification/judge": {
        "goal": "Can a model put together what happened from several witnesses who contradict each other?",
        "subtask": "Core event",
        "description": "Infer what happened from accounts that differ, where no single account tells it.",
        "signal": "at least two of the accounts, set against each other",
        "input": (PASSAGE, SOUND),
        "question": QUESTION,
        "kind": "choice",
        "options": OPTIONS,
    },
    "verification/probe": {
        "input": (Text(text="The statements were taken in the yard of a printing house."),),
        "question": QUESTION,
        "kind": "choice",
        "options": OPTIONS,
    },
    "verification/mend": {
        "input": (PASSAGE,),
        "question": QUESTION,
        "options": OPTIONS,
        "gold": "the baker's cart",
        "flaws": "form: the option about the lantern is no cart, and so stands apart from the other three",
        "rewordable": True,
    },
}
