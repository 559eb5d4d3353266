# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import signal

from ansible_collections.mongodb_atlas.backup.plugins.plugin_utils._background import start_thread

THOSE_OF_ANSIBLE = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD}


def test_thread_receives_no_signals_but_the_main_thread_does() -> None:
    masks: list[set[int]] = []

    def work(how: int, which: tuple[int, ...]) -> None:
        masks.append(signal.pthread_sigmask(how, which))

    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    start_thread(work, signal.SIG_BLOCK, ()).join()

    assert masks[0] >= THOSE_OF_ANSIBLE
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
