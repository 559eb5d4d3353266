# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors

# The only driver. Everything it writes lies below the checkout: the virtual environment in .venv, all else in .build.
# make test PYTHON=python3.13 ANSIBLE_CORE=2.20 uses another interpreter and another ansible-core, beside the pinned one.

PYTHON ?= python3
ANSIBLE_CORE ?=

ifeq ($(ANSIBLE_CORE),)
BUILD := $(CURDIR)/.build
VENV := $(CURDIR)/.venv
REQUIREMENTS := -r tools/requirements/ansible.txt -r tools/requirements/lint.txt
LANES := units,integration,sanity ruff,mypy,yamllint,ansible-lint,docs-check,licenses,changelog,import
else
BUILD := $(CURDIR)/.build/ansible-core-$(ANSIBLE_CORE)
VENV := $(BUILD)/venv
REQUIREMENTS := ansible-core==$(ANSIBLE_CORE).*
LANES := units,integration,sanity
endif
REQUIREMENTS += -r requirements.txt -r tools/requirements/test.txt -r tests/simulator/requirements.txt

ARCHIVES := $(BUILD)/archive
COLLECTION := $(BUILD)/collections/ansible_collections/mongodb_atlas/backup
# The interpreter itself, not a launcher that looks for its settings in the caller's home.
BASE_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.executable)')
# ansible-test would otherwise try every interpreter that it finds a name for.
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

# Nothing of the caller's settings reaches a test: no credentials, no configuration of the tools.
$(foreach name,$(filter ANSIBLE_% MONGODB_ATLAS_%,$(.VARIABLES)),$(eval unexport $(name)))
unexport PYTEST_ADDOPTS PYTHONHOME PYTHONPATH VIRTUAL_ENV
# Another home, but the package index that the caller's pip uses.
ifndef PIP_CONFIG_FILE
PIP_CONFIG_FILE := $(firstword $(wildcard $(HOME)/.config/pip/pip.conf $(HOME)/.pip/pip.conf /dev/null))
endif
export PIP_CONFIG_FILE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HOME := $(BUILD)/home
export TMPDIR := $(BUILD)/tmp
export PATH := $(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)/collections
export PYTHONDONTWRITEBYTECODE := 1

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: | $(TMPDIR) ## take snapshots on a simulated Atlas, from an empty checkout in about a minute
	@bash tools/demo.sh $(BASE_PYTHON) $(BUILD)/demo

.PHONY: test
test: | $(TMPDIR) ## run everything that needs Python, make and a package index only, with one summary
	@MAKE="$(MAKE)" $(BASE_PYTHON) tools/run_tests.py $(LANES)

.PHONY: venv
venv: $(VENV)/.complete ## make the virtual environment of all the targets below

$(VENV)/.complete: requirements.txt $(wildcard tools/requirements/*.txt tests/simulator/requirements.txt) | $(TMPDIR)
	$(BASE_PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet $(REQUIREMENTS)
	touch $@

.PHONY: build
build: venv ## build the archive
	rm -rf $(ARCHIVES)
	ansible-galaxy collection build --output-path $(ARCHIVES)

.PHONY: install
install: build ## install the archive as a user would; the tests run there
	rm -rf $(COLLECTION)
	ansible-galaxy collection install --offline --force -p $(BUILD)/collections $(ARCHIVES)/*.tar.gz

$(TMPDIR):
	@mkdir -p $(TMPDIR) $(HOME)

.PHONY: units
units: install ## ansible-test units
	cd $(COLLECTION) && ansible-test units --requirements --python $(PYTHON_VERSION) $(ARGS)

.PHONY: integration
integration: install ## ansible-test integration, against the simulator
	cd $(COLLECTION) && ansible-test integration --requirements --python $(PYTHON_VERSION) --continue-on-error $(ARGS)

.PHONY: sanity
sanity: install ## ansible-test sanity, every test of it
	python tools/get_pip.py --place
	cd $(COLLECTION) && ansible-test sanity --requirements --python $(PYTHON_VERSION) --junit $(ARGS)

.PHONY: contract
contract: venv ## compare the simulator with ../shared/atlas-api through a validating proxy; needs Node.js
	python tests/contract/run.py

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

.PHONY: licenses
licenses: ## license header of every file
	$(BASE_PYTHON) tools/check_licenses.py

.PHONY: changelog
changelog: venv ## changelog fragments
	antsibull-changelog lint

.PHONY: import
import: build ## what Ansible Galaxy checks on upload, warnings included
	python tools/check_import.py $(ARCHIVES)/*.tar.gz

.PHONY: format
format: venv ## format the Python code
	ruff check --fix .
	ruff format .

.PHONY: clean
clean: ## remove all that make has made
	rm -rf .build .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/contract/node_modules
