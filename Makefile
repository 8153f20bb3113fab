# Everything a newcomer types. `make help` explains it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

PORT ?=
DATA ?=
NAME ?=
TESTS ?=
FUZZ ?= 3600
FUZZED := tests/hear/test_protocol.py tests/web/api/test_any_request.py tests/web/api/test_described.py \
	tests/loop/test_any_history.py
BIN := .venv/bin

.PHONY: help demo docs pictures test check bench crash fuzz lock ready ready-dev ready-browser ready-spark

help: ## Say what there is to type.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

demo: ready ## Start Regulars with an example shop on real orders. PORT=8081 and DATA=/some/folder if you like.
	@REGULARS_SUPERVISOR=$$PPID exec $(BIN)/regulars demo $(if $(PORT),--port '$(PORT)') $(if $(DATA),--data '$(DATA)')

test: check ready-browser ready-spark ## Run the static checks and all tests, as CI does. TESTS=tests/hear for some of them.
	@$(BIN)/pytest $(if $(TESTS),$(TESTS),-n auto --dist worksteal)

check: ready-dev ## Run the static checks: format, lint, types, direction of imports.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright
	@PYTHONPATH=src $(BIN)/lint-imports

docs: ready-dev ## Build the docs as a site, into site/. Open site/index.html.
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pictures: ready-browser ## Walk the guide for marketers in a browser, and take its pictures anew.
	@PICTURES=docs/guide/pictures $(BIN)/pytest tests/browser/test_guide.py

bench: ready-dev ## Run the benchmark NAME=..., or all of them and rewrite the README's table.
	@$(BIN)/python -m benchmarks $(NAME)

fuzz: ready-dev ## Send whatever comes to mind and tell any history, for an hour (FUZZ=seconds): no 500, no hang, nothing lost.
	@for part in $(FUZZED); do \
		HYPOTHESIS_PROFILE=fuzz timeout --foreground --signal=INT --kill-after=300 $$(($(FUZZ) / $(words $(FUZZED)))) \
			$(BIN)/pytest -x $$part || [ $$? -eq 124 ] || exit 1; \
	done

crash: ready-dev ## Kill processes with -9 at random moments, and prove that nothing was lost or done twice.
	@$(BIN)/python -m tests.crash.storm

lock: ready-dev ## Choose the newest versions of what we build on, and write requirements/ anew.
	@sh tools/lock.sh

ready:
	@sh tools/setup.sh run

ready-dev:
	@sh tools/setup.sh dev

ready-browser: ready-dev
	@sh tools/browser.sh
	@sh tools/npm_of_tests.sh

ready-spark: ready-dev
	@sh tools/spark_of_tests.sh
