# Two commands: `make demo` and `make test`. Both set up everything they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := runs/demo

.PHONY: demo test lint types bench parity gallery clean

demo: $(VENV)/.core
	rm -rf $(DEMO)
	$(BIN)/benchmark-agent build "Can a model read, compare and count: facts about countries and chemical elements, short reports, and objects in drawn scenes?" --size 60 --seed 7 --out $(DEMO)
	$(BIN)/benchmark-agent check $(DEMO)
	$(BIN)/benchmark-agent show $(DEMO)

test: $(VENV)/.dev lint types
	$(BIN)/pytest

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m bench.run

# Every harness is installed once, in an environment of its own below ~/.cache. `make parity ONLY="inspect lm-eval"`.
parity: $(VENV)/.dev
	$(BIN)/python -m bench.parity $(ONLY)

# Fifteen goals, as far as the engines and pools of this machine reach. `make gallery ONLY="01 13"`.
gallery: $(VENV)/.dev
	$(BIN)/python -m bench.gallery $(ONLY)

clean:
	rm -rf $(VENV) runs .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.core: pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev,documents,formulas,gym,hearing,hub,models,ocr,speech,web]'
	touch $@
