"""Proof by models: what code cannot check of a draft is shown by votes of models that do not know the key."""

from benchmark_agent.verification.proof.prover import ModelProver

__all__ = ["ModelProver"]
