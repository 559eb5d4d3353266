#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs a command in a terminal and draws its output as an SVG, readable in light and dark mode.

.venv/bin/python tools/record_terminal.py [--columns N] FILE.svg COMMAND [WORD ...]

The command is really run, and its exit status is returned. The output of a command that fails is not drawn.
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

# Colours of screen, text, and black, red, green, yellow, blue, magenta, cyan, white. All colours of a theme must
# differ; otherwise rich numbers the CSS classes of the two themes differently.
LIGHT = "#f6f8fa #24292f #57606a #b3261e #116329 #7d4e00 #0550ae #8250df #0f6674 #6e7781"
DARK = "#161b22 #e6edf3 #8b949e #ff8a80 #7ee787 #e3b341 #79c0ff #d2a8ff #6fd6e4 #c9d1d9"
# Replaces rich's own format, which downloads a font. The styles of the dark theme replace the comment.
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
    """The command's output, which is also shown, and its exit status; columns is the width of the terminal."""
    written = bytearray()

    def read(terminal: int) -> bytes:
        chunk = os.read(terminal, 65536)
        written.extend(chunk)
        return chunk

    status = pty.spawn(["sh", "-c", 'stty rows 50 cols "$0" && exec "$@"', str(columns), *command], read)
    return written.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def draw(command: str, written: str, columns: int) -> str:
    """The screen as an SVG document; a line longer than the terminal makes it wider."""
    # Text.from_ansi takes a carriage return as a jump to the start of the line.
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
    parser = argparse.ArgumentParser(description="Draw the terminal output of a command as an SVG.")
    parser.add_argument("--columns", type=int, default=110, help="width of the terminal (default: %(default)s)")
    parser.add_argument("file", type=Path, metavar="FILE.svg")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command and its arguments")
    options = parser.parse_args()
    if not options.command:
        parser.error("name the command to run")
    written, status = run(options.command, options.columns)
    if status == 0:
        options.file.write_text(draw(shlex.join(options.command), written, options.columns), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
