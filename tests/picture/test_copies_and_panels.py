"""Constructions on copies, panels and damaged images: golds worked out again from the pixels."""

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmark_agent.answers import AnswerKey
from benchmark_agent.content import Box, Boxes, Choices, Composed, Image, Label, Phrase, Retouched, Table
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import Unfit
from benchmark_agent.evaluation.scorers import SCORERS
from benchmark_agent.media import MediaStore
from benchmark_agent.realization.types import Draft
from benchmark_agent.tools.constructions import image_copies, image_panels
from benchmark_agent.tools.constructions.image_boxes import NINTHS
from benchmark_agent.tools.image.degrading import degraded
from benchmark_agent.tools.image.layout import fitted
from benchmark_agent.tools.image.pixels import Pixels, decode, encode, psnr
from benchmark_agent.tools.image.reading import missing_reader
from benchmark_agent.tools.render.pages import draw_page
from benchmark_agent.verification.checks.pictures import picture_whole, text_legible
from benchmark_agent.verification.types import CheckContext
from tests.picture.picture_support import PAGE, encoded, photo, scene

TOOLS = {tool.name: tool for tool in (*image_copies.TOOLS, *image_panels.TOOLS)}
SHAPES = Boxes(
    boxes=tuple(
        Box(label=name, x0=16 + 36 * k, y0=26 + 20 * (k % 3), x1=44 + 36 * k, y1=54 + 20 * (k % 3))
        for k, name in enumerate(("red disc", "blue disc", "green disc", "orange disc", "purple disc", "brown disc"))
    )
)
FERRIES = Table(
    columns=("Ferry", "Cars", "Crossing", "Pier"),
    rows=(
        ("Albatross", 112, 45, "north"), ("Bonito", 330, 50, "south"), ("Curlew", 225, 35, "east"),
        ("Dolphin", 190, 80, "west"), ("Eider", 264, 20, "inner"),
    ),
    name="Ferries of the bay",
)  # fmt: skip


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path)


def panels_of(media: MediaStore, item: Composed, count: int) -> list[Pixels]:
    """Panels cut out of the composed picture, in reading order: white frames on a grey sheet."""
    image = item.input[0]
    assert isinstance(image, Image)
    sheet = decode(media.read(image))
    columns, rows = {2: (2, 1), 4: (2, 2), 6: (3, 2), 9: (3, 3)}[count]
    wide, high = (sheet.shape[1] - 10) // columns - 10, (sheet.shape[0] - 10) // rows - 32
    return [
        sheet[32 + (k // columns) * (high + 32) :, 10 + (k % columns) * (wide + 10) :][:high, :wide]
        for k in range(count)
    ]


def made(name: str, *given: object, tries: int = 12) -> list[Composed]:
    found = []
    for seed in range(tries):
        try:
            found.append(TOOLS[name].run(*given, Random(seed)))
        except Unfit:
            continue
    assert len(found) > tries // 2
    return found


def test_one_copy_alone_differs_and_it_is_the_answer(media: MediaStore) -> None:
    image = media.image(encoded(photo()))
    for item in made("find_degraded_copy", image, media):
        panels = panels_of(media, item, 4)
        odd = [k for k in range(4) if sum(not np.array_equal(panels[k], other) for other in panels) == 3]
        assert [item.options[k] for k in odd] == [item.answer]


def test_degrees_are_ranked_by_the_ratio_to_the_image(media: MediaStore) -> None:
    image = media.image(encoded(photo()))
    for item in made("rank_degraded_copies", image, media, tries=8):
        panels = panels_of(media, item, 4)
        clean = decode(media.read(image))
        small = fitted(clean, panels[0].shape[1], panels[0].shape[0])[0]
        ranked = sorted(range(4), key=lambda k: psnr(small, panels[k]), reverse=True)
        rank = {"least": 0, "second most": 2, "most": 3}[item.question.split("is the ")[1].split(" affected")[0]]
        assert item.answer == f"Panel {ranked[rank] + 1}"


def test_what_was_done_is_named_and_the_others_were_not_done(media: MediaStore) -> None:
    items = made("name_degradation", media.image(encoded(photo())), media)
    assert all(item.answer in item.options and len(set(item.options)) == 4 for item in items)
    assert len({item.answer for item in items}) > 4


def test_the_changed_region_is_where_the_answer_says(media: MediaStore) -> None:
    image = media.image(encoded(photo(360, 270)))
    before = decode(media.read(image))
    for item in made("find_changed_region", image, media):
        shown = item.input[0]
        assert isinstance(shown, Image)
        rows, columns = np.nonzero(np.any(decode(media.read(shown)) != before, axis=2))
        row, column = int(rows.mean() / 270 * 3), int(columns.mean() / 360 * 3)
        assert item.answer == NINTHS[row][column]


def test_an_erased_object_is_gone_from_the_panel_and_nothing_else_is(media: MediaStore) -> None:
    image = media.image(encoded(scene()))
    for item in made("name_erased_object", image, SHAPES, media):
        one, other = panels_of(media, item, 2)
        rows, columns = np.nonzero(np.any(one != other, axis=2))
        scale = one.shape[1] / 240
        x, y = columns.mean() / scale, rows.mean() / scale
        near = min(SHAPES.boxes, key=lambda box: abs((box.x0 + box.x1) / 2 - x) + abs((box.y0 + box.y1) / 2 - y))
        assert item.answer == near.label
    for item in made("find_changed_copy", image, SHAPES, media):
        panels = panels_of(media, item, 4)
        odd = [k for k in range(4) if sum(not np.array_equal(panels[k], other) for other in panels) == 3]
        assert [item.options[k] for k in odd] == [item.answer]


def test_places_of_the_answer_are_even(media: MediaStore) -> None:
    image = media.image(encoded(scene()))
    places = Counter(item.answer for item in made("find_changed_copy", image, SHAPES, media, tries=60))
    assert len(places) == 4
    assert max(places.values()) < 0.45 * sum(places.values())


def coloured(media: MediaStore, count: int) -> tuple[list[Image], list[Label]]:
    """Images of six colours, with the colour as the label."""
    names = ("crimson", "navy", "forest", "amber", "violet", "umber")
    shades = ((200, 20, 40), (20, 30, 120), (20, 110, 40), (240, 180, 20), (130, 40, 200), (100, 70, 40))
    images, labels = [], []
    for k in range(count):
        pixels = np.full((80, 100, 3), 255, dtype=np.uint8)
        pixels[10 + k % 7 : 70, 10 + k // 7 : 90] = shades[k % 6]
        images.append(media.image(encode(pixels)))
        labels.append(Label(text=names[k % 6], vocabulary=names, name="colour"))
    return images, labels


def test_panels_show_what_the_dataset_says(media: MediaStore) -> None:
    images, labels = coloured(media, 25)
    shade = {label.text: decode(media.read(image))[40, 50] for image, label in zip(images, labels, strict=True)}
    for seed in range(6):
        item = TOOLS["find_panel"].run(
            images[0], labels[0], tuple(images[1:17]), tuple(labels[1:17]), media, Random(seed)
        )
        panel = panels_of(media, item, 6)[int(item.answer.split()[1]) - 1]
        middle = panel[panel.shape[0] // 2, panel.shape[1] // 2]
        assert np.abs(middle.astype(int) - shade["crimson"]).max() < 4
        count = TOOLS["count_panels"].run(
            images[0], labels[0], tuple(images[1:]), tuple(labels[1:]), media, Random(seed)
        )
        middles = [p[p.shape[0] // 2, p.shape[1] // 2].astype(int) for p in panels_of(media, count, 9)]
        assert count.answer == str(sum(np.abs(each - shade["crimson"]).max() < 4 for each in middles))


def test_labels_that_hold_each_other_are_not_asked_apart(media: MediaStore) -> None:
    images, _ = coloured(media, 8)
    same = tuple(Label(text=f"oak {'tree ' * k}".strip(), vocabulary=("oak", "elm"), name="kind") for k in range(7))
    with pytest.raises(Unfit, match="plainly differ"):
        TOOLS["find_panel"].run(
            images[0], Label(text="oak", vocabulary=("oak",)), tuple(images[1:]), same, media, Random(1)
        )


def test_a_dataset_question_keeps_its_answer_under_damage(media: MediaStore) -> None:
    image = media.image(encoded(photo()))
    question, options = (
        Phrase(text="What colour is the square patch?"),
        Choices(options=("red", "blue", "pink"), answer=0),
    )
    items = made("ask_degraded_image", image, question, options, media)
    assert {item.answer for item in items} == {"red"}
    for item in items:
        shown = item.input[0]
        assert isinstance(shown, Image)
        assert shown.made is not None
        assert shown.sha256 != image.sha256
        assert shown.made.changes[0].psnr == pytest.approx(psnr(photo(), decode(media.read(shown))), abs=0.01)


# -- the checks -------------------------------------------------------------------------------------------


def look(media: MediaStore, item: Composed) -> tuple[str, str, bool]:
    """What the two checks say: the reason of the first, reason and detail of the second, and whether it passed."""
    draft = Draft(job_id="a", subtask_id="s", body=item, rows=(), trace=())
    subtask = Subtask(
        id="s", name="s", description="s", capability="image-quality", answer_kinds=("choice",), target_signal="s",
        modalities=("image", "text"), requires=("image",), constructions=("a",), skill_in="construction", weight=1,
    )  # fmt: skip
    key = AnswerKey(answer_kind=item.answer_kind, options=item.options, answer=item.answer, accepted=())
    context = CheckContext(subtask=subtask, key=key, scorer=SCORERS[0], read_media=media.read)  # type: ignore[arg-type]
    result = text_legible(draft, context)
    return picture_whole(draft, context), result.reason or result.detail, result.passed


def shown(image: Image, answer: str = "Mirel") -> Composed:
    return Composed(input=(image,), question="Who is to be asked for?", answer_kind="span", answer=answer,
                    gold_basis="computed", evidence=(0,))  # fmt: skip


@pytest.mark.skipif(bool(missing_reader()), reason="the extra 'ocr' is not installed")
def test_text_that_must_be_read_is_read(media: MediaStore) -> None:
    wanted = Retouched(legible=("Mirel", "noon", "17 islands"))
    clean = media.image(draw_page(PAGE)).model_copy(update={"made": wanted})
    assert look(media, shown(clean)) == ("", "part 0: rapidocr reads 3 texts", True)
    blurred = encode(degraded(decode(draw_page(PAGE)), "gaussian_blur", 5, 1))
    lost = media.image(blurred).model_copy(update={"made": wanted})
    assert look(media, shown(lost))[1:] == ("part 0: the answer 'Mirel' cannot be read in the picture", False)
    assert look(media, shown(lost, "the pilot"))[1].endswith("of the characters that must be read are read wrong")


@pytest.mark.skipif(bool(missing_reader()), reason="the extra 'ocr' is not installed")
def test_most_damaged_tables_stay_legible(media: MediaStore) -> None:
    seen = [look(media, item)[2] for item in made("read_degraded_table", FERRIES, media, tries=6)]
    assert sum(seen) >= len(seen) - 2


def test_pictures_of_which_nothing_is_left_are_refused(media: MediaStore) -> None:
    pixels = np.full((60, 80, 3), 128, dtype=np.uint8)
    pixels[0, 0] = 129
    faint = media.image(encode(pixels)).model_copy(update={"made": Retouched()})
    assert look(media, shown(faint))[0] == "part 0: the picture shows next to nothing"
    tiny = media.image(encode(photo()[:8, :40]))
    assert "40 x 8 pixels is too small" in look(media, shown(tiny))[0]
    assert look(media, shown(media.image(encoded(photo()))))[0] == ""
