# Thirteen verbs. Each works without make too: copy the line.
.PHONY: setup check web test thorough fault cluster coverage docs bench run demo clean

setup: ## everything a developer needs, in .venv
	python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'

check: ## style and types, of Python and of the page
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy
	cd clients/web && export PATH="$(CURDIR)/.venv/bin:$$PATH" && npm ci --ignore-scripts --no-audit --no-fund && npm run check

web: ## build the page as installing does (after an edit the hub serves the sources)
	.venv/bin/python -m clients.web.bundle

test: ## the default run
	.venv/bin/pytest

thorough: ## the variants that the default run leaves out: other windows, themes and languages, repeated kills, demo and bench
	.venv/bin/pytest -m 'thorough and not slow'

fault: ## the long fault runs, and the laws with all their examples (an hour)
	HYPOTHESIS_PROFILE=thorough .venv/bin/pytest -n 2 -q tests/core tests/wire tests/recorder
	.venv/bin/pytest -n 0 -m slow -s

cluster: ## three hubs behind HAProxy, two recorders, a Redis Cluster, PostgreSQL with a standby: each is killed, frozen and cut off (half an hour); needs haproxy, and root for the cuts
	.venv/bin/pytest -n 0 -m 'slow or thorough' -s tests/cluster

coverage: ## how much of core, wire and stores their own tests run (on 3.14 and later at 7 % more CPU; before, at 140 %)
	.venv/bin/coverage run -m pytest -q -n 0 tests/core tests/wire tests/stores && .venv/bin/coverage report

docs: ## the files generated from the settings and the socket's messages, and the documentation site in site/; a warning is an error
	@test -x .venv/bin/sphinx-build || { echo "make docs needs Sphinx: .venv/bin/pip install -e '.[docs]'" >&2; exit 1; }
	.venv/bin/hub config --env > .env.example
	.venv/bin/hub config --markdown > docs/settings.md
	.venv/bin/python -m hub.edge.documents.typescript > clients/js/types/messages.d.ts
	.venv/bin/sphinx-build -q -W --keep-going -b html docs site

bench: ## this hub and others
	.venv/bin/hub bench

run: ## the hub
	.venv/bin/hub serve

demo: ## the hub with 500 simulated trucks
	.venv/bin/hub demo

clean: ## what can be made again; not the data directory
	rm -rf .venv dist site .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find hub clients tests -name __pycache__ -prune -exec rm -rf {} +
