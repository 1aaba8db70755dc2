"""A plot with two logarithmic axes, as SVG."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 560, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 40, 36, 48
# Okabe and Ito's, which the colour-blind can tell apart.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000"]

Points = Sequence[tuple[float, float]]


class Line(NamedTuple):
    name: str
    points: Points
    dashed: bool = False


class Axis(NamedTuple):
    """From one power of ten to another, on so many pixels."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: float) -> float:
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def axis(values: Sequence[float], start: float, end: float) -> Axis:
    low = math.floor(math.log10(min(values)) + 1e-9)
    high = math.ceil(math.log10(max(values)) - 1e-9)
    return Axis(low, max(high, low + 1), start, end)


def text(x: float, y: float, content: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(content)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}"{more}/>'


def panel(title: str, x_name: str, y_name: str, lines: Sequence[Line], number: int) -> list[str]:
    """One plot, the so-manieth from the left."""
    left, right = number * WIDTH + LEFT, (number + 1) * WIDTH - RIGHT
    top, bottom = TOP, HEIGHT - BOTTOM
    xs = axis([x for line in lines for x, _ in line.points], left, right)
    ys = axis([y for line in lines for _, y in line.points], bottom, top)
    parts = [text((left + right) / 2, 20, title, more=' font-weight="bold"')]
    for tick in xs.ticks():
        parts.append(rule(xs.at(tick), top, xs.at(tick), bottom, "#ddd"))
        parts.append(text(xs.at(tick), bottom + 16, f"{tick:,.0f}"))
    for tick in ys.ticks():
        parts.append(rule(left, ys.at(tick), right, ys.at(tick), "#ddd"))
        parts.append(text(left - 6, ys.at(tick) + 4, f"{tick:,g}", "end"))
    parts.append(text((left + right) / 2, HEIGHT - 10, x_name))
    middle = (top + bottom) / 2
    turn = f' transform="rotate(-90 {left - 46} {middle})"'
    parts.append(text(left - 46, middle, y_name, more=turn))
    for place, line in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        places = [(xs.at(x), ys.at(y)) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        stroke = f'stroke="{colour}" stroke-width="2"{dash}'
        parts.append(f'<polyline points="{path}" fill="none" {stroke}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = top + 14 + 17 * place
        parts.append(rule(left + 10, y - 4, left + 36, y - 4, colour, f' stroke-width="2"{dash}'))
        parts.append(text(left + 42, y, line.name, "start"))
    return parts


def svg(panels: Sequence[tuple[str, str, str, Sequence[Line]]]) -> str:
    """Plots side by side, each a title, the names of its axes, and its lines."""
    width = WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        f'width="{width}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for number, (title, x_name, y_name, lines) in enumerate(panels):
        parts += panel(title, x_name, y_name, lines, number)
    return "\n".join([*parts, "</svg>", ""])
