#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) 2026, mongodb_atlas.backup contributors
"""Runs a command in a terminal and draws what it leaves on the screen as an SVG, readable in light and dark.

python tools/record_terminal.py [--columns N] FILE.svg COMMAND [WORD ...]

The command runs for real, and its exit status is passed on. Nothing is drawn of a command that fails.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import shlex
import struct
import sys
import termios
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

# Of what a terminal understands, colours and bold are drawn; what else is sent moves no text here and is left out.
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b[^\[]")
CHARACTER_WIDTH = 8.4
LINE_HEIGHT = 19
MARGIN = 16
TITLE_HEIGHT = 30
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# Light and dark of each class.
FILLS = {
    "text": ("#24292f", "#e6edf3"),
    ".dot": ("#afb8c1", "#484f58"),
    ".screen": ("#f6f8fa", "#161b22"),
    ".black": ("#57606a", "#8b949e"),
    ".red": ("#b3261e", "#ff8a80"),
    ".green": ("#116329", "#7ee787"),
    ".yellow": ("#7d4e00", "#e3b341"),
    ".blue": ("#0550ae", "#79c0ff"),
    ".magenta": ("#8250df", "#d2a8ff"),
    ".cyan": ("#0f6674", "#6fd6e4"),
    ".white": ("#57606a", "#c9d1d9"),
}
FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'


@dataclass(frozen=True)
class Piece:
    """Text in one look: the names of CSS classes."""

    text: str
    look: str


def run(command: Sequence[str], columns: int) -> tuple[str, int]:
    """All that the command writes to a terminal of this width, and its exit status."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], list(command))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    written = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux says so when the command has closed the terminal
            break
        if not chunk:
            break
        written += chunk
    os.close(terminal)
    _child, status = os.waitpid(child, 0)
    return written.decode("utf-8", "replace"), os.waitstatus_to_exitcode(status)


def pieces(text: str) -> list[list[Piece]]:
    """The lines of the screen; what a carriage return has written over is gone."""
    lines: list[list[Piece]] = []
    codes: list[int] = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        line: list[Piece] = []
        position = 0
        for found in ESCAPE.finditer(raw):
            _add(line, raw[position : found.start()], codes)
            position = found.end()
            if found[1] is not None:
                codes = _changed(codes, [int(code or 0) for code in found[1].split(";")])
        _add(line, raw[position:], codes)
        lines.append(line)
    while lines and not any(piece.text.strip() for piece in lines[-1]):
        lines.pop()
    return lines


def _changed(codes: list[int], new: list[int]) -> list[int]:
    for code in new:
        codes = [] if code == 0 else [*codes, code]
    return codes


def _add(line: list[Piece], text: str, codes: list[int]) -> None:
    _before, returned, after = text.rpartition("\r")
    if returned:
        line.clear()
    if after:
        line.append(Piece(after, _look(codes)))


def _look(codes: list[int]) -> str:
    """The last colour counts; the bright ones are drawn as the plain ones."""
    colours = [COLOURS[code % 10] for code in codes if code % 10 < 8 and code // 10 in (3, 9)]
    return " ".join(colours[-1:] + ["bold"] * (1 in codes))


def _style() -> str:
    light, dark = (" ".join(f"{name} {{ fill: {fills[i]} }}" for name, fills in FILLS.items()) for i in (0, 1))
    return f"""    text {{ font: 14px {FONT}; white-space: pre }} .bold {{ font-weight: 600 }}
    .screen {{ stroke: #8b949e; stroke-opacity: 0.4 }}
    {light}
    @media (prefers-color-scheme: dark) {{ {dark} }}"""


def draw(title: str, lines: list[list[Piece]], columns: int) -> str:
    """The screen as an SVG document."""
    width = round(columns * CHARACTER_WIDTH + 2 * MARGIN)
    height = TITLE_HEIGHT + len(lines) * LINE_HEIGHT + 2 * MARGIN
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"  <title>{escape(title)}</title>",
        f"  <style>\n{_style()}\n  </style>",
        f'  <rect class="screen" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>',
        *(f'  <circle class="dot" cx="{MARGIN + 6 + 20 * number}" cy="20" r="6"/>' for number in range(3)),
    ]
    for number, line in enumerate(lines, 1):
        y = TITLE_HEIGHT + MARGIN + number * LINE_HEIGHT - 5
        column, spans = 0, []
        for piece in line:
            x = MARGIN + column * CHARACTER_WIDTH
            look = f' class="{piece.look}"' if piece.look else ""
            # The length is told, so that columns stay columns in any font.
            length = f' textLength="{len(piece.text) * CHARACTER_WIDTH:.1f}"'
            spans.append(f'<tspan x="{x:.1f}"{length}{look}>{escape(piece.text)}</tspan>')
            column += len(piece.text)
        if spans:
            drawn.append(f'  <text y="{y}" xml:space="preserve">{"".join(spans)}</text>')
    return "\n".join([*drawn, "</svg>", ""])


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw what a command leaves on the terminal as an SVG.")
    parser.add_argument("--columns", type=int, default=110, help="width of the terminal (default: %(default)s)")
    parser.add_argument("file", type=Path, metavar="FILE.svg")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command and its words")
    options = parser.parse_args()
    if not options.command:
        parser.error("name the command to run")
    written, status = run(options.command, options.columns)
    sys.stdout.write(written)
    if status == 0:
        line = shlex.join(options.command)
        shown = [[Piece("$ ", "black"), Piece(line, "bold")], *pieces(written)]
        columns = max([options.columns, *(sum(len(piece.text) for piece in one) for one in shown)])
        options.file.write_text(draw(line, shown, columns), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
