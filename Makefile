# Xunjian 训检. Two commands on a fresh machine: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python

.PHONY: help setup lock
help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 24

setup: .venv/.ready ## everything a fresh machine needs; safe to repeat
	@:

.venv/.ready: requirements.lock pyproject.toml scripts/setup.sh
	@bash scripts/setup.sh
	@touch $@

lock: ## renew the locks after a change of pyproject.toml
	$(PY) -m uv pip compile --universal --no-header --no-emit-index-url --generate-hashes --extra fixtures --extra dev pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile --universal --no-header --no-emit-index-url --no-annotate --generate-hashes scripts/node.in -o requirements-node.lock
