# make run   a server with a real map, from nothing       make test   everything that can fail
# make bench ratios against peers in one run              make lock   pins anew (needs uv)
# make words catalogues of the directions: new sentences in, compiled
.DEFAULT_GOAL := run
# Debian builds its Python with what a profile says is hot: routes take a tenth less time than on a plain build.
PYTHON ?= $(shell /usr/bin/python3.11 -c "import ensurepip" 2>/dev/null && echo /usr/bin/python3.11 || echo python3.11)
PORT ?= 8000
HOST ?= 127.0.0.1
MAP ?= samples/helsinki-centre.osm.pbf
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PIP_FLAGS := --disable-pip-version-check --quiet

.PHONY: run test check bench words lock clean

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# uv installs in seconds when it is there; pip does the same from the same hashes.
ifdef UV
install = $(UV) pip install --quiet --python $(BIN)/python
else
install = $(BIN)/python -m pip install $(PIP_FLAGS)
endif

# Where PYTHONDONTWRITEBYTECODE is set, as in many containers, every start would compile all it imports: once will do.
compiled = PYTHONDONTWRITEBYTECODE= $(BIN)/python -c "import api.app, api.cli, api.cli_serve, api.map_files, routing.build, \
	routing.elements, rich.progress, scipy.sparse.csgraph, uvicorn.lifespan.on, uvicorn.protocols.http.httptools_impl"

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(install) --require-hashes -r requirements.txt
	STEPFREE_PLAIN=1 $(install) --no-build-isolation --no-deps -e .
	@$(compiled)
	@touch $@

# The modules named in setup.py as C, beside their sources; without a compiler they are read as they are.
$(VENV)/.fast: setup.py $(wildcard routing/*.py routing/phrases/*.py) | $(VENV)/.runtime
	@rm -f routing/*.so routing/phrases/*.so
	@$(BIN)/python setup.py -q build_ext --inplace > $(VENV)/fast.log 2>&1 || tail -n 5 $(VENV)/fast.log
	@$(BIN)/python -c "import routing.router" || rm -f routing/*.so routing/phrases/*.so
	@ls routing/*.so > /dev/null 2>&1 || echo "not compiled (is there gcc with python3-dev?): routes take a quarter longer"
	@find routing -name '*.so' -exec touch {} +
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime | $(VENV)/.fast
	$(install) --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

run: $(VENV)/.runtime | $(VENV)/.fast
	@$(BIN)/stepfree serve --map $(MAP) --host $(HOST) --port $(PORT) --data $(DATA)

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(if $(WRITE),--write $(WRITE))

# New sentences come in untranslated; tests/routing/test_phrases.py says which are missing.
WORDS := routing/phrases
words: $(VENV)/.dev
	@mkdir -p build
	$(BIN)/pybabel -q extract -k N_ -k C_:1c,2 -k P_:1c,2,3 --no-location --sort-by-file -o build/directions.pot $(WORDS)
	$(BIN)/pybabel -q update -i build/directions.pot -d $(WORDS) -D directions --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel compile -d $(WORDS) -D directions --statistics

# Locks hold hashes, never where a file came from.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt --group dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) build data routing/*.so routing/phrases/*.so
