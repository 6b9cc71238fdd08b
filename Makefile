# Two commands are all that a newcomer needs: make run, make test. Both need python3, make and the package registries.
BOOTSTRAP = python3 scripts/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench crowd soak assets manage clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: ## the portal with its seed data at http://127.0.0.1:8000 (PORT, DATA_DIR, DEMO_PASSWORD); Ctrl-C ends it
	@exec $(BOOTSTRAP) run

test: ## every test, on SQLite and on PostgreSQL, with Redis, Celery and Chromium
	@exec $(BOOTSTRAP) test

check: ## lint, types, import contracts, missing migrations, templates, deployment settings, rulebooks
	@exec $(BOOTSTRAP) check

bench: ## how fast the portal answers, for the whole country (ONLY=P1,P7; SCALE=small; bench/README.md)
	@exec $(BOOTSTRAP) bench

crowd: ## 7,000 people open the page in 20 seconds, on the server profile (PEOPLE, ARRIVE, ASKS)
	@exec $(BOOTSTRAP) crowd

soak: ## the state machine over the law for 10,000 steps (NTM_TEST_DB=sqlite or postgres)
	@SOAK_STEPS=10000 exec $(BOOTSTRAP) pytest tests/proof

assets: ## fonts into static/build
	@exec $(BOOTSTRAP) assets

manage: ## a command of Django: make manage DO="createadmin"
	@exec $(BOOTSTRAP) manage $(DO)

clean: ## remove what was built (not your data in .data)
	rm -rf .venv node_modules static/build .cache
