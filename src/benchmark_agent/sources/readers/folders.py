"""Datasets that are folders of images or sounds."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmark_agent.sources import Found
from benchmark_agent.sources.media_folders import class_folders, class_rows, is_listed, listed_rows, metadata_file
from benchmark_agent.sources.media_paths import AUDIO_ENDINGS, IMAGE_ENDINGS
from benchmark_agent.sources.readers.common import beside, folders_under, location_of, name_of
from benchmark_agent.sources.rows import IndexedRows, Origin, open_rows


class MediaFolder:
    """Media listed in metadata.jsonl or metadata.csv (`file_name`), or in one folder a class."""

    def __init__(self, name: str, column: str, endings: tuple[str, ...]) -> None:
        self.name = name
        self.column = column
        self.endings = endings

    def find(self, root: Path) -> Iterator[Found]:
        by_class: list[Path] = []
        for folder in folders_under(root):
            if any(folder.is_relative_to(above) for above in by_class):
                continue
            listed = self._lists(folder)
            if not listed and class_folders(folder, self.endings):
                by_class.append(folder)
            if listed or folder in by_class:
                yield Found(name_of(folder), location_of(folder, root), self.name, beside(folder, root))

    def _lists(self, folder: Path) -> bool:
        """Whether the folder has a metadata file, and the media it names are of this kind."""
        file = metadata_file(folder)
        if file is None or not is_listed(file):
            return False
        named = (str(raw[self.column]) for _, raw in listed_rows(file, self.column) if not isinstance(raw, str))
        return next(named).lower().endswith(self.endings)

    def open(self, root: Path, location: str) -> IndexedRows:
        folder = root / location
        file = metadata_file(folder)
        if file is not None:
            return open_rows(Origin((file,), folder, root, partial(listed_rows, file, self.column)))
        return open_rows(Origin((folder,), folder, root, partial(class_rows, folder, self.column, self.endings)))


IMAGE_FOLDER = MediaFolder("image-folder", "image", IMAGE_ENDINGS)
AUDIO_FOLDER = MediaFolder("audio-folder", "audio", AUDIO_ENDINGS)
