# Xunjian 训检. Two commands on a fresh machine: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
XUNJIAN := .venv/bin/xunjian
FRONT ?= spa
DEFECTS ?=
SCALE ?= 30
TIMES ?= 20
# 通过, 不通过 and 未完成 are all conclusions; anything else is an error.
CONCLUDED = code=$$?; echo "exit $$code"; case $$code in 0|1|3) exit 0;; *) exit $$code;; esac

.PHONY: help setup demo demo-kolibri test pages units check test-all certify-kolibri certify-reference benchmarks selftest stability lock schemas coverage clean

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 22

setup: .venv/.ready ## everything a fresh machine needs; safe to repeat

.venv/.ready: requirements.lock requirements-node.lock pyproject.toml scripts/setup.sh
	@bash scripts/setup.sh
	@touch $@

demo: setup ## a part of the certification on the reference platform, clean and with one defect that is caught
	@$(XUNJIAN) demo

demo-kolibri: setup ## a part of the certification on Kolibri, in real time
	@$(XUNJIAN) demo --kolibri

test: setup ## the tests that belong to every change: unit, golden ledgers, one rehearsal in a real browser
	@$(MAKE) --no-print-directory -j 2 pages check units

# What opens a browser mostly waits, and what does not mostly computes: side by side they take little more than the longer.
# Some tests that open none go with the side that ends first.
BESIDE := tests/selftest tests/golden tests/reports tests/camera
pages: setup
	@$(PY) -m pytest -m "browser and not slow"
	@$(PY) -m pytest -m "not browser and not slow" $(BESIDE)

units: setup
	@$(PY) -m pytest -m "not browser and not slow" $(addprefix --ignore=,$(BESIDE))

check: setup ## formatting, lint and types
	@$(PY) -m ruff format --check --quiet . && $(PY) -m ruff check --quiet . && $(PY) -m mypy

test-all: check ## every test, with the whole matrix
	@$(PY) -m fixtures.faceengine --setup
	@$(PY) -m pytest

certify-kolibri: setup ## the full run on Kolibri, in real time; a copy in out/kolibri/
	@$(XUNJIAN) certify fixtures/profiles/kolibri.yaml --out out/kolibri; $(CONCLUDED)

certify-reference: setup ## FRONT=spa|classic DEFECTS=a,b SCALE=30: certify the reference platform; out/reference-FRONT/
	@XUNJIAN_DEFECTS="$(DEFECTS)" $(XUNJIAN) certify fixtures/profiles/reference-$(FRONT).yaml --time-scale $(SCALE) --out out/reference-$(FRONT); $(CONCLUDED)

benchmarks: setup ## judging, verifying and start-up, and what the runs in out/ cost
	@$(PY) -m benchmarks
	@runs="$(patsubst %/run.json,%,$(wildcard out/*/run.json))"; [ -z "$$runs" ] || $(PY) -m benchmarks $$runs

selftest: setup ## every defect, decoy and null platform, every FAIL twice, as certifications cite it; goes on where it was; runs/selftest/
	@mkdir -p runs/selftest; [ -e runs/selftest/results.jsonl ] || cat fixtures/selftest/*.jsonl > runs/selftest/results.jsonl
	@$(XUNJIAN) selftest --repeat

stability: setup ## TIMES=20 SCALE=30: rehearsals of both clean fronts, a quarter beside a busy neighbour; goes on where it was
	@$(XUNJIAN) stability --times $(TIMES) --time-scale $(SCALE)

lock: ## renew the locks after a change of pyproject.toml
	$(PY) -m uv pip compile --universal --no-header --no-emit-index-url --generate-hashes --extra fixtures --extra dev pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile --universal --no-header --no-annotate --no-emit-index-url --generate-hashes scripts/node.in -o requirements-node.lock
	$(PY) -m fixtures.faceengine --lock

schemas: setup ## renew the JSON Schemas after a change of a model
	$(PY) -m harness.model.schema
	$(PY) -m harness.platform.schema

coverage: setup ## renew docs/coverage.md, and what each defect rewrites, after a change of the standard, a probe or a defect
	@$(PY) -m fixtures.refplatform.defects.rewrites
	@$(PY) -m harness.coverage

clean: ## remove what was made; runs/ and out/ stay
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
