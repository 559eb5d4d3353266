# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors

# The only driver. Everything it writes lies below the checkout: the virtual environment in .venv, all else in .build.
# make test PYTHON=python3.13 ANSIBLE_CORE=2.20 uses another interpreter and another ansible-core, beside the pinned one.

PYTHON ?= python3
ANSIBLE_CORE ?=
# The oldest Python that modules run on; Ansible itself needs a newer one.
MODULE_PYTHON ?= python3.9

# The interpreter itself, not a launcher that looks for its settings in the caller's home.
BASE_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')
# ansible-test would otherwise try every interpreter that it finds a name for.
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

ifeq ($(ANSIBLE_CORE),)
BUILD := $(CURDIR)/.build
VENV := $(CURDIR)/.venv
REQUIREMENTS := -r tools/requirements/ansible.txt -r tools/requirements/lint.txt
# Targets that write to the same place are in one lane; the lanes that take longest come first, so that no core is idle
# in the end. What Ansible Galaxy checks is in `make release-check`.
LANES := units-ansible,sanity units-promises integration-2 units-others integration-1 ansible-lint docs-check mypy ruff,yamllint,licenses,changelog
else
# What depends on the version of ansible-core, and no more: see "Tests" in CONTRIBUTING.md.
BUILD := $(CURDIR)/.build/ansible-core-$(ANSIBLE_CORE)-python-$(PYTHON_VERSION)
VENV := $(BUILD)/venv
REQUIREMENTS := -r tools/requirements/ansible-core-$(ANSIBLE_CORE).txt
LANES := integration-releases examples-releases units-releases sanity-releases
endif
# What needs more than `make test`: Node.js, Chromium, or minutes of waiting.
MORE_LANES := end-to-end examples browser release-check contract docs
REQUIREMENTS += -r requirements.txt -r tools/requirements/test.txt -r tests/simulator/requirements.txt
# ansible-test would install them itself, while other tests run in the same environment.
REQUIREMENTS += -r tests/unit/requirements.txt -r tests/integration/requirements.txt

ARCHIVES := $(BUILD)/archive
COLLECTION := $(BUILD)/collections/ansible_collections/mongodb_atlas/backup
MODULE_VENV := $(CURDIR)/.build/modules/venv

# Nothing of the caller's settings reaches a test: no credentials, no configuration of the tools.
$(foreach name,$(filter ANSIBLE_% MONGODB_ATLAS_%,$(.VARIABLES)),$(eval unexport $(name)))
unexport PYTEST_ADDOPTS PYTHONHOME PYTHONPATH VIRTUAL_ENV GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
# Another home, but the package index that the caller's pip uses.
ifndef PIP_CONFIG_FILE
PIP_CONFIG_FILE := $(firstword $(wildcard $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/pip/pip.conf $(HOME)/.pip/pip.conf))
endif
ifneq ($(PIP_CONFIG_FILE),)
export PIP_CONFIG_FILE
endif
unexport XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Several interpreters may be there through pyenv, which looks for them below the caller's home.
export PYENV_ROOT := $(or $(PYENV_ROOT),$(HOME)/.pyenv)
# Combinations run at the same time, so that each has a home of its own; they share what pip has downloaded.
export HOME := $(BUILD)/home
export PIP_CACHE_DIR := $(CURDIR)/.build/pip
export TMPDIR := $(BUILD)/tmp
export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)/collections
export PYTHONDONTWRITEBYTECODE := 1
# Ansible runs in a locale of UTF-8 only, which a bare machine may not have chosen.
ifeq ($(filter %UTF-8 %utf8,$(firstword $(LC_ALL) $(LC_CTYPE) $(LANG))),)
export LC_ALL := C.UTF-8
endif

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: | $(TMPDIR) ## back up, break something and roll back on a simulated Atlas, in about a minute
	@bash tools/demo.sh $(BASE_PYTHON) $(BUILD)/demo

.PHONY: test
test: | $(TMPDIR) ## run everything that needs Python, make and a package index only, with one summary
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_tests.py $(if $(BESIDE),--beside $(BESIDE)) $(LANES)

# Their packages are installed before any of them uses the environment.
.PHONY: more
more: | $(TMPDIR) ## run what make test leaves out: examples, end-to-end, browser, contract, docs, release-check
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_tests.py --first extras $(MORE_LANES)

.PHONY: matrix
matrix: ## what depends on the release, on every ansible-core that is supported; ARGS="2.17 2.21" for some
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_matrix.py $(ARGS)

# On all cores, which pip does not; some packages have templates that are no Python.
COMPILE = $(VENV)/bin/python -m compileall -qq -j 0 $(VENV)/lib || true

.PHONY: venv
venv: $(VENV)/.complete-$(PYTHON_VERSION) ## make the virtual environment of all the targets below

$(VENV)/.complete-$(PYTHON_VERSION): requirements.txt $(wildcard tools/requirements/*.txt tests/*/requirements.txt) | $(TMPDIR)
	$(BASE_PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet -r tools/requirements/pip.txt
	$(VENV)/bin/pip install --quiet --no-compile $(REQUIREMENTS)
	$(COMPILE)
	touch $@

# What single targets need on top of it, anew when it is made anew.
.PHONY: extras
extras: $(VENV)/.docs $(VENV)/.browser $(VENV)/.end-to-end

$(VENV)/.docs: docs/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.browser: tests/browser/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.end-to-end: tests/end_to_end/requirements.txt $(VENV)/.complete-$(PYTHON_VERSION)
$(VENV)/.docs $(VENV)/.browser $(VENV)/.end-to-end:
	$(VENV)/bin/pip install --quiet -r $<
	touch $@

# One for all combinations.
.PHONY: module-venv
module-venv: $(MODULE_VENV)/.complete

$(MODULE_VENV)/.complete: tools/requirements/modules.txt | $(TMPDIR)
	$(MODULE_PYTHON) -m venv --clear $(MODULE_VENV)
	$(MODULE_VENV)/bin/pip install --quiet -r $<
	touch $@

.PHONY: build
build: venv ## build the archive
	rm -rf $(ARCHIVES)
	ansible-galaxy collection build --output-path $(ARCHIVES)

# ansible-test asks git which files there are. To the checkout's git, all that make writes is ignored.
.PHONY: install
install: build ## install the archive as a user would; the tests run there
	rm -rf $(COLLECTION)
	ansible-galaxy collection install --offline --force -p $(BUILD)/collections $(ARCHIVES)/*.tar.gz
	if [ -e .git ]; then git init --quiet $(COLLECTION) && cp .gitignore $(COLLECTION)/.git/info/exclude; fi

$(TMPDIR):
	@mkdir -p $(TMPDIR) $(HOME)

# ansible-test gives each test a process of its own, and to those of modules no more of Ansible than modules have. The
# others, thousands, would take many times as long: all of them are run so by `make units-isolated`, at night.
BY_ANSIBLE_TEST := tests/unit/plugins/modules/ tests/unit/plugins/action/
PROMISES := tests/unit/plugins/promises/
PYTEST := pytest -p no:cacheprovider

.PHONY: units
ifeq ($(ARGS),)
units: units-ansible units-promises units-others ## unit tests: those of the modules and of the action plugins by ansible-test, all others by pytest
else
units: install
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION) $(ARGS)
endif

# The parts of make units, which make test runs at the same time.
.PHONY: units-ansible
units-ansible: install
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION) $(BY_ANSIBLE_TEST)

.PHONY: units-promises
units-promises: venv
	$(PYTEST) $(PROMISES)

.PHONY: units-others
units-others: venv
	$(PYTEST) $(patsubst %/,--ignore %,$(BY_ANSIBLE_TEST) $(PROMISES))

.PHONY: schedules
schedules: venv ## ten times as many random schedules of faults as make test has
	SCHEDULES_TIMES=10 $(PYTEST) -n auto $(PROMISES)test_taking.py $(PROMISES)test_existing.py $(PROMISES)test_restoring.py

.PHONY: units-isolated
units-isolated: install ## all unit tests by ansible-test
	cd $(COLLECTION) && ansible-test units --python $(PYTHON_VERSION)

.PHONY: units-releases
units-releases: install
	$(PYTEST) --ignore tests/unit/docs --ignore tests/unit/simulator --ignore $(PROMISES:/=)

.PHONY: integration
integration: install ## ansible-test integration, against the simulator
	$(INTEGRATION) $(ARGS)

# What a real connection does, and what Python code alone decides, does not depend on the release of ansible-core.
OF_RELEASES := --exclude wire --skip-tags one_release

# Groups that take about as long as each other and run beside each other; every target is in one, by its aliases.
# Each runs in a copy and with a home of its own: ansible-test has one folder for what its targets write, and two that
# start together would both make the key that it keeps in the home.
integration-%: private export ANSIBLE_COLLECTIONS_PATH = $(BUILD)/groups/$*
integration-%: private COLLECTION = $(BUILD)/groups/$*/ansible_collections/mongodb_atlas/backup
integration-%: private export HOME = $(BUILD)/groups/$*/home
integration-%: install
	rm -rf $(BUILD)/groups/$* && mkdir -p $(BUILD)/groups && cp -R $(BUILD)/collections $(BUILD)/groups/$* && mkdir $(HOME)
	$(INTEGRATION) $(if $(filter releases,$*),$(OF_RELEASES),group/$*/)

INTEGRATION = cd $(COLLECTION) && ansible-test integration --python $(PYTHON_VERSION) --continue-on-error

.PHONY: sanity
sanity: install ## ansible-test sanity, every test of it
	python tools/get_pip.py --place
	cd $(COLLECTION) && ansible-test sanity --requirements --python $(PYTHON_VERSION) --junit $(ARGS)

.PHONY: sanity-releases
sanity-releases: install
	python tools/get_pip.py --place
	cd $(COLLECTION) && ansible-test sanity --requirements --python $(PYTHON_VERSION) --junit plugins/ roles/ playbooks/ meta/

.PHONY: modules
modules: install $(MODULE_VENV)/.complete ## the modules on the oldest Python that they run on, MODULE_PYTHON=python3.9
	python tools/get_pip.py --place
	version=$$($(MODULE_VENV)/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])') && \
	cd $(COLLECTION) && PATH=$(VENV)/bin:$(MODULE_VENV)/bin:$$PATH ansible-test sanity --requirements --python $$version --test compile --test import
	python tools/smoke_test.py --module-python $(MODULE_VENV)/bin/python

.PHONY: mutations
mutations: venv ## break functions on purpose, and check that a test fails; ARGS="_restores/start" for some
	python tests/mutations $(ARGS)

.PHONY: contract
contract: venv ## compare the simulator with ../shared/atlas-api through a validating proxy; needs Node.js
	python tests/contract/run.py

.PHONY: examples
examples: install ## every example of the documentation, against the simulator
	python tests/docs/run_examples.py $(ARGS)

# Every module with its options, and what it returns; what the guides show is no matter of ansible-core.
.PHONY: examples-releases
examples-releases: install
	python tests/docs/run_examples.py $(basename $(notdir $(wildcard plugins/modules/*.py))) roles/

# Most of it is waiting.
.PHONY: end-to-end
end-to-end: install $(VENV)/.end-to-end ## lines of progress, fleets, several projects, and Ansible's other tools
	$(PYTEST) -v -n 4 tests/end_to_end $(ARGS)

.PHONY: browser
browser: install $(VENV)/.browser ## the report page in a headless browser; needs Chromium
	python tests/browser/run.py

.PHONY: benchmark
benchmark: install ## measure against a playbook of two looped uri tasks; on a machine that does nothing else
	python tests/benchmark/run.py $(ARGS)

.PHONY: lint
lint: ruff mypy yamllint ansible-lint ## ruff, mypy, yamllint and ansible-lint

.PHONY: ruff
ruff: venv ## Python style
	ruff check .
	ruff format --check .

.PHONY: mypy
mypy: venv ## Python types
	mypy

.PHONY: yamllint
yamllint: venv ## YAML style
	yamllint --strict .

.PHONY: ansible-lint
ansible-lint: install ## playbooks and roles, production profile
	ansible-lint --strict --nocolor

.PHONY: docs-check
docs-check: install ## documentation of the modules and the roles
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all --disallow-unknown-collection-refs --check-extra-docs-refs $(COLLECTION)

.PHONY: tables
tables: venv ## write the tables of README.md and the guides that repeat the code
	python docs/tables.py

.PHONY: docs
docs: install $(VENV)/.docs ## the documentation as a web site, in .build/docs/html
	python docs/build.py

.PHONY: licenses
licenses: venv ## license and copyright holder of every file, as REUSE wants them
	reuse lint

.PHONY: changelog
changelog: venv ## changelog fragments; BASE=origin/main: is there one for what changed since
	antsibull-changelog lint
	python tools/check_changelog.py $(BASE)

.PHONY: import
import: build ## what Ansible Galaxy checks on upload, warnings included
	python tools/check_import.py $(ARCHIVES)/*.tar.gz

.PHONY: release-check
release-check: venv ## is this ready to be released: version, changelog, archive, import, installation
	python tools/check_release.py

.PHONY: release-notes
release-notes: venv ## turn the fragments into the changelog of the version in galaxy.yml
	antsibull-changelog release

.PHONY: format
format: venv ## format the Python code
	ruff check --fix .
	ruff format .

.PHONY: clean
clean: ## remove all that make has made
	rm -rf .build .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/contract/node_modules
