# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Compares RETURN with real results: the same keys, the documented types, and valid samples.

Used by the unit tests and the examples; needs the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Keys that Ansible adds to any result.
ANSIBLE_KEYS = {"changed", "failed", "msg", "invocation", "warnings", "deprecations", "exception", "diff", "skipped"}
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
}

Documented = Mapping[str, Any]


def sample_problems(documented: Documented, where: str = "") -> Iterator[str]:
    """Samples that do not have the documented type."""
    for key, entry in documented.items():
        if entry.get("sample") is not None:
            yield from _type_problems(entry, entry["sample"], f"the sample of {where}{key}")
        yield from sample_problems(entry.get("contains") or {}, f"{where}{key}.")


def result_problems(documented: Documented, result: Mapping[str, Any]) -> Iterator[str]:
    """The differences between RETURN and one result: keys that only one side has, and values of another type."""
    outcome = "failure" if result.get("failed") else "success"
    for key, entry in documented.items():
        if entry["returned"] == outcome and key not in result:
            yield f"{key} is documented as returned in case of {outcome}, but is missing"
    # Ansible omits empty keys, and keeps some keys for its own output.
    public = {key: value for key, value in result.items() if not key.startswith("_ansible")}
    yield from _key_problems(documented, public, "", ANSIBLE_KEYS - set(documented))


def _key_problems(documented: Documented, result: Mapping[str, Any], where: str, extra: set[str]) -> Iterator[str]:
    for key in sorted(set(result) - set(documented) - extra):
        yield f"{where}{key} is returned but not documented"
    for key, entry in documented.items():
        if key in result:
            yield from _value_problems(entry, result[key], f"{where}{key}")
        # Keys of a record are always there unless the documentation says otherwise.
        elif str(entry.get("returned", "always")).startswith("always"):
            yield f"{where}{key} is documented as always returned, but is missing"


def _value_problems(entry: Documented, value: Any, where: str) -> Iterator[str]:
    """Null has any type: it means unknown."""
    if value is None:
        return
    yield from _type_problems(entry, value, where)
    for item in value if isinstance(value, list) else [value]:
        if entry.get("contains") and isinstance(item, dict):
            yield from _key_problems(entry["contains"], item, f"{where}.", set())


def _type_problems(entry: Documented, value: Any, where: str) -> Iterator[str]:
    if not _fits(value, entry["type"]):
        yield f"{where} is documented as {entry['type']}, but is {value!r}"
    elif isinstance(value, list):
        for item in value:
            if not _fits(item, entry.get("elements", "raw")):
                yield f"{where} is documented as a list of {entry['elements']}, but contains {item!r}"


def _fits(value: Any, kind: str) -> bool:
    allowed = TYPES.get(kind)
    return allowed is None or (isinstance(value, allowed) and (kind == "bool" or not isinstance(value, bool)))
