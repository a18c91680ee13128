"""`pool make`: recipes on small trees laid out like the packages, and where packages are found."""

import gzip
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from benchmark_agent.errors import UserError
from benchmark_agent.sources.home import using
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.pool_recipes import RECIPES
from benchmark_agent.sources.pool_recipes.make import make, state_of
from benchmark_agent.sources.pool_recipes.obtain import found
from benchmark_agent.sources.pool_recipes.types import Package
from benchmark_agent.sources.readers import READERS
from tests.support import Command

STAMPS = Path("tuxpaint-stamps-default/usr/share/tuxpaint/stamps")
BIRDS = ("crow", "crowned_crane", "cuckoo", "duck", "guineafowl", "hen", "lark", "magpie", "ostrich", "owl")


def agreed(size: int) -> bool:
    raise AssertionError(f"nothing should be downloaded, and {size} bytes are asked for")


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def beep(path: Path, hertz: int = 440) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.3 * np.sin(np.arange(8000) * hertz * 2 * np.pi / 8000), 8000)


def stamps(folder: Path) -> None:
    """Ten birds, one of them drawn in one colour only, with captions in French and sounds for some."""
    birds = folder / STAMPS / "animals/birds"
    birds.mkdir(parents=True)
    for k, bird in enumerate(BIRDS):
        picture = Image.new("RGBA", (900 if k == 0 else 40, 30), (0, 0, 0, 0))
        if bird != "owl":
            picture.paste((200, 20 * k, 30, 255), (0, 0, 20, 20))
        picture.save(birds / f"{bird}.png")
        french = "Un oiseau noir" if bird in ("crow", "lark") else f"Oiseau numéro {k}"
        caption = "Say hello to the hen!" if bird == "hen" else f"A {bird.replace('_', ' ')}."
        (birds / f"{bird}.txt").write_text(f"{caption}\nfr.utf8={french}.\nde.utf8=\n", encoding="utf-8")
    for k, bird in enumerate(("crow", "cuckoo", "duck", "hen", "owl")):
        beep(birds / f"{bird}.ogg", 200 + 50 * k)
    for digit in range(10):
        beep(folder / STAMPS / f"symbols/math/{digit}.ogg", 300 + 10 * digit)
        beep(folder / STAMPS / f"symbols/math/{digit}_fr.ogg", 500 + 10 * digit)


def test_stamps_become_pictures_with_names_and_sounds(tmp_path: Path) -> None:
    stamps(tmp_path / "from")
    pool = make("tuxpaint", agreed, given=tmp_path / "from", out=tmp_path / "pool")
    animals = rows_of(pool.folder, "tuxpaint-animals")
    names = [row["name"] for row in animals]
    assert names == ["crow", "crowned crane", "cuckoo", "duck", "guineafowl", "hen", "lark", "magpie", "ostrich"]
    """A picture of one colour shows no owl; the hen has her name from the recipe, not from her sentence."""
    assert all(row["kind"] == "bird" for row in animals)
    with Image.open(pool.folder / animals[0]["image"]) as shown:
        assert (shown.mode, shown.size) == ("RGB", (512, 17))
    with Image.open(pool.folder / animals[1]["image"]) as shown:
        assert (shown.size, shown.getpixel((190, 140))) == ((192, 144), (236, 236, 236))
    assert "crow" not in animals[0]["image"]
    digits = rows_of(pool.folder, "tuxpaint-digits")
    assert len(digits) == 20
    assert {(row["digit"], row["spoken_language"]) for row in digits if row["digit"] == "7"} == {
        ("7", "English"), ("7", "French"),
    }  # fmt: skip


def test_a_name_of_two_things_names_neither(tmp_path: Path) -> None:
    folder = tmp_path / "from"
    stamps(folder)
    many = folder / STAMPS / "animals/mammals/equines"
    many.mkdir(parents=True)
    from benchmark_agent.sources.pool_recipes import tuxpaint

    named = list(tuxpaint._stamps(folder / STAMPS))
    french = {stamp.name: text for stamp, text in tuxpaint._names_in("fr", named)}
    assert french["duck"] == "Oiseau numéro 3"
    assert "crow" not in french
    assert "lark" not in french
    assert not tuxpaint._names_in("de", named)


def test_the_same_package_gives_the_same_pool(tmp_path: Path) -> None:
    stamps(tmp_path / "from")
    digests = []
    for place in ("one", "two"):
        pool = make("tuxpaint", agreed, given=tmp_path / "from", out=tmp_path / place)
        opened = Pool.open([str(pool.folder)], READERS, home=tmp_path / f"home-{place}")
        digests.append({card.id: card.digest for card in opened.cards})
    assert digests[0] == digests[1]
    assert set(digests[0]) == {"tuxpaint-animals", "tuxpaint-kinds", "tuxpaint-digits"}


def test_cards_say_licence_source_and_what_to_ask(tmp_path: Path) -> None:
    stamps(tmp_path / "from")
    with using(tmp_path / "home"):
        make("tuxpaint", agreed, given=tmp_path / "from")
        pool = Pool.open(["made:tuxpaint"], READERS)
    card = pool.card("tuxpaint-animals")
    assert (card.licence, card.source) == ("GPL-2.0-only", "Debian package tuxpaint-stamps-default")
    assert [(card.field(name).role, card.field(name).type) for name in ("image", "name")] == [  # type: ignore[union-attr]
        ("image", "image"), ("category", "label"),
    ]  # fmt: skip
    assert not pool.audit("tuxpaint-animals").refused


def test_a_folder_that_is_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    stamps(tmp_path / "from")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/diary.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UserError, match="holds something else"):
        make("tuxpaint", agreed, given=tmp_path / "from", out=tmp_path / "mine")
    assert (tmp_path / "mine/diary.txt").read_text(encoding="utf-8") == "dear"


def test_what_is_asked_for_wrongly_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Did you mean 'tuxpaint'"):
        make("tuxpain", agreed)
    with pytest.raises(UserError, match=r"does not hold 'usr/share/tuxpaint/stamps'"):
        make("tuxpaint", agreed, given=tmp_path)
    with using(tmp_path / "home"), pytest.raises(UserError, match="type: benchmark-agent pool make tuxpaint"):
        Pool.open(["made:tuxpaint"], READERS)


PACKAGE = Package("some-data", "usr/share/some", 1)


def debian_mirror(folder: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Stand-ins for apt-get and dpkg-deb: a package is a text file, and unpacking it makes the stamps."""
    tools = folder / "bin"
    tools.mkdir()
    stamps(folder / "inside")
    apt = f"""#!/bin/sh
if [ "$2" = --print-uris ]; then echo "'http://mirror/x.deb' $3_2022_all.deb {size} SHA256:00"; exit; fi
echo archive > "$3_1%3a2022_all.deb"
"""
    deb = f"""#!/bin/sh
cp -r {folder}/inside/tuxpaint-stamps-default/usr "$3/"
"""
    for name, text in (("apt-get", apt), ("dpkg-deb", deb)):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")


def test_a_package_is_fetched_once_and_a_large_one_only_when_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    debian_mirror(tmp_path, monkeypatch, size=161_000_000)
    nowhere = tmp_path / "nothing-installed"
    with using(tmp_path / "home"):
        asked: list[int] = []

        def refuse(size: int) -> bool:
            asked.append(size)
            return False

        with pytest.raises(UserError, match="161 MB would be downloaded; add '--yes'"):
            make("tuxpaint", refuse, installed=nowhere)
        assert asked == [161_000_000]
        made = make("tuxpaint", lambda size: True, installed=nowhere)
        assert "tuxpaint-stamps-default 1:2022" in (made.folder / "made.txt").read_text(encoding="utf-8")
        make("tuxpaint", agreed, installed=nowhere)
        assert not list((tmp_path / "home/packages").glob("fetching*"))


def test_a_small_download_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    debian_mirror(tmp_path, monkeypatch, size=3_000_000)
    with using(tmp_path / "home"):
        assert make("tuxpaint", agreed, installed=tmp_path / "nothing").rows


def test_an_installed_package_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "usr/share/some").mkdir(parents=True)
    material = found(PACKAGE, None, tmp_path)
    assert material is not None
    assert material.root == tmp_path
    assert found(PACKAGE, None, tmp_path / "usr") is None


def test_a_deb_file_in_the_folder_is_unpacked(tmp_path: Path) -> None:
    if subprocess.run(["sh", "-c", "command -v dpkg-deb"], capture_output=True, check=False).returncode:
        pytest.skip("dpkg-deb is not installed")
    tree = tmp_path / "tree"
    (tree / "usr/share/some").mkdir(parents=True)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        "Package: some-data\nVersion: 1.5\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: data\n", "utf-8"
    )
    (tmp_path / "debs").mkdir()
    built = ["dpkg-deb", "--build", "--root-owner-group", str(tree), str(tmp_path / "debs/some-data_1.5_all.deb")]
    subprocess.run(built, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
    with using(tmp_path / "home"):
        material = found(PACKAGE, tmp_path / "debs")
    assert material is not None
    assert material.version == "1.5"
    assert (material.root / "usr/share/some").is_dir()


def test_recipes_are_listed_with_licence_and_size(command: Command) -> None:
    said = command("pool", "make")
    assert said.status == 0
    for recipe in RECIPES:
        assert recipe.name in said.out
        assert recipe.licence.split()[0] in said.out
        assert state_of(recipe)


def test_the_command_makes_a_pool(command: Command, tmp_path: Path) -> None:
    stamps(tmp_path / "from")
    said = command("pool", "make", "tuxpaint", "--from", tmp_path / "from", "--out", tmp_path / "pool")
    assert said.status == 0
    assert "tuxpaint-animals: 9 rows" in said.out
    assert f"--pool {tmp_path / 'pool'}" in said.err
    assert command("pool", "make", "tuxpoint").status == 2


def prompts(folder: Path) -> None:
    """Nine sentences in five languages, numbers, days, and what must be left out."""
    sounds = {"en": "en_US_f_Allison", "es": "es_MX_f_Allison", "fr": "fr_CA_f_June", "it": "it_IT_m_Carlo",
              "ru": "ru_RU_f_Ivr"}  # fmt: skip
    things = ("harbour", "garden", "violin", "kettle", "ladder", "window", "basket", "candle", "meadow")
    for code, voice in sounds.items():
        lines = ["; a comment: with a colon"]
        lines += [f"p-{k}: {code} sentence about {thing} number{k} here." for k, thing in enumerate(things)]
        lines += ["beep: [a tone]", "again: EN sentence about harbour number0 here", "lost: la conferenza ? piena oggi"]
        lines += [f"digits/{k}: {code}{k}" for k in range(3)]
        lines += [f"digits/day-{k}: {code}day{k}" for k in range(2)] + ["gone: no sound is there for this"]
        doc = folder / f"asterisk-core-sounds-{code}/usr/share/doc/asterisk-core-sounds-{code}"
        doc.mkdir(parents=True)
        (doc / "copyright").write_text(f"who read {code}", encoding="utf-8")
        text = "\ufeff" * (code == "it") + "\n".join(lines)
        (doc / f"core-sounds-{code}.txt.gz").write_bytes(gzip.compress(text.encode()))
        speech = folder / f"asterisk-core-sounds-{code}-wav/usr/share/asterisk/sounds" / voice
        for line in lines[1:-1]:
            beep(speech / f"{line.partition(':')[0]}.wav", 200 + len(line))


def test_prompts_become_speech_with_transcripts_and_meanings(tmp_path: Path) -> None:
    prompts(tmp_path / "from")
    folder = make("asterisk", agreed, given=tmp_path / "from", out=tmp_path / "pool").folder
    english = rows_of(folder, "asterisk-sentences-en")
    assert len(english) == 9
    assert english[1] | {"audio": ""} == {
        "audio": "", "id": "en-p-1", "language": "en", "speaker": "Allison",
        "transcript": "en sentence about garden number1 here",
    }  # fmt: skip
    french = rows_of(folder, "asterisk-meanings-fr")
    assert french[0]["transcript"] == "fr sentence about harbour number0 here"
    assert french[0]["meaning"] == "en sentence about harbour number0 here"
    assert len(rows_of(folder, "asterisk-numbers")) == 15
    assert {row["date"] for row in rows_of(folder, "asterisk-dates")} == {"Sunday", "Monday"}
    asked = rows_of(folder, "asterisk-translations-ru")[0]
    assert asked["answer"] in asked["options"]
    assert len(set(asked["options"])) == 4
    assert (folder / "copyright-asterisk-core-sounds-it.txt").read_text(encoding="utf-8") == "who read it"


def test_licences_of_prompts_are_those_of_their_readers(tmp_path: Path) -> None:
    prompts(tmp_path / "from")
    folder = make("asterisk", agreed, given=tmp_path / "from", out=tmp_path / "pool").folder
    pool = Pool.open([str(folder)], READERS, home=tmp_path / "home")
    licences = {card.id: card.licence for card in pool.cards}
    assert licences["asterisk-sentences-fr"] == "CC-BY-SA-3.0"
    assert licences["asterisk-sentences-it"] == "CC-BY-3.0"
    assert licences["asterisk-numbers"] == "CC-BY-SA-3.0 AND CC-BY-3.0"
    assert pool.card("asterisk-meanings-ru").languages == ("ru",)


COLOURS = [(200, 20 * k, 60) for k in range(9)]


def continent(folder: Path) -> None:
    """A map of 3 x 3 countries of 60 x 40 pixels, a sea at the bottom, and one country too small to be seen."""
    root = folder / "kgeography-data/usr/share/kgeography"
    (root / "flags").mkdir(parents=True)
    drawn = np.full((160, 180, 3), (0, 0, 255), dtype=np.uint8)
    divisions = ["<division><name>Water</name><ignore>yes</ignore>" + _rgb((0, 0, 255)) + "</division>"]
    for k, colour in enumerate(COLOURS):
        down, across = divmod(k, 3)
        drawn[down * 40 : down * 40 + 40, across * 60 : across * 60 + 60] = colour
        parts = f"<name>Land{k}</name><capital>Town{k}</capital><flag>f{k}.png</flag>"
        divisions.append(f"<division>{parts}{_rgb(colour)}</division>")
        Image.new("RGB", (90, 60), (k * 28, 255 - k * 28, k * 11)).save(root / f"flags/f{k}.png")
    drawn[150:152, 0:2] = (9, 9, 9)
    divisions.append(f"<division><name>Dot</name><capital>D</capital>{_rgb((9, 9, 9))}</division>")
    Image.fromarray(drawn).save(root / "africa.png")
    head = "<map><mapFile>africa.png</mapFile><name>Africa (old)</name><divisionsName>Countries</divisionsName>"
    (root / "africa.kgm").write_text(f"{head}{''.join(divisions)}</map>", encoding="utf-8")


def _rgb(colour: tuple[int, int, int]) -> str:
    return "<color><red>{}</red><green>{}</green><blue>{}</blue></color>".format(*colour)


def test_maps_become_marked_regions_boxes_and_capitals(tmp_path: Path) -> None:
    continent(tmp_path / "from")
    folder = make("kgeography", agreed, given=tmp_path / "from", out=tmp_path / "pool").folder
    countries = rows_of(folder, "kgeography-countries")
    assert [row["answer"] for row in countries] == [f"Land{k}" for k in range(9)]
    assert countries[4]["question"] == "Which country is marked in red on this map of Africa?"
    assert all(row["answer"] in row["options"] and len(set(row["options"])) == 4 for row in countries)
    with Image.open(folder / countries[4]["image"]) as shown:
        assert shown.size == (192, 171)
        red, land, water = shown.getpixel((96, 64)), shown.getpixel((10, 10)), shown.getpixel((96, 150))
    assert (red, land, water) == ((214, 40, 40), (216, 214, 200), (196, 220, 238))
    capitals = rows_of(folder, "kgeography-capitals")
    assert (capitals[0]["question"], capitals[0]["answer"]) == ("What is the capital of Land0?", "Town0")


def test_boxes_of_regions_are_in_pixels_of_the_picture_that_is_kept(tmp_path: Path) -> None:
    from benchmark_agent.sources.pool_recipes import kgeography
    from benchmark_agent.sources.pool_recipes.output import Output

    continent(tmp_path / "from")
    root = tmp_path / "from/kgeography-data/usr/share/kgeography"
    chart = kgeography._map(root, "africa")
    (tmp_path / "out").mkdir()
    out = Output(tmp_path / "out", "here", "CC0-1.0")
    kgeography._write_boxes(out, [chart] * 8)
    boxes = {each["label"]: each["box"] for each in rows_of(tmp_path / "out", "kgeography-boxes")[0]["regions"]}
    scale = 192 / 180
    assert boxes["country Land4"] == [round(v * scale, 1) for v in (60, 40, 120, 80)]
    assert "country Dot" not in boxes


def test_a_map_that_does_not_open_names_its_file(tmp_path: Path) -> None:
    continent(tmp_path / "from")
    (tmp_path / "from/kgeography-data/usr/share/kgeography/africa.kgm").write_text("<map>", encoding="utf-8")
    with pytest.raises(UserError, match=r"the map 'africa'.*does not open"):
        make("kgeography", agreed, given=tmp_path / "from", out=tmp_path / "pool")


def lexicon(folder: Path) -> None:
    """Twelve animals: six birds below `bird`, six others; two verbs that are too few to be asked about."""
    root = folder / "wordnet-base/usr/share/wordnet"
    root.mkdir(parents=True)
    birds = ("robin", "finch", "eagle", "heron", "raven", "stork")
    others = ("otter", "lizard", "salmon", "badger", "spider", "turtle")
    lines = ["  1 a licence stands at the head  "]
    lines.append('00000001 05 n 01 bird 0 000 | creature that has feathers and wings; "the bird sang"  ')
    lines.append("00000002 05 n 01 beast 0 000 | creature that walks or swims and has none  ")
    for k, name in enumerate((*birds, *others)):
        above = 1 if k < 6 else 2
        gloss = f'one that is number{k} of colour{k} with shape{k}; "a {name}"'
        lines.append(f"{100 + k:08d} 05 n 02 {name} 0 other_{name} 0 001 @ {above:08d} n 0000 | {gloss}  ")
    lines.append("00000200 05 n 01 turtle 0 001 @ 00000001 n 0000 | a turtledove in old books  ")
    (root / "data.noun").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "data.verb").write_text("00000300 30 v 01 sing 0 000 01 + 02 00 | make music with the voice  \n", "utf-8")
    counted = "".join(f"{name}%1:05:00:: 1 9\n" for name in (*birds, *others, "bird", "beast"))
    (root / "cntlist.rev").write_text(counted + "rare%1:05:00:: 1 1\n", encoding="utf-8")


def test_definitions_and_kinds_have_one_right_word(tmp_path: Path) -> None:
    lexicon(tmp_path / "from")
    folder = make("wordnet", agreed, given=tmp_path / "from", out=tmp_path / "pool").folder
    definitions = {row["answer"]: row for row in rows_of(folder, "wordnet-definitions")}
    assert definitions["robin"]["question"] == "Which word means “one that is number0 of colour0 with shape0”?"
    beside = {"finch", "eagle", "heron", "raven", "stork", "bird"}
    assert not beside & set(definitions["robin"]["options"])
    kinds = [row for row in rows_of(folder, "wordnet-kinds") if row["question"].endswith("kind of bird?")]
    assert {row["answer"] for row in kinds} == {"robin", "finch", "eagle", "heron", "raven", "stork"}
    for row in kinds:
        wrong = set(row["options"]) - {row["answer"]}
        assert wrong <= {"otter", "lizard", "salmon", "badger", "spider", "beast"}, "a turtle was a bird in old books"


def test_reasoning_gym_becomes_a_pool_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'gym' is not installed")
    monkeypatch.setattr("benchmark_agent.sources.readers.gym._tasks", lambda asked: ["leg_counting"])
    made = make("reasoning-gym", agreed, out=tmp_path / "pool")
    assert list(made.rows) == ["gym-leg_counting"]
    card = Pool.open([str(made.folder)], READERS, home=tmp_path / "home").cards[0]
    assert (card.licence, card.rows) == ("Apache-2.0", made.rows["gym-leg_counting"])
