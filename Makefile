# Nine verbs. Each works without make too: copy the line.
.PHONY: setup check docs test fault bench run demo clean

setup: ## everything a developer needs, in .venv
	python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'

check: ## style and types
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy

docs: ## the files that are generated from hub/settings.py
	.venv/bin/hub config --env > .env.example
	.venv/bin/hub config --markdown > docs/settings.md

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
