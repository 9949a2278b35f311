# Nine verbs. Each works without make too: copy the line.
.PHONY: setup check web test fault bench run demo clean

setup: ## everything a developer needs, in .venv
	python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'

check: ## style and types, of Python and of the page
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy
	cd clients/web && export PATH="$(CURDIR)/.venv/bin:$$PATH" && npm ci --ignore-scripts --no-audit --no-fund && npm run check

web: ## build the page as installing does (after an edit the hub serves the sources)
	.venv/bin/python -m clients.web.bundle

test: ## the default run
	.venv/bin/pytest

fault: ## the long fault runs (minutes)
	.venv/bin/pytest -n 0 -m slow -s

bench: ## this hub beside others
	.venv/bin/hub bench

run: ## the hub
	.venv/bin/hub serve

demo: ## the hub with 500 simulated trucks
	.venv/bin/hub demo

clean: ## what can be made again; not the data directory
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find hub clients tests -name __pycache__ -prune -exec rm -rf {} +
