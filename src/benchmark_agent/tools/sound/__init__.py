"""Sound: speech, dialogues, noise, rooms and tones, made here and known in detail."""

from benchmark_agent.tools.sound.steps import TOOLS

__all__ = ["TOOLS"]
