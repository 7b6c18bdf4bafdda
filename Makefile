# Overt: two commands do everything, also on a bare Debian machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
KEEP ?=
PYTEST_ARGS ?=
BIN := .venv/bin
# All extras but `presidio`, which is large: its tests have an environment of their own, .ci/envs/judges.
LOCKED := keychain recovery audit export objects ocr demo
# A clone has fresh time stamps, so what tells whether the environment is current is the lock's content.
STAMP := .venv/.lock-$(shell sha256sum requirements.lock 2>/dev/null | cut -c1-16)

.PHONY: help demo test test-units test-desktop check bench bench-audit bench-export bench-redaction bench-peers validate soak mutants venv lock clean system

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: system-demo venv ## Watch the whole story on a private virtual desktop (KEEP=DIR leaves its output in DIR)
	@$(BIN)/overt demo $(if $(KEEP),--out "$(KEEP)")

test: system-test check ## Everything: `make check`, then every test, real browser included
	@$(MAKE) --jobs=2 --keep-going --output-sync=target test-desktop test-units

# A desktop mostly waits: what waits for nobody runs beside it, on one core, and gives way.
test-units: venv
	@nice -n 15 $(BIN)/python -m pytest --ignore=tests/arch -m "not desktop and not soak" $(PYTEST_ARGS)

test-desktop: venv
	@$(BIN)/python -m pytest tests -m "desktop and not soak" --reruns 1 --only-rerun "in vain" $(PYTEST_ARGS)

check: venv ## Style, types, import contracts, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q -n 4 tests/arch

bench: system-demo venv ## Measure the figures of docs/performance.md (never part of a test)
	@for script in $(sort $(wildcard bench/[a-z]*.py)); do echo "== $$script"; $(BIN)/python $$script; done

bench-redaction: venv ## Redaction beside Presidio and openadapt-privacy, on both development sets
	@$(BIN)/python bench/redaction.py --peers

bench-audit: venv ## The officer's audit and the radius of a loss, over growing stores
	@$(BIN)/python bench/audit.py

bench-export: venv ## Exports by size, by workers, on Ray, and beside other exporters
	@for script in bench/export.py bench/peers/export_workers.py bench/peers/export_scale.py; do \
		echo "== $$script"; $(BIN)/python $$script; \
	done

validate: venv ## Exports judged by trainers: large installs, in an environment of their own
	@$(BIN)/python -m pytest tests/validators/test_validators.py tests/validators/check_trainers.py tests/validators/check_ray.py $(PYTEST_ARGS)

bench-peers: system-demo venv ## Overt beside other recorders: same desktop, same script, one run (needs ffmpeg)
	@$(BIN)/python bench/peers/measure.py

soak: system-test venv ## The long tests: hours of recording, thousands of kills
	@$(BIN)/python -m pytest -m soak $(PYTEST_ARGS)

mutants: venv ## Mutation testing of the ground floor, the gate and the redactor
	@$(BIN)/mutmut run
	@$(BIN)/mutmut results

venv: $(STAMP) ## Build .venv from the hashed lock

$(STAMP): | system-python
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked packages into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f .venv/.lock-* && touch $@

# The tool may come from an environment whose lock is out of date: that is what is being mended.
$(BIN)/uv:
	@$(MAKE) venv

lock: | $(BIN)/uv ## Compile requirements.lock anew: names and hashes, no addresses
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		$(addprefix --extra ,$(LOCKED)) --group dev pyproject.toml -o requirements.lock

system: system-test ## Check for the programs that the demo and the tests need; install them when root

system-%:
	@.ci/system $* $(PYTHON)

clean: ## Remove everything that was built
	@rm -rf .venv .envs .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis mutants dist demo-out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
