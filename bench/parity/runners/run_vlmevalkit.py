# mypy: ignore-errors
# ruff: noqa: E402
"""The export `vlmevalkit`: loading, prompts and the scoring of predictions by exact matching."""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile
import types
from pathlib import Path
from unittest.mock import MagicMock

import shown

ROOT = tempfile.mkdtemp()
for each in shown.EXPORT.glob("*.tsv"):
    shutil.copy(each, ROOT)
os.environ["LMUData"] = ROOT  # noqa: SIM112 - its name


class Absent(types.ModuleType):
    """Stands for torchvision, which is imported for models and data sets that are not ours."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name.partition(".")[0] == "torchvision" else None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


if importlib.util.find_spec("torchvision") is None:
    # Its wheels do not fit those of torch for CPUs. First the libraries that work without it.
    import datasets  # noqa: F401
    import transformers  # noqa: F401

    sys.meta_path.append(Finder())

from vlmeval.dataset import build_dataset
from vlmeval.smp import dump, load

for table in sorted(shown.EXPORT.glob("*.tsv")):
    dataset = build_dataset(table.stem)
    seen, ids, said = {}, {}, []
    for index in range(len(dataset)):
        line = dataset.data.iloc[index]
        parts = dataset.build_prompt(line)
        text = "\n".join(part["value"] for part in parts if part["type"] == "text")
        media = [shown.picture(Path(part["value"]).read_bytes()) for part in parts if part["type"] == "image"]
        seen[line["id"]] = (text, media)
        ids[line["index"]] = line["id"]
        said.append(shown.REPLIES["letter"][line["id"]])
    data = dataset.data.copy()
    data = data.drop(columns=[name for name in ("image",) if name in data])
    data["prediction"] = said
    file = f"{ROOT}/scripted_{table.stem}.xlsx"
    dump(data, file)
    dataset.evaluate(file, model="exact_matching")
    for result in sorted(Path(ROOT).glob(f"scripted_{table.stem}*exact_matching_result.*")):
        if result.suffix in (".xlsx", ".tsv"):
            for _, line in load(str(result)).iterrows():
                shown.row(ids[line["index"]], table.stem.rpartition("_")[2], "letter", line["hit"], seen)
shutil.rmtree(ROOT)
