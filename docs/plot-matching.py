#!/usr/bin/env python3
# What this file is for: draw docs/matching-growth.svg from the lines of `boloctl bench match --json`.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: plot-matching.py BENCH.jsonl > matching-growth.svg

One line a length of the list. Both axes are logarithmic; times are the 99th of a hundred, in microseconds, and the open
in milliseconds."""
import json
import math
import sys

CURVES = (("exact hit, µs", lambda d: d["exact_hit_us"]["p99"], "#1a5fb4", ""),
          ("exact miss, µs", lambda d: d["exact_miss_us"]["p99"], "#26a269", ""),
          ("near, µs", lambda d: d["near_us"]["p99"], "#c64600", ""),
          ("pattern, µs", lambda d: d["pattern_us"]["p99"], "#813d9c", ""),
          ("open, ms", lambda d: d["open_ms"], "#5e5c64", "4 3"),
          ("memory grown by, MB", lambda d: d["rss_growth_mb"], "#a51d2d", "1 3"))
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 60, 170, 20, 50
LEAST, MOST = 0.1, 1000.0


def main():
    points = sorted((json.loads(line) for line in open(sys.argv[1], encoding="utf-8") if line.strip()),
                    key=lambda d: d["entries"])
    low, high = math.log10(points[0]["entries"]), math.log10(points[-1]["entries"])

    def x(entries):
        return LEFT + (math.log10(entries) - low) / max(high - low, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(value):
        share = (math.log10(min(max(value, LEAST), MOST)) - math.log10(LEAST)) / (math.log10(MOST) - math.log10(LEAST))
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">')
    print(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>')
    value = LEAST
    while value <= MOST * 1.01:
        print(f'<line x1="{LEFT}" y1="{y(value):.1f}" x2="{WIDTH - RIGHT}" y2="{y(value):.1f}" stroke="#deddda"/>')
        print(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
        value *= 10
    for d in points:
        print(f'<text x="{x(d["entries"]):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{d["entries"]:,}</text>')
    print(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">entries of the list</text>')
    for number, (name, get, colour, dash) in enumerate(CURVES):
        path = " ".join(f'{x(d["entries"]):.1f},{y(get(d)):.1f}' for d in points)
        print(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        print(f'<text x="{WIDTH - RIGHT + 12}" y="{TOP + 20 + 18 * number}" fill="{colour}">{name}</text>')
    print("</svg>")


if __name__ == "__main__":
    main()
