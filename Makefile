# 牵手 Qianshou. `make run` shows the product, `make test` tests it; both need python3 (3.11 or newer) and git only.
# Steps that are current are skipped, so every target may be called at any time.

PYTHON ?= python3
# Ours alone: an activated environment or a PYTHONPATH of the user's must not leak in.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run stop demo-reset env dev test check format bench campaign screenshots docs bundle clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/local ## start the product with its demonstration data (QIANSHOU_DEMO=0: without; PORT=8000)
	@exec $(PY) -m config.stack run

stop: ## stop the product started by `make run` elsewhere
	@exec $(PY) -m config.stack stop

demo-reset: $(VENV)/local ## throw the demonstration data away and load it anew
	@exec $(PY) -m config.stack reset

env: $(VENV)/local ## the environment of the local stack, for `eval "$$(make -s env)"` and manage.py
	@exec $(PY) -m config.stack env

dev: $(VENV)/dev ## the tools for tests and checks

test: $(VENV)/dev ## run the tests (ARGS="tests/stations -k reach" to choose)
	@$(PY) -m config.stack assets --with-tools
	@exec $(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(VENV)/dev ## style, types, contracts, migrations, generated documents
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --check templates
	$(VENV)/bin/lint-imports
	$(PY) -m config.stack with-servers check-stack -- $(PY) -m mypy
	$(PY) -m config.stack with-servers check-stack -- $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m config.stack with-servers check-stack -- $(PY) manage.py generate_docs --check

format: $(VENV)/dev ## write the style that `check` asks for
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m djlint --reformat --quiet templates

docs: $(VENV)/dev ## write the generated documents
	$(PY) -m config.stack with-servers check-stack -- $(PY) manage.py generate_docs

bench: $(VENV)/dev ## measure against peers and limits (ENTRY=… FACTOR=…)
	@ENTRY="$(ENTRY)" FACTOR="$(FACTOR)" $(PY) -m config.stack with-servers bench-stack -- $(PY) -m bench

campaign: $(VENV)/dev ## one campaign of docs/assurance.md (NAME=… SIZE=…)
	@NAME="$(NAME)" SIZE="$(SIZE)" $(PY) -m config.stack with-servers bench-stack -- $(PY) -m bench.campaigns

screenshots: $(VENV)/dev ## pictures of every page of the running product
	@$(PY) -m config.stack assets --with-tools
	@$(PY) -m config.stack with-servers screenshots-stack -- $(PY) -m tests.e2e.screenshots

bundle: $(VENV)/local ## one archive for an installation without network (docs/runbooks/install-without-network.md)
	@$(PY) -m config.stack assets
	@PYTHON="$(abspath $(PY))" deploy/bundle.sh

clean: ## remove what was built; data in var/ stays
	rm -rf $(VENV) node_modules static/vendor static/icons.svg staticfiles var/stamps

# The stamps hold the hash of their lock: a checkout changes times, only contents count.
# dev.txt contains local.txt, so that an environment with the tools is never thrown back to one without.
.PHONY: $(VENV)/local $(VENV)/dev
$(VENV)/local:
	@deploy/venv.sh $(VENV) "$(PYTHON)" local
$(VENV)/dev:
	@deploy/venv.sh $(VENV) "$(PYTHON)" dev
