# Two commands, from a fresh clone with only Python 3.11+ and make: `make run` and `make test`.
# Without make (Windows): see docs/data-engineer.md for the same in four commands.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OLDER := .duckdb-1.4.3
PEER := .venv-peer
FORECAST_PEER := .venv-forecast-peer
SAMPLE := .forecast-sample
PEER_PYTHON ?= python3.11

.PHONY: run test faults conformance bench lint format dagster docs clean lock setup older-duckdb \
	peer forecast-peer forecast-sample

run: setup  ## the whole pipeline, on the sample region
	$(BIN)/common-core run

test: setup older-duckdb forecast-sample lint  ## lint and all tests
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

faults: setup  ## the long form of the tests of bad input, kills and planted truths: half an hour
	$(BIN)/pytest -m faults

conformance: setup peer  ## DfE's rules beside the open validator's, on dirty returns: ten minutes
	$(BIN)/python -m tests.conformance.compare

bench: setup peer forecast-peer  ## how fast and in how much memory; how near forecasts come
	@missed=0; for each in benchmarks/*.py; do $(BIN)/python $$each || missed=1; done; exit $$missed

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint dbt_project expectations --disable-progress-bar --processes 0

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project expectations --disable-progress-bar

dagster: setup  ## the Dagster UI, on this machine only
	$(BIN)/common-core ui

docs: setup  ## the dbt docs of the last run, as one page
	$(BIN)/common-core docs

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=path/to/python."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

older-duckdb: $(OLDER)/.ready  ## the DuckDB of the checker in the browser, for a test

$(OLDER)/.ready: tests/conformance/duckdb-1.4.3.lock | $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade \
		--target $(OLDER) --requirement $<
	@touch $@

forecast-sample: $(SAMPLE)/.ready  ## the invented returns inside cs-demand-model, for a test

$(SAMPLE)/.ready: tests/forecast/sample.lock | $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade \
		--target $(SAMPLE) --requirement $<
	@touch $@

peer: $(PEER)/.ready  ## the open validator, which needs Python 3.11, in an environment of its own

forecast-peer: $(FORECAST_PEER)/.ready  ## what the forecast is measured against, likewise

$(PEER)/.ready: tests/conformance/peer.lock
$(FORECAST_PEER)/.ready: tests/forecast/peer.lock

$(PEER)/.ready $(FORECAST_PEER)/.ready:
	@command -v $(PEER_PYTHON) > /dev/null || \
		{ echo "The peers need Python 3.11; set PEER_PYTHON=path/to/python3.11."; exit 1; }
	$(PEER_PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

lock:  ## pin anew what pyproject.toml asks for; needs uv
	uv pip compile --universal --python-version 3.11 --all-extras --no-strip-extras \
		--no-emit-index-url --no-annotate --no-header --generate-hashes \
		pyproject.toml --output-file requirements.lock

clean:  ## all data generated from the sample; never that of real children
	@if [ -f data/region.json ] && ! grep -q '"synthetic": true' data/region.json; then \
		echo "data/ holds real data: remove by hand what may go."; exit 1; fi
	rm -rf data/la data/hub data/warehouse data/reports data/reference data/dagster data/dbt
	rm -f data/region.json data/run.lock data/throw_away_key data/audit.jsonl data/audit.jsonl
