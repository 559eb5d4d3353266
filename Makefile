# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors

# make is the only driver. It writes below the checkout only: the virtual environment into .venv, all else into .build.
# make test PYTHON=python3.13 ANSIBLE_CORE=2.20 uses another interpreter and another ansible-core than the pinned one.

PYTHON ?= python3
ANSIBLE_CORE ?=
# The oldest Python for modules; Ansible itself needs a newer one.
MODULE_PYTHON ?= python3.9

# The interpreter itself: a launcher such as pyenv reads its settings from HOME, which changes below.
BASE_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')
# Without a version, ansible-test would try every interpreter it finds.
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

ifeq ($(ANSIBLE_CORE),)
BUILD := $(CURDIR)/.build
VENV := $(CURDIR)/.venv
REQUIREMENTS := -r tools/requirements/ansible.txt -r tools/requirements/lint.txt
# Targets that write to the same place share a lane. The slowest lanes come first, so that no core is idle at the end.
# `make release-check` runs the checks of Ansible Galaxy.
LANES := integration-2 units-ansible,sanity-most units-promises integration-1 units-others ansible-lint docs-check mypy ruff,yamllint,licenses,changelog
else
# Only tests that depend on the version of ansible-core: see "Tests" in CONTRIBUTING.md.
BUILD := $(CURDIR)/.build/ansible-core-$(ANSIBLE_CORE)-python-$(PYTHON_VERSION)
VENV := $(BUILD)/venv
REQUIREMENTS := -r tools/requirements/ansible-core-$(ANSIBLE_CORE).txt
LANES := integration-releases examples-releases units-releases sanity-releases
endif
# Targets with further requirements: Node.js, Chromium, or more time.
MORE_LANES := schedules end-to-end examples sanity-rest release-check browser contract docs
REQUIREMENTS += -r requirements.txt -r tools/requirements/test.txt -r tests/simulator/requirements.txt
# ansible-test would install these itself, while other tests run in the same environment.
REQUIREMENTS += -r tests/unit/requirements.txt -r tests/integration/requirements.txt

ARCHIVES := $(BUILD)/archive
COLLECTION := $(BUILD)/collections/ansible_collections/mongodb_atlas/backup
MODULE_VENV := $(CURDIR)/.build/modules/venv

# Hide the user's settings from the tests: credentials, and the configuration of tools.
$(foreach name,$(filter ANSIBLE_% MONGODB_ATLAS_%,$(.VARIABLES)),$(eval unexport $(name)))
unexport PYTEST_ADDOPTS PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH VIRTUAL_ENV GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
# Keep the package index of the user's pip, although HOME changes.
ifndef PIP_CONFIG_FILE
PIP_CONFIG_FILE := $(firstword $(wildcard $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/pip/pip.conf $(HOME)/.pip/pip.conf))
endif
ifneq ($(PIP_CONFIG_FILE),)
export PIP_CONFIG_FILE
endif
unexport XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pyenv, which may provide several interpreters, looks for them below HOME.
export PYENV_ROOT := $(or $(PYENV_ROOT),$(HOME)/.pyenv)
# Combinations run in parallel, so each has its own HOME; they share the cache of pip.
export HOME := $(BUILD)/home
export PIP_CACHE_DIR := $(CURDIR)/.build/pip
export TMPDIR := $(BUILD)/tmp
export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)/collections
# Bytecode is written when a file is first imported, outside the checkout.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.build/pycache
# Ansible needs a UTF-8 locale, which a minimal machine may not have set.
ifeq ($(filter %UTF-8 %utf8,$(firstword $(LC_ALL) $(LC_CTYPE) $(LANG))),)
export LC_ALL := C.UTF-8
endif

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: | $(TMPDIR) ## back up, break something and roll back with a simulated Atlas, in about a minute
	@bash tools/demo.sh $(BASE_PYTHON) $(BUILD)/demo

.PHONY: test
test: | $(TMPDIR) ## run all tests that need only Python, make and a package index, with one summary
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_tests.py $(if $(BESIDE),--beside $(BESIDE)) $(LANES)

# Install the packages of all targets before any of them uses the environment.
.PHONY: more
more: | $(TMPDIR) ## run what make test leaves out: schedules, examples, end-to-end, browser, contract, docs, release-check, pylint of tests/
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_tests.py --first extras $(MORE_LANES)

.PHONY: matrix
matrix: ## run the version-dependent tests on every supported ansible-core, or with ARGS="2.17 2.21" on some
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_matrix.py $(ARGS)

.PHONY: venv
venv: $(VENV)/.complete-$(PYTHON_VERSION) ## create the virtual environment for the targets below

$(VENV)/.complete-$(PYTHON_VERSION): requirements.txt $(wildcard tools/requirements/*.txt tests/*/requirements.txt) | $(TMPDIR)
	$(BASE_PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet -r tools/requirements/pip.txt
	$(VENV)/bin/pip install --quiet --no-compile $(REQUIREMENTS)
	touch $@

# Further requirements of single targets; installed again when the virtual environment is created again.
.PHONY: extras
extras: $(VENV)/.docs $(VENV)/.browser $(VENV)/.end-to-end

$(VENV)/.docs: docs/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.browser: tests/browser/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.end-to-end: tests/end_to_end/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.docs $(VENV)/.browser $(VENV)/.end-to-end:
	$(VENV)/bin/pip install --quiet --no-compile -r $<
	touch $@

# All combinations share this environment.
.PHONY: module-venv
module-venv: $(MODULE_VENV)/.complete

$(MODULE_VENV)/.complete: tools/requirements/modules.txt | $(TMPDIR)
	$(MODULE_PYTHON) -m venv --clear $(MODULE_VENV)
	$(MODULE_VENV)/bin/pip install --quiet --no-compile -r $<
	touch $@

.PHONY: build
build: venv ## build the archive
	rm -rf $(ARCHIVES)
	ansible-galaxy collection build --output-path $(ARCHIVES)

# ansible-test lists the files with git. The checkout's git ignores everything below .build, so give the copy its own.
.PHONY: install
install: build ## install the archive as a user would, for the tests
	rm -rf $(COLLECTION)
	ansible-galaxy collection install --offline --force -p $(BUILD)/collections $(ARCHIVES)/*.tar.gz
	if [ -e .git ]; then git init --quiet $(COLLECTION) && cp .gitignore $(COLLECTION)/.git/info/exclude; fi

$(TMPDIR):
	@mkdir -p $(TMPDIR) $(HOME)

# ansible-test runs each test in its own process, and module tests without the rest of Ansible. For the thousands of other
# tests that would take far too long: only `make units-isolated`, which runs at night, does it for all.
BY_ANSIBLE_TEST := tests/unit/plugins/modules/ tests/unit/plugins/action/
PROMISES := tests/unit/plugins/promises/
PYTEST := pytest -p no:cacheprovider

.PHONY: units
ifeq ($(ARGS),)
units: units-ansible units-promises units-others ## run unit tests: those of modules and action plugins with ansible-test, all others with pytest
else
units: install
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION) $(ARGS)
endif

# The parts of make units, which make test runs in parallel.
.PHONY: units-ansible
units-ansible: install ## the part of make units for modules and action plugins, with ansible-test
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION) $(BY_ANSIBLE_TEST)

.PHONY: units-promises
units-promises: venv ## the part of make units for tests/unit/plugins/promises
	$(PYTEST) $(PROMISES)

.PHONY: units-others
units-others: venv ## the part of make units for all other tests
	$(PYTEST) $(patsubst %/,--ignore %,$(BY_ANSIBLE_TEST) $(PROMISES))

.PHONY: schedules
schedules: venv ## run 10,000 random schedules of faults for snapshots, and 10,000 for restores
	SCHEDULES_TIMES=10 $(PYTEST) $(PROMISES)test_taking.py $(PROMISES)test_existing.py $(PROMISES)test_restoring.py

.PHONY: units-isolated
units-isolated: install ## run all unit tests with ansible-test
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION)

.PHONY: units-releases
units-releases: install
	$(PYTEST) --ignore tests/unit/docs --ignore tests/unit/simulator --ignore $(PROMISES:/=)

.PHONY: integration
integration: install ## run ansible-test integration against the simulator; ARGS=atlas_snapshot_info selects a target
	$(INTEGRATION) $(ARGS)

# Real connections, and decisions of Python code, do not depend on the version of ansible-core.
OF_RELEASES := --exclude wire --skip-tags one_release

# The targets are divided by their aliases into groups of similar duration, which run in parallel.
# Each group has its own copy and its own HOME: ansible-test has one output folder for all targets, and two processes that
# start at once would both create its key in HOME.
integration-%: private export ANSIBLE_COLLECTIONS_PATH = $(BUILD)/groups/$*
integration-%: private COLLECTION = $(BUILD)/groups/$*/ansible_collections/mongodb_atlas/backup
integration-%: private export HOME = $(BUILD)/groups/$*/home
integration-%: install
	rm -rf $(BUILD)/groups/$* && mkdir -p $(BUILD)/groups && cp -R $(BUILD)/collections $(BUILD)/groups/$* && mkdir $(HOME)
	$(INTEGRATION) $(if $(filter releases,$*),$(OF_RELEASES),group/$*/)

INTEGRATION = cd $(COLLECTION) && ansible-test integration --python $(PYTHON_VERSION) --continue-on-error

SANITY = cd $(COLLECTION) && ansible-test sanity --requirements --python $(PYTHON_VERSION) --junit

# Otherwise ansible-test downloads pip for each of its environments.
.PHONY: pip-for-sanity
pip-for-sanity: install
	python tools/get_pip.py --place

.PHONY: sanity
sanity: pip-for-sanity ## run all tests of ansible-test sanity; ARGS="--test pylint plugins/modules/atlas_snapshot.py" selects some
	$(SANITY) $(ARGS)

# pylint takes longer for tests/ than all other sanity tests together, so `make test` leaves that to `make more`.
.PHONY: sanity-most
sanity-most: pip-for-sanity
	$(SANITY) --skip-test pylint
	$(SANITY) --test pylint plugins/

.PHONY: sanity-rest
sanity-rest: pip-for-sanity
	$(SANITY) --test pylint tests/ docs/

.PHONY: sanity-releases
sanity-releases: pip-for-sanity
	$(SANITY) plugins/ roles/ playbooks/ meta/

.PHONY: modules
modules: pip-for-sanity $(MODULE_VENV)/.complete ## test the modules on the oldest supported Python, MODULE_PYTHON=python3.9
	version=$$($(MODULE_VENV)/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])') && \
	cd $(COLLECTION) && PATH=$(VENV)/bin:$(MODULE_VENV)/bin:$$PATH ansible-test sanity --requirements --python $$version --test compile --test import
	python tools/smoke_test.py --module-python $(MODULE_VENV)/bin/python

.PHONY: mutations
mutations: venv ## break functions on purpose and check that a test fails; ARGS="_restores/start" selects some
	python tests/mutations $(ARGS)

.PHONY: contract
contract: venv ## compare the simulator with ../shared/atlas-api through a validating proxy; needs Node.js
	python tests/contract/run.py

.PHONY: examples
examples: install ## run every example of the documentation against the simulator
	python tests/docs/run_examples.py $(ARGS)

# Only the examples of modules and roles: those of the guides do not depend on ansible-core.
.PHONY: examples-releases
examples-releases: install
	python tests/docs/run_examples.py $(basename $(notdir $(wildcard plugins/modules/*.py))) roles/

# The tests mostly wait for snapshots, so run more of them in parallel than there are cores.
.PHONY: end-to-end
end-to-end: install $(VENV)/.end-to-end ## test progress lines, many clusters and projects, and other tools of Ansible
	$(PYTEST) -v -n 4 tests/end_to_end $(ARGS)

.PHONY: browser
browser: install $(VENV)/.browser ## test the report page in a headless browser; needs Chromium
	python tests/browser/run.py

.PHONY: benchmark
benchmark: install ## compare the speed with a playbook of two looped uri tasks; needs an idle machine
	python tests/benchmark/run.py $(ARGS)

.PHONY: lint
lint: ruff mypy yamllint ansible-lint ## run ruff, mypy, yamllint and ansible-lint

.PHONY: ruff
ruff: venv ## check Python style
	ruff check .
	ruff format --check .

.PHONY: mypy
mypy: venv ## check Python types
	mypy

.PHONY: yamllint
yamllint: venv ## check YAML style
	yamllint --strict .

.PHONY: ansible-lint
ansible-lint: install ## check playbooks and roles with the production profile
	ansible-lint --strict --nocolor

.PHONY: docs-check
docs-check: install ## check the documentation of modules and roles
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all --disallow-unknown-collection-refs --check-extra-docs-refs $(COLLECTION)

.PHONY: tables
tables: venv ## update the tables of README.md and the guides that come from the code
	python docs/tables.py

.PHONY: docs
docs: install $(VENV)/.docs ## build the documentation as a web site in .build/docs/html
	python docs/build.py

.PHONY: licenses
licenses: venv ## check license and copyright of every file with REUSE
	reuse lint

.PHONY: changelog
changelog: venv ## check the changelog fragments; with BASE=origin/main, that changes since then have one
	antsibull-changelog lint
	python tools/check_changelog.py $(BASE)

.PHONY: import
import: build ## run the checks of Ansible Galaxy's upload; warnings count as errors
	python tools/check_import.py $(ARCHIVES)/*.tar.gz

.PHONY: release-check
release-check: venv ## check that a release is possible: version, changelog, archive, import, installation
	python tools/check_release.py

.PHONY: release-notes
release-notes: venv ## turn the fragments into the changelog of the version in galaxy.yml
	antsibull-changelog release

.PHONY: format
format: venv ## format the Python code
	ruff format .
	ruff check --fix .
	ruff format .

.PHONY: clean
clean: ## remove everything that make wrote
	rm -rf .build .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/contract/node_modules
