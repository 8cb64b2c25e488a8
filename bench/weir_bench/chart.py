"""A bar chart as SVG: one group per query, milliseconds on a logarithmic axis. No library: thirty lines do."""

import math
from collections.abc import Sequence
from html import escape

COLORS = ["#0f766e", "#d97706", "#b91c1c", "#6d28d9", "#475569"]
LEFT, TOP, WIDTH = 60, 48, 900
BAR, GAP = 12, 12
INK, RULE = "#334155", "#cbd5e1"


def bars(title: str, series: Sequence[str], groups: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """`groups`: a name, and a value for each of the series; None where there is none."""
    values = [value for _, row in groups for value in row if value]
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    height = TOP + len(groups) * (len(series) * BAR + GAP) + 28

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - low) / max(1, high - low) * (WIDTH - LEFT - 90)

    parts = [text(LEFT, 18, title, 15)]
    for i, name in enumerate(series):
        parts.append(rect(LEFT + i * 120, 28, 10, 10, COLORS[i]) + text(LEFT + i * 120 + 15, 37, name, 12))
    for power in range(low, high + 1):
        at = x(10.0**power)
        parts.append(f'<path d="M{at:.1f} {TOP}V{height - 24}" stroke="{RULE}"/>')
        parts.append(text(at, height - 10, f"{10.0**power:g} ms", 11, "middle"))
    y = TOP + GAP / 2
    for name, row in groups:
        parts.append(text(LEFT - 8, y + len(series) * BAR / 2 + 4, name, 12, "end"))
        for i, value in enumerate(row):
            if value:
                parts.append(rect(LEFT, y, x(value) - LEFT, BAR - 2, COLORS[i]))
                parts.append(text(x(value) + 5, y + 9, figure(value), 10))
            y += BAR
        y += GAP
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="system-ui, sans-serif" fill="{INK}">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>', *parts, "</svg>", ""])


def rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" fill="{color}"/>'


def text(x: float, y: float, words: str, size: int, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'


def figure(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
