# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides and README.md against the files of the collection: generated tables, names, and the list of guides."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from ansible_collections.mongodb_atlas.backup.docs import tables
from ansible_collections.mongodb_atlas.backup.plugins.module_utils._atlas.error_codes import BY_ERROR_CODE

ROOT = Path(__file__).parents[3]
GUIDES = ROOT / "docs" / "docsite" / "rst"
CODES = Counter(code for group in tables.read_meanings() for code in group["codes"])


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: f"{table.page}: {table.name}")
def test_generated_table_is_up_to_date(table: tables.Table) -> None:
    page = (ROOT / table.page).read_text(encoding="utf-8")
    assert table.put_into(page) == page, "run make tables"


def test_every_error_code_has_a_meaning_and_a_next_step() -> None:
    for code in BY_ERROR_CODE:
        assert code in CODES, f"{code} has no meaning: add it to docs/error_codes.yml, then run make tables"
    for code in CODES:
        assert code in BY_ERROR_CODE, f"{code} has no next step: add it to BY_ERROR_CODE in _atlas/error_codes.py"


def test_every_error_code_is_explained_once() -> None:
    assert [code for code, times in CODES.items() if times > 1] == [], "more than once in docs/error_codes.yml"


def test_changed_code_changes_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_ERROR_CODE, "RATE_LIMITED", "Wait for the full moon.")
    assert "Wait for the full moon." in tables.error_codes()


def test_page_without_the_markers_of_its_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no place for"):
        tables.TABLES[0].put_into("A page without the comments")


def test_every_guide_is_in_the_table_of_contents() -> None:
    extra = yaml.safe_load((GUIDES.parent / "extra-docs.yml").read_text(encoding="utf-8"))
    listed = [guide for section in extra["sections"] for guide in section["toctree"]]
    assert sorted(listed) == sorted(path.stem for path in GUIDES.glob("*.rst"))


@pytest.mark.parametrize("page", ["README.md", "docs/docsite/rst/guide_ad_hoc.rst"])
def test_page_names_every_playbook(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [
        path.stem for path in (ROOT / "playbooks").glob("*.yml") if f"mongodb_atlas.backup.{path.stem}`" not in text
    ] == []


def test_readme_names_every_module_role_and_guide() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [f"module `mongodb_atlas.backup.{path.stem}`" for path in (ROOT / "plugins" / "modules").glob("*.py")]
    names += [f"role `mongodb_atlas.backup.{path.name}`" for path in (ROOT / "roles").iterdir()]
    names += [f"(docs/docsite/rst/{path.name})" for path in GUIDES.glob("*.rst")]
    assert [name for name in names if name not in text] == []


def test_example_installs_the_archive_of_this_version() -> None:
    if (ROOT / "galaxy.yml").exists():
        version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    else:  # the installed archive
        version = json.loads((ROOT / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]["version"]
    example = (ROOT / "examples" / "execution-environment" / "requirements.yml").read_text(encoding="utf-8")

    assert f"mongodb_atlas-backup-{version}.tar.gz" in example
