# Copyright (c) 2026, mongodb_atlas.backup contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: other code must not import it, and it may change in any release.
# Starts background threads in the process in which Ansible runs a task.

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any


def start_thread(work: Callable[..., None], *args: Any) -> threading.Thread:
    """Start a thread that receives no signals.

    Ansible ends a worker process with SIGINT or SIGTERM, and Python handles signals only in the main thread. If the
    system delivered one to another thread, the main thread would keep waiting for the module.
    """
    thread = threading.Thread(target=work, args=args, daemon=True)
    # A new thread inherits the signal mask.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return thread
