#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs a command in a terminal and draws what it leaves on the screen as an SVG, readable in light and dark.

.venv/bin/python tools/record_terminal.py [--columns N] FILE.svg COMMAND [WORD ...]

The command runs for real, and its exit status is passed on. Nothing is drawn of a command that fails.
"""

from __future__ import annotations

import argparse
import io
import os
import pty
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

# Of the screen, the text, and black, red, green, yellow, blue, magenta, cyan, white; no two alike in one theme, or
# their classes would be numbered differently in the other.
LIGHT = "#f6f8fa #24292f #57606a #b3261e #116329 #7d4e00 #0550ae #8250df #0f6674 #6e7781"
DARK = "#161b22 #e6edf3 #8b949e #ff8a80 #7ee787 #e3b341 #79c0ff #d2a8ff #6fd6e4 #c9d1d9"
# In place of rich's own format, which fetches a font. What is dark takes the place of the comment.
FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
text {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
}}
svg > rect {{ stroke: #8b949e; stroke-opacity: 0.4 }}
{styles}
@media (prefers-color-scheme: dark) {{
/* dark */
}}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
{matrix}
</g>
</svg>
"""


def run(command: Sequence[str], columns: int) -> tuple[str, int]:
    """All that the command writes to a terminal of this width, where it is shown as well, and its exit status."""
    written = bytearray()

    def read(terminal: int) -> bytes:
        chunk = os.read(terminal, 65536)
        written.extend(chunk)
        return chunk

    status = pty.spawn(["sh", "-c", 'stty rows 50 cols "$0" && exec "$@"', str(columns), *command], read)
    return written.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def draw(command: str, written: str, columns: int) -> str:
    """The screen as an SVG document, wider than the terminal where a line is."""
    # A carriage return alone goes back to the start of the line.
    output = Text.from_ansi(written.replace("\r\n", "\n").rstrip("\n"))
    screen = Text.assemble(("$ ", "black"), (command, "bold"), "\n", output)
    console = Console(record=True, file=io.StringIO(), width=max(columns, *map(cell_len, screen.plain.split("\n"))))
    console.print(screen)

    dark = f"svg > rect {{ fill: {DARK.split()[0]} }}\n{_export(console, DARK, '{styles}')}"
    return _export(console, LIGHT, FORMAT).replace("/* dark */", dark)


def _export(console: Console, colours: str, code_format: str) -> str:
    return console.export_svg(
        title="",
        theme=_theme(colours),
        clear=False,
        code_format=code_format,
        font_aspect_ratio=0.6,
        unique_id="terminal",
    )


def _theme(colours: str) -> TerminalTheme:
    background, foreground, *normal = (Color.parse(colour).get_truecolor() for colour in colours.split())
    return TerminalTheme(background, foreground, list(normal))


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw what a command leaves on the terminal as an SVG.")
    parser.add_argument("--columns", type=int, default=110, help="width of the terminal (default: %(default)s)")
    parser.add_argument("file", type=Path, metavar="FILE.svg")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command and its words")
    options = parser.parse_args()
    if not options.command:
        parser.error("name the command to run")
    written, status = run(options.command, options.columns)
    if status == 0:
        options.file.write_text(draw(shlex.join(options.command), written, options.columns), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
