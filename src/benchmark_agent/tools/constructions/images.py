"""Constructions on images: captions, labels, the dataset's own questions."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from random import Random
from typing import Annotated

from benchmark_agent.content import AnswerKind, Choices, Composed, Image, Items, Label, Number, Part, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, construction
from benchmark_agent.tools.constructions import image_boxes, image_tables

OPTIONS = 4
_NUMBERS = frozenset(("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
_COLOURS = frozenset(
    ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey", "gray")
)
_BARE = re.compile(r"(yes|no|true|false|none|unknown|[a-z]|[-+]?\d[\d.,]*%?)", re.IGNORECASE)
_ASKS = re.compile(r"(who|whom|whose|what|which|where|when|why|how|is|are|does|do|did|can|was|were)\b", re.IGNORECASE)

_REFERS = re.compile(r"\b(above|below|both|all of|none of|[ABCD] and [ABCD])\b")
"""In an option: it refers to the others, so the order stays."""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _caption(phrase: Phrase) -> str:
    text = " ".join(phrase.text.split())
    if len(text.split()) < 4:
        raise Unfit(f"{text!r} is too short to be a caption: four words are needed")
    if text.endswith("?") or not (text[0].isupper() or text[-1] == "."):
        raise Unfit(f"{text!r} is not a sentence that describes an image")
    return text


def _false_of(caption: str, other: str) -> bool:
    """Whether `other` plainly says something else: neither says all that the other says, and they are either unlike,
    or alike and contradict each other in a number or a colour."""
    mine, theirs = _words(caption), _words(other)
    if mine <= theirs or theirs <= mine:
        return False
    alike = len(mine & theirs) / len(mine | theirs)
    return alike <= 0.7 or any((mine - theirs) & group and (theirs - mine) & group for group in (_NUMBERS, _COLOURS))


def chain(gold: str, pool: Sequence[str], likeness: Callable[[str, str], float], random: Random) -> list[int]:
    """Indexes of three texts of the pool. Each is the one most like the gold or like one chosen before it, so that
    the gold is not the text the others resemble.

    Raises:
        Unfit: when there are not three.
    """
    found: list[int] = []
    while len(found) < OPTIONS - 1:
        chosen = [gold, *(pool[i] for i in found)]
        base = random.choice(chosen)
        rest = [i for i, text in enumerate(pool) if all(likeness(other, text) >= 0 for other in chosen)]
        if not rest:
            raise Unfit(f"{OPTIONS - 1} texts that plainly say something else are needed, {len(found)} were found")
        found.append(max(rest, key=lambda i: (likeness(base, pool[i]), -i)))
    return found


def _caption_likeness(one: str, other: str) -> float:
    """Share of words in common, 0-1; -1 when both may be true of one image."""
    if len(other.split()) < 4 or not _false_of(one, other):
        return -1
    return len(_words(one) & _words(other)) / len(_words(one) | _words(other))


def _rivals(caption: str, others: Sequence[Phrase], random: Random) -> list[int]:
    """Indexes of captions that are false of the image and alike, no two saying the same."""
    return chain(caption, [" ".join(other.text.split()) for other in others], _caption_likeness, random)


def lettered(images: Sequence[Image]) -> tuple[tuple[Part, ...], tuple[int, ...], tuple[str, ...]]:
    """Parts that name the images `Image 1` and on, the indexes of the images, and their names."""
    parts: list[Part] = []
    for place, image in enumerate(images, 1):
        parts += [Text(text=f"Image {place}:"), image]
    names = tuple(f"Image {place}" for place in range(1, len(images) + 1))
    return tuple(parts), tuple(range(1, len(parts), 2)), names


def _distinct(images: Iterable[Image]) -> None:
    if len(seen := [image.sha256 for image in images]) != len(set(seen)):
        raise Unfit("two of the rows show the same image")


@construction(kinds=("choice",), signal="what the image shows, against what a caption says", companions=12)
def match_caption_to_image(
    image: Image,
    caption: Annotated[Phrase, "answer", "span", "context"],
    others: Annotated[tuple[Phrase, ...], "answer", "span", "context"],
    random: Random,
) -> Composed:
    """Show an image and ask which of four captions is true of it; the wrong ones are captions of other images that
    say something alike but false."""
    own = _caption(caption)
    options = [own, *(" ".join(others[index].text.split()) for index in _rivals(own, others, random))]
    random.shuffle(options)
    return Composed(
        input=(image,),
        question="Which of these sentences is true of the image?",
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(" ".join(sorted(_words(option))) for option in options),
        answer=own,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's caption of this image: {own}",
        alt=(own,),
    )


@construction(kinds=("choice",), signal="which of several images shows what the caption says", companions=12)
def match_image_to_caption(
    image: Image,
    caption: Annotated[Phrase, "answer", "span", "context"],
    images: tuple[Image, ...],
    captions: Annotated[tuple[Phrase, ...], "answer", "span", "context"],
    random: Random,
) -> Composed:
    """Show four images and ask which one a caption describes; the others have captions that say something else."""
    own = _caption(caption)
    shown = [(image, own), *((images[i], captions[i].text) for i in _rivals(own, captions, random))]
    _distinct(picture for picture, _ in shown)
    random.shuffle(shown)
    parts, evidence, names = lettered([picture for picture, _ in shown])
    gold = names[next(i for i, (_, text) in enumerate(shown) if text == own)]
    return Composed(
        input=parts,
        question=f"Which image does this sentence describe? “{own}”",
        answer_kind="choice",
        options=names,
        option_values=tuple(picture.sha256 for picture, _ in shown),
        answer=gold,
        fixed_order=True,
        gold_basis="source",
        evidence=evidence,
        proof=f"the sentence is the dataset's caption of {gold}",
        alt=tuple(text for _, text in shown),
    )


_HEARD = re.compile(r"\b(?:sounds?|voices?|audio|speakers?|spoken|recordings?)\b", re.IGNORECASE)
"""Names of a field that says what is heard where a row has a sound beside its image."""


def describes(label: Label) -> None:
    if _HEARD.search(label.name.replace("_", " ")):
        raise Unfit(f"the {label.name} is heard, not seen")
    if label.ordered or _BARE.fullmatch(label.text.strip()):
        raise Unfit(f"the label {label.text!r} does not say what the image shows")


def _label_likeness(one: str, other: str) -> float:
    """0-2, words in common before letters in common; -1 when one label holds all words of the other."""
    mine, theirs = _words(one), _words(other)
    if mine <= theirs or theirs <= mine:
        return -1
    return len(mine & theirs) / len(mine | theirs) + SequenceMatcher(None, one.lower(), other.lower()).ratio()


def confusable(label: str, vocabulary: Sequence[str], random: Random) -> list[str]:
    """Three other labels of a dozen drawn, alike in words and letters; none that contains the label or lies in it."""
    others = [other for other in dict.fromkeys(vocabulary) if other != label]
    pool = random.sample(others, min(12, len(others)))
    return [pool[i] for i in chain(label, pool, _label_likeness, random)]


def _what(label: Label) -> str:
    name = label.name.strip().lower()
    return "" if name in ("", "label", "class", "category", "answer", "target", "output", "text") else name


@construction(kinds=("choice",), signal="what the image shows")
def image_label_to_choice(
    image: Image, label: Annotated[Label, "category", "entity", "answer"], random: Random
) -> Composed:
    """Ask which of four labels of the dataset an image has; the wrong ones are the labels most alike."""
    describes(label)
    options = [label.text, *confusable(label.text, label.vocabulary, random)]
    random.shuffle(options)
    what = _what(label)
    return Composed(
        input=(image,),
        question=f"Which {what} does the image show?" if what else "What does the image show?",
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(option.casefold() for option in options),
        answer=label.text,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset labels the image {label.text!r}",
        alt=(f"an image of {label.text}",),
    )


@construction(kinds=("choice",), signal="what several images show, compared with each other", companions=16)
def odd_image_out(
    image: Image,
    label: Annotated[Label, "category", "entity", "answer"],
    images: tuple[Image, ...],
    labels: Annotated[tuple[Label, ...], "category", "entity", "answer"],
    random: Random,
) -> Composed:
    """Show four images, three of which have one label, and ask which does not belong with the others."""
    describes(label)
    alike: dict[str, list[Image]] = defaultdict(list)
    for picture, other in zip(images, labels, strict=True):
        if not (_words(other.text) <= _words(label.text) or _words(label.text) <= _words(other.text)):
            alike[other.text].append(picture)
    same = [name for name, found in alike.items() if len(found) >= OPTIONS - 1]
    if not same:
        raise Unfit("three other images that share another label are needed")
    name = random.choice(same)
    shown = [*alike[name][: OPTIONS - 1], image]
    _distinct(shown)
    random.shuffle(shown)
    parts, evidence, names = lettered(shown)
    what = _what(label)
    return Composed(
        input=parts,
        question=f"Three of these images show the same {what or 'kind of thing'}. Which image does not?",
        answer_kind="choice",
        options=names,
        option_values=tuple(picture.sha256 for picture in shown),
        answer=names[shown.index(image)],
        fixed_order=True,
        gold_basis="source",
        evidence=evidence,
        proof=f"it is labelled {label.text!r}, the other three {name!r}",
        alt=tuple(label.text if picture is image else name for picture in shown),
    )


def _question(phrase: Phrase) -> str:
    text = phrase.text.strip()
    if not text:
        raise Unfit("the row has no question")
    return f"{text}?" if _ASKS.match(text) and text[-1] not in ".?!:)" else text


@construction(kinds=("span", "number", "label", "binary"), signal="what the image shows")
def ask_image(
    image: Image,
    question: Annotated[Phrase, "question"],
    answer: Annotated[Items | Label | Number | Phrase, "answer"],
) -> Composed:
    """Ask the dataset's own question about an image, with its own short answer, number, label or yes and no."""
    kind, gold, accepted = _answer(answer)
    asked = _question(question)
    if isinstance(answer, Label) and kind == "label":
        if not 2 <= len(answer.vocabulary) <= 12:
            raise Unfit("the answers are too many to be named in the question")
        asked = f"{asked}\nAnswer with one of: {'; '.join(sorted(answer.vocabulary))}."
    return Composed(
        input=(image,),
        question=asked,
        answer_kind=kind,
        answer=gold,
        accepted=accepted,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's own answer: {gold}",
        alt=(f"an image of {image.width} x {image.height} pixels",),
    )


def _answer(answer: Items | Label | Number | Phrase) -> tuple[AnswerKind, str, tuple[str, ...]]:
    if isinstance(answer, Number):
        return "number", str(answer.value), ()
    texts = [" ".join(text.split()) for text in (answer.items if isinstance(answer, Items) else (answer.text,))]
    texts = [text for text in dict.fromkeys(texts) if text]
    if not texts:
        raise Unfit("the row has no answer")
    if texts[0].lower() in ("yes", "no", "true", "false") and len(texts) == 1:
        return "binary", texts[0].lower(), ()
    if len(texts) == 1 and re.fullmatch(r"-?\d+(\.\d+)?", texts[0]):
        return "number", texts[0], ()
    if len(texts[0].split()) > 8:
        raise Unfit("the answer is too long to be compared word for word")
    return "label" if isinstance(answer, Label) else "span", texts[0], tuple(texts[1:])


@construction(kinds=("choice",), signal="what the image shows")
def ask_image_options(
    image: Image,
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
    random: Random,
) -> Composed:
    """Ask the dataset's own question about an image, with its own options."""
    if options.answer is None or not 0 <= options.answer < len(options.options):
        raise Unfit("the row does not say which option is right")
    texts = [" ".join(option.split()) for option in options.options]
    gold = texts[options.answer]
    if len({text.casefold() for text in texts}) < len(texts) or len(texts) < 2 or not all(texts):
        raise Unfit("the row's options are not two or more different texts")
    fixed = any(_REFERS.search(text) for text in texts)
    shuffled = texts if fixed else random.sample(texts, len(texts))
    return Composed(
        input=(image,),
        question=_question(question),
        answer_kind="choice",
        options=tuple(shuffled),
        option_values=tuple(text.casefold() for text in shuffled),
        fixed_order=fixed,
        answer=gold,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's own answer: {gold}",
        alt=(f"an image of {image.width} x {image.height} pixels",),
    )


TOOLS: tuple[Tool, ...] = (
    match_caption_to_image,
    match_image_to_caption,
    image_label_to_choice,
    odd_image_out,
    ask_image,
    ask_image_options,
    *image_boxes.TOOLS,
    *image_tables.TOOLS,
)
