"""Archives: what is refused is named, what is broken says so, and nothing swells beyond its bounds."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from benchmark_agent.archives import Bounds, leaves_folder, tar_members, zip_members
from benchmark_agent.errors import MediaError


def _tar(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        for info, data in entries:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def _link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_path_tricks_in_a_tar_are_named_and_never_read(tmp_path: Path, ending: str) -> None:
    path = _tar(
        tmp_path / f"a.{ending}",
        (tarfile.TarInfo("0001.txt"), b"fine"),
        (tarfile.TarInfo("../escaped.txt"), b"x"),
        (tarfile.TarInfo("/etc/absolute.txt"), b"x"),
        (tarfile.TarInfo("C:\\windows.txt"), b"x"),
        (tarfile.TarInfo("a/..\\..\\b.txt"), b"x"),
        (_link("soft.txt", "/etc/passwd", tarfile.SYMTYPE), b""),
        (_link("hard.txt", "0001.txt", tarfile.LNKTYPE), b""),
        (_link("device", "", tarfile.CHRTYPE), b""),
        (tarfile.TarInfo("sub/0002.txt"), b"also fine"),
    )
    seen = {}
    for member in tar_members(path):
        seen[member.name] = member.refused or member.read()
        if member.refused:
            with pytest.raises(MediaError, match="is refused"):
                member.read()
    assert seen == {
        "0001.txt": b"fine",
        "../escaped.txt": "its path leaves the folder",
        "/etc/absolute.txt": "its path is absolute",
        "C:\\windows.txt": "its path is absolute",
        "a/..\\..\\b.txt": "its path leaves the folder",
        "soft.txt": "it is a link to '/etc/passwd'",
        "hard.txt": "it is a link to '0001.txt'",
        "device": "it is no plain file",
        "sub/0002.txt": b"also fine",
    }
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_offset_of_a_plain_tar_is_where_the_bytes_start(tmp_path: Path) -> None:
    path = _tar(tmp_path / "a.tar", (tarfile.TarInfo("a"), b"one"), (tarfile.TarInfo("b"), b"second"))
    whole = path.read_bytes()
    found = {member.name: whole[member.offset : member.offset + member.size] for member in tar_members(path)}
    assert found == {"a": b"one", "b": b"second"}
    packed = _tar(tmp_path / "a.tar.gz", (tarfile.TarInfo("a"), b"one"))
    assert [member.offset for member in tar_members(packed)] == [-1]


@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_a_cut_off_tar_gives_what_is_whole_and_then_says_so(tmp_path: Path, ending: str) -> None:
    first, second = (tarfile.TarInfo("first"), b"1" * 3000), (tarfile.TarInfo("second"), bytes(range(256)) * 100)
    path = _tar(tmp_path / f"a.{ending}", first, second)
    if ending == "tar.gz":
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:9000]))
    else:
        path.write_bytes(path.read_bytes()[:9000])
    members = tar_members(path)
    assert next(members).read() == b"1" * 3000
    with pytest.raises(MediaError, match="cut off"):
        [member.read() for member in members]


def test_no_tar_at_all(tmp_path: Path) -> None:
    for content in (b"", b"hello" * 400, b"\x1f\x8bnot gzip"):
        (tmp_path / "a.tar").write_bytes(content)
        with pytest.raises(MediaError, match=r"'a\.tar'"):
            list(tar_members(tmp_path / "a.tar"))


def test_a_compressed_tar_is_left_when_it_swells(tmp_path: Path) -> None:
    path = _tar(tmp_path / "bomb.tar.gz", *((tarfile.TarInfo(f"{n}"), bytes(1_000_000)) for n in range(30)))
    assert path.stat().st_size < 100_000
    members = tar_members(path, Bounds(total_bytes=5_000_000))
    sizes: list[int] = []
    with pytest.raises(MediaError, match="unpacks to more than 5000000 bytes"):
        sizes.extend(member.size for member in members)
    assert len(sizes) <= 6


def test_bounds_on_one_member_and_on_their_number(tmp_path: Path) -> None:
    path = _tar(tmp_path / "a.tar", (tarfile.TarInfo("big"), bytes(5000)), (tarfile.TarInfo("small"), b"x"))
    refused = [member.refused for member in tar_members(path, Bounds(member_bytes=4096))]
    assert refused == ["it has 5000 bytes, more than 4096", ""]
    with pytest.raises(MediaError, match="more than 1 members"):
        list(tar_members(path, Bounds(members=1)))


def _zip(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_bomb_is_refused_by_its_index() -> None:
    data = _zip(("word/document.xml", bytes(50_000_000)), ("ok.txt", b"fine"), ("../up.txt", b"x"))
    bomb, good, up = zip_members(data, "'a.zip'")
    assert len(data) < 100_000
    assert "as a decompression bomb does" in bomb.refused
    assert good.read() == b"fine"
    assert up.refused == "its path leaves the folder"
    with pytest.raises(MediaError, match="would unpack to 50000005 bytes, more than 1000000"):
        zip_members(data, "'a.zip'", Bounds(total_bytes=1_000_000))


def test_a_zip_that_states_less_than_it_holds_gives_no_more_than_it_states() -> None:
    data = bytearray(_zip(("a.txt", b"0123456789" * 10)))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    (member,) = zip_members(bytes(data), "'lies.zip'")
    with pytest.raises(MediaError, match=r"'a\.txt'"):
        member.read()


@pytest.mark.parametrize("name", ["", "/a", "..", "a/../../b", "~/x", "c:/x", "a\0b", "\\\\host\\share"])
def test_names_that_are_no_path_inside(name: str) -> None:
    assert leaves_folder(name)


@pytest.mark.parametrize("name", ["a", "a/b.txt", "./a", "a..b", "…"])
def test_names_that_are(name: str) -> None:
    assert not leaves_folder(name)
