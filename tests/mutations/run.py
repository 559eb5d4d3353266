# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Breaks functions on purpose, one place at a time, and checks that a test fails.

usage: python tests/mutations [WORD ...]

With words, only functions whose names (as in functions.py) contain one of them are broken. The unit tests run once
without a breakage, which shows the tests that reach each function. Then each breakage gets a process of its own, which
replaces the code of the function and runs these tests until one fails; no file is changed. A breakage that no test
notices is a failure, unless accepted.py gives a reason; a reason for a breakage that a test notices is a failure as
well. The last line counts: N passed, N failed.
"""

from __future__ import annotations

import ast
import copy
import gc
import itertools
import os
import resource
import signal
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from _pytest.runner import runtestprotocol

from .accepted import ACCEPTED
from .rules import Function
from .targets import CHECKOUT, Breakage, Missing, Target, breakages_of, every_target

MODULE_UTILS_TESTS = "tests/unit/plugins/module_utils"
# The random schedules of the promises take minutes. What they have found first has a test in one of these too.
TESTS = (
    MODULE_UTILS_TESTS,
    "tests/unit/plugins/modules",
    "tests/unit/plugins/promises/test_fault_table.py",
    "tests/unit/plugins/promises/test_no_date.py",
    "tests/unit/plugins/promises/test_outlives.py",
    "tests/unit/plugins/promises/test_taking.py::test_list_that_took_too_long_is_read_again",
    "tests/unit/plugins/promises/test_wrong_documents.py",
)
OPTIONS = ("-q", "--no-header", "--no-summary", "--capture=sys", "-p", "no:cacheprovider")
AT_ONCE = os.cpu_count() or 1
# CPU seconds of tests that a breakage has to be caught in: what most tests reach would take minutes.
MOST_SECONDS = 20
MOST_SECONDS_IF_ACCEPTED = 5
# A breakage may cause an endless loop. A test that blocks, or takes far more CPU time or memory than usual, has failed.
LIMIT_FACTOR = 20
LEAST_LIMIT = 10
BLOCKED_FACTOR = 10
MOST_MEMORY = 4 * 1024**3
# Exit statuses of the processes.
SURVIVED, CAUGHT, CRASHED = 0, 1, 2


def main(words: Sequence[str]) -> int:
    try:
        chosen = [
            breakage
            for target in every_target()
            if not words or any(word in target.name for word in words)
            for breakage in breakages_of(target)
        ]
        # Show the hand-written mutations first.
        chosen.sort(key=lambda breakage: not breakage.is_known)
    except Missing as missing:
        print(f"{missing}\n\n0 passed, 1 failed")
        return 1
    os.chdir(CHECKOUT)
    mutations = Mutations(chosen)
    with tempfile.TemporaryDirectory() as folder:
        pytest.main([*OPTIONS, f"--basetemp={folder}/tests", *TESTS], plugins=[mutations])
    if not mutations.has_run:
        print("The tests have to pass without a breakage first.\n\n0 passed, 1 failed")
        return 1
    print(f"\n{mutations.passed} passed, {mutations.failed} failed")
    return 1 if mutations.failed or not chosen else 0


def is_accepted(breakage: Breakage) -> bool:
    return (breakage.target.name, breakage.what) in ACCEPTED


class Mutations:
    """A pytest plugin that runs, for each mutation, the tests that call the mutated function."""

    def __init__(self, chosen: Sequence[Breakage]) -> None:
        self._chosen = chosen
        self._running: dict[int, Breakage] = {}
        self.has_run = False
        self.passed = 0
        self.failed = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            return True
        targets = list(dict.fromkeys(breakage.target for breakage in self._chosen))
        baseline = Baseline(targets)
        if not baseline.passes(session.items):
            return True
        # Without it, the collection of garbage would copy most of the memory in each process.
        gc.freeze()
        print(f"{len(self._chosen)} breakages of {len(targets)} functions", flush=True)
        for breakage in self._chosen:
            self._start(breakage, baseline)
        while self._running:
            self._wait()
        self.has_run = True
        return True

    def _start(self, breakage: Breakage, baseline: Baseline) -> None:
        while len(self._running) >= AT_ONCE:
            self._wait()
        pid = os.fork()
        if pid == 0:
            status = CRASHED
            try:
                status = baseline.try_out(breakage)
            finally:
                os._exit(status)
        self._running[pid] = breakage

    def _wait(self) -> None:
        pid, status = os.wait()
        breakage = self._running.pop(pid)
        self.judge(breakage, os.waitstatus_to_exitcode(status) in (CAUGHT, -signal.SIGPROF, -signal.SIGALRM))

    def judge(self, breakage: Breakage, is_caught: bool) -> None:
        """Count and show a breakage. An accepted one has to survive, every other one has to be caught."""
        if is_caught is not is_accepted(breakage):
            self.passed += 1
            if breakage.is_known:
                print(f"caught      {breakage.target.name}: {breakage.what}", flush=True)
        else:
            self.failed += 1
            problem = "CAUGHT, so remove it from accepted.py:" if is_caught else "NOT CAUGHT "
            print(f"{problem} {breakage.target.name}\n            {breakage.what}", flush=True)


class Baseline:
    """What the tests do without a breakage: which functions each of them reaches, and how long it takes."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets = targets
        self._tests: dict[Target, list[pytest.Item]] = defaultdict(list)
        self._seconds: dict[pytest.Item, float] = {}

    def passes(self, tests: Sequence[pytest.Item]) -> bool:
        with noting_calls(self._targets) as reached:
            for test, following in itertools.zip_longest(tests, tests[1:]):
                reached.clear()
                began = time.process_time()
                failures = failures_of(test, following)
                if failures:
                    print(*failures, sep="\n")
                    return False
                self._seconds[test] = time.process_time() - began
                for target in reached:
                    self._tests[target].append(test)
        return True

    def try_out(self, breakage: Breakage) -> int:
        """Whether a test catches the breakage, as an exit status. For a process of its own, which it changes."""
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        breakage.target.function().__code__ = breakage.target.code(breakage.broken)
        most = MOST_SECONDS_IF_ACCEPTED if is_accepted(breakage) else MOST_SECONDS
        tests = self._cheapest_tests(breakage.target, most)
        for test, following in itertools.zip_longest(tests, tests[1:]):
            limit = LEAST_LIMIT + LIMIT_FACTOR * self._seconds[test]
            signal.setitimer(signal.ITIMER_PROF, limit)
            signal.setitimer(signal.ITIMER_REAL, limit * BLOCKED_FACTOR)
            if failures_of(test, following):
                return CAUGHT
        return SURVIVED

    def _cheapest_tests(self, target: Target, most: float) -> list[pytest.Item]:
        tests = sorted(self._tests[target], key=lambda test: self._order(test, target))
        spent = itertools.accumulate(self._seconds[test] for test in tests)
        return [test for test, seconds in zip(tests, spent, strict=True) if seconds < most or test is tests[0]]

    def _order(self, test: pytest.Item, target: Target) -> tuple[bool, float]:
        """The tests of the function's own file come first, and of several tests the fastest."""
        folder, _slash, stem = target.file.rpartition("/")
        own = CHECKOUT / MODULE_UTILS_TESTS / folder / f"test_{stem}.py"
        return test.path != own, self._seconds[test]


@contextmanager
def noting_calls(targets: Iterable[Target]) -> Iterator[set[Target]]:
    """The set to which each of these functions is added when it is called."""
    reached: set[Target] = set()
    originals = [(target.function(), target.function().__code__) for target in targets]
    for number, target in enumerate(targets):
        function = target.function()
        function.__globals__[f"_note_call_{number}"] = lambda target=target: reached.add(target)
        function.__code__ = target.code(_with_statement_before(target.node, f"_note_call_{number}()"))
    yield reached
    for function, code in originals:
        function.__code__ = code


def _with_statement_before(function: Function, statement: str) -> Function:
    changed = copy.copy(function)
    changed.body = [*ast.parse(statement).body, *function.body]
    return changed


def failures_of(test: pytest.Item, following: pytest.Item | None) -> list[str]:
    reports = runtestprotocol(test, nextitem=following, log=False)
    return [report.longreprtext for report in reports if report.failed]
