"""Other formats. The benchmark folder itself is canonical and needs no exporter."""

from benchmark_agent.benchmark.exporters.croissant import Croissant
from benchmark_agent.benchmark.exporters.evalscope import EvalScope
from benchmark_agent.benchmark.exporters.hub import Hub
from benchmark_agent.benchmark.exporters.inspect_task import Inspect
from benchmark_agent.benchmark.exporters.lighteval import Lighteval
from benchmark_agent.benchmark.exporters.lm_eval import LmEval
from benchmark_agent.benchmark.exporters.lmms_eval import LmmsEval
from benchmark_agent.benchmark.exporters.promptfoo import Promptfoo
from benchmark_agent.benchmark.exporters.vlmevalkit import VlmEvalKit
from benchmark_agent.benchmark.types import Exporter

EXPORTERS: tuple[Exporter, ...] = (
    Inspect(), Hub(), LmEval(), LmmsEval(), VlmEvalKit(), Lighteval(), Promptfoo(), EvalScope(), Croissant(),
)  # fmt: skip
