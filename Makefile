# Duoplus. All that takes thought is in duoplus/bootstrap.py (install, run) and duoplus/stages.py (test, lint, sbom).
PORT ?= 8000
# The system's own Python was built with more care for speed than most that were built by hand: a fifth faster.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
BOOTSTRAP := $(PYTHON) duoplus/bootstrap.py

.PHONY: help run install test lint load bench sbom

help:
	@echo 'make run       install what is missing and serve on http://127.0.0.1:8000 (PORT=8001 changes it)'
	@echo 'make install   only install, into .venv'
	@echo 'make test      everything: lint, types, contracts, checks and tests on both databases'
	@echo 'make lint      only lint, types and import contracts'
	@echo 'make load      350 people at once on PostgreSQL and Redis, with percentiles of what they waited'
	@echo 'make bench     postings come in and are summed and editions are made, with ratios and peak memory'
	@echo 'make sbom      list what the portal runs on (CycloneDX), in var/sbom.json'

run: python
	@$(BOOTSTRAP) run --port $(PORT)

install: python
	@$(BOOTSTRAP) install

test: python
	@$(BOOTSTRAP) test

lint: python
	@$(BOOTSTRAP) lint

load: python
	@$(BOOTSTRAP) load

bench: python
	@$(BOOTSTRAP) bench

sbom: python
	@$(BOOTSTRAP) sbom

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo 'Duoplus needs Python 3.11 or newer; on Debian: apt-get install python3-venv' >&2; exit 1; }
