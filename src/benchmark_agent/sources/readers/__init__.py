"""The dataset layouts we read, the most particular first: the first reader that knows a file has it."""

from benchmark_agent.sources import Reader
from benchmark_agent.sources.readers.croissant import Croissant
from benchmark_agent.sources.readers.documents import Documents
from benchmark_agent.sources.readers.files import BigBenchHard, Csv, GeneralBench, JsonLines, JsonList, Parquet
from benchmark_agent.sources.readers.folders import AUDIO_FOLDER, IMAGE_FOLDER
from benchmark_agent.sources.readers.gym import ReasoningGym
from benchmark_agent.sources.readers.hub import Hub
from benchmark_agent.sources.readers.sql import Sql
from benchmark_agent.sources.readers.webdataset import WebDataset

READERS: tuple[Reader, ...] = (
    Croissant(),
    GeneralBench(),
    BigBenchHard(),
    JsonLines(),
    JsonList(),
    Csv(),
    Parquet(),
    IMAGE_FOLDER,
    AUDIO_FOLDER,
    Documents(),
    ReasoningGym(),
    Hub(),
    WebDataset(),
    Sql(),
)
