# make run: the portal on this machine.  make test: the whole suite.  Both do their own set-up.
PYTHON ?= python3
PORT ?= 8000
VAR_DIR ?= $(CURDIR)/var
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
BIN := .venv/bin
PYTEST_ARGS ?= -n 2 --dist loadfile
export PORT VAR_DIR CHROMIUM PYTHONUNBUFFERED = 1
# For all that is not production, whatever DATABASE_URL or REDIS_URL say.
export PORTAL_MODE ?= local

.PHONY: run stop test lint lock messages browser docs
.DELETE_ON_ERROR:

run: .venv/.run
	@exec $(BIN)/python manage.py run

stop: .venv/.run
	@$(BIN)/python manage.py run --stop

# --- environments: made from the locks, made again only when a lock changes --------------------------------------
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@echo "… .venv"
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/.run: requirements.lock | .venv/bin/python
	@echo "… 依赖 / packages (requirements.lock)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

.venv/.test: requirements-test.lock .venv/.run
	@echo "… packages for tests (requirements-test.lock)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

# --- tests -------------------------------------------------------------------------------------------------------
# Servers of their own, without fsync: quick, and never near the data of `make run`.
test: export VAR_DIR = $(CURDIR)/var/test
test: export EMBEDDED_DURABLE = no
test: export TEST_DB = test_portal
test: .venv/.test browser
	@$(BIN)/python manage.py compile_translations
	@status=0; $(BIN)/pytest $(if $(SKIP_BROWSER),-m "not browser") $(PYTEST_ARGS) || status=$$?; \
		$(BIN)/python -m portal.keeper stop; \
		$(if $(SKIP_BROWSER),echo "NOTE: SKIP_BROWSER is set: the browser tests were NOT run.";) exit $$status

browser:
	@$(if $(SKIP_BROWSER),true,sh tests/browser/install.sh)

lint: .venv/.test
	@EMBEDDED=no $(BIN)/ruff check .
	@EMBEDDED=no $(BIN)/ruff format --check .
	@EMBEDDED=no $(BIN)/mypy

# --- upkeep ------------------------------------------------------------------------------------------------------
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links $(LOCK_ARGS)

lock: .venv/.test
	@$(COMPILE) requirements.in --output-file requirements.lock
	@$(COMPILE) requirements-test.in --output-file requirements-test.lock

messages: .venv/.run
	@$(BIN)/python manage.py extract_translations
