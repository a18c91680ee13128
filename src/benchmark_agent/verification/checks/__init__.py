"""What code can verify of one draft, cheapest first."""

from benchmark_agent.verification.checks.evidence import evidence_needed, evidence_present, media_opens
from benchmark_agent.verification.checks.form import (
    answer_form,
    gold_scores,
    one_right_option,
    options_unique,
    schema,
)
from benchmark_agent.verification.checks.leaks import no_leak, option_balance
from benchmark_agent.verification.checks.pictures import picture_whole, text_legible
from benchmark_agent.verification.checks.prose import debris, language, length
from benchmark_agent.verification.checks.rule import Inspection, Rule
from benchmark_agent.verification.checks.sounds import (
    noise_as_asked,
    sound_whole,
    speech_says_script,
    voices_apart,
)
from benchmark_agent.verification.types import Check

CHECKS: tuple[Check, ...] = (
    Rule("schema", schema),
    Rule("length", length),
    Rule("evidence_present", evidence_present),
    Rule("options_unique", options_unique),
    Rule("one_right_option", one_right_option),
    Rule("answer_form", answer_form),
    Rule("no_leak", no_leak),
    Rule("evidence_needed", evidence_needed),
    Rule("option_balance", option_balance),
    Rule("debris", debris),
    Rule("gold_scores", gold_scores),
    Rule("language", language),
    Rule("media_opens", media_opens),
    Rule("picture_whole", picture_whole),
    Inspection("text_legible", text_legible),
    Rule("sound_whole", sound_whole),
    Inspection("noise_as_asked", noise_as_asked),
    Inspection("voices_apart", voices_apart),
    Inspection("speech_says_script", speech_says_script),
)
"""In the order they run. A draft that fails one is rejected; each says why on its own, whatever the others say."""
