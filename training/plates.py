# What this file is for: draw number plates (text, layout, bands, holder, light) in grey, with every glyph's box.
# SPDX-License-Identifier: GPL-3.0-or-later
import re

import cv2
import numpy as np

import regions

UK_LOCAL = "ABCDEFGHJKLMNOPRSTUVWXY"
UK_LAST = "ABCDEFGHJKLMNOPRSTUVWXYZ"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_Q = "ABCDEFGHIJKLMNOPRSTUVWXYZ"

# L letter, D digit, other characters stand for themselves; a space is a group gap, '|' a gap that may hold stickers,
# '-' a dash. Weight first.
EU_TEXT = """6 LL|DDDD;5 L|LL DDDD;5 LL|LL DDD;4 LLL|LL DD;3 LLL|L DDDD;3 LLL|LL DDD;2 L|L DDDD;2 LL|LL DDDD;18 LL-DDD-LL;
6 DDDD LL DD;4 DDD LLL DD;6 LL DDDLL;6 DDDD LLL;2 L DDDD LL;3 DD-LLL-D;2 D-LLL-DD;2 LL-DDD-L;1 LL-LL-DD;1 DD-LL-LL;3 LLL DDDDD;
3 LL DDDDD;2 LL DDDDL;2 LLL DDDLL;2 LL DDDLL;2 LLL LDDDD;5 LL|DDDLL;1 L|DDDDDD;2 L|LLLL;2 LLL|LLLLD;6 L DD LLL;6 LL DD LLL;1 L DDD LLL;3 LL DDD LL;2 LL|DDDD LL;
2 LL DDDD L;5 DLD|DDDD;2 DLL|DDDD;2 LLL|DD-DD;2 LL|DDDLL;3 LLL-DDD;2 LL LL-DDD;3 LL|DDDDL;2 L|DDDDDL;3 D-LLL-DDD;1 DDD-LLL;2 DD-DD-LL;
2 LL-DD-DD;1 DD-LL-DD;1 LL DD LL;4 LLL DDD;2 LLL DDL;2 LL DD DDD;3 DDD-L-DDDD;2 DDD-LL-DDD;2 LL|DDDDDD;2 LL|DDDDD;
1 LLL-DDDD;1 LL-DDDD;2 DDD LLL;2 LL DDDD LL;1 LL DDDD;1 DD LLL DD;1 DD LL DDD;1 DD L DDDD;1 DDD|DDD;1 LLL L DDD;1 DDDDD;1 L DDDD"""
EU = [(float(p.split(" ", 1)[0]), p.split(" ", 1)[1]) for p in EU_TEXT.replace("\n", "").split(";")]
EU_W = np.array([w * (2 if "|" in t else 1) for w, t in EU])
EU_W /= EU_W.sum()
# Letters that a country issues in its own layout: what reads as an O in France is a Q.
FRENCH, DUTCH, SPANISH = "ABCDEFGHJKLMNPQRSTVWXYZ", "BDFGHJKLNPRSTVXZ", "BCDFGHJKLMNPRSTVWXYZ"
ISSUED = {"LL-DDD-LL": FRENCH, "DDDD LL DD": FRENCH, "DDD LLL DD": FRENCH, "DDDD LLL": SPANISH, "DD-LLL-D": DUTCH, "D-LLL-DD": DUTCH,
          "LL-DDD-L": DUTCH, "LL-LL-DD": DUTCH, "DD-LL-LL": DUTCH, "DD-LL-DD": DUTCH, "D-LLL-DDD": FRENCH}
OLD = re.compile(r"[0-9]{2,4} [A-Z]{2,3} [0-9]{2}$")          # as on French plates that may be black
US = ["LLL|DLL", "LDD|DDDD", "LLD|LDL", "DDL|DLL", "LLL|DDD", "DDD|LLL", "LLL DDDD", "LLL-DDDD", "DLLLDDD", "LLL DDD", "DDD LLL", "LLDDDDD", "LL DDDDD", "DDD-DDD", "LDD-DDL", "DLL DDD", "DDDDDDD", "LLLDDD", "LLL DLD", "DDDDLL", "LDDDDDD", "LLDDLL"]
BR = ["LLL-DDDD", "LLLDLDD", "LLL|DDDD"]


def fill(pattern, rng, letters=LETTERS):
    out = []
    for c in pattern:
        if c == "L":
            out.append(letters[rng.integers(len(letters))])
        elif c == "D":
            out.append(str(rng.integers(10)))
        else:
            out.append(c)
    return "".join(out)


def uk_text(rng):
    k = rng.random()
    if k < 0.60:
        year = rng.integers(1, 27) if rng.random() < 0.52 else rng.integers(51, 77)
        t = fill("LL", rng, UK_LOCAL) + f"{year:02d}" if rng.random() < 0.9 else fill("LLDD", rng, UK_LOCAL)
        return t + " " + fill("LLL", rng, UK_LAST)
    if k < 0.74:
        return fill("L", rng, NO_Q + "Q") + str(rng.integers(1, 10 ** rng.integers(1, 4))) + " " + fill("LLL", rng, UK_LAST)
    if k < 0.82:
        return fill("LLL", rng, NO_Q) + " " + str(rng.integers(1, 10 ** rng.integers(1, 4))) + fill("L", rng, NO_Q)
    if k < 0.90:
        a = fill("L" * rng.integers(1, 4), rng, LETTERS)
        n = str(rng.integers(1, 10 ** rng.integers(1, 5)))
        return a + " " + n if rng.random() < 0.5 else n + " " + a
    if k < 0.98:            # Northern Ireland: an I or a Z among the letters
        a = list(fill("LLL" if rng.random() < 0.8 else "LL", rng, LETTERS))
        a[rng.integers(1, len(a))] = "I" if rng.random() < 0.6 else "Z"
        n = str(rng.integers(1, 10000))
        return "".join(a) + " " + n if rng.random() < 0.8 else n + " " + "".join(a)
    return f"{rng.integers(100, 400)} {'DX'[rng.integers(2)]} {rng.integers(100, 400)}"


def make_text(rng):
    """(style, text with spaces, dashes and sticker gaps, code of the country that issued it or None)."""
    k = rng.random()
    if k < 0.50:
        t = uk_text(rng)
        if rng.random() < 0.05:                       # owners' own spacing
            t = t.replace(" ", "")
        style, country = "uk", "GB"
    elif k < 0.85:
        pattern, style = EU[rng.choice(len(EU), p=EU_W)][1], "eu"
        country = regions.draw(pattern, rng)
        letters = ISSUED.get(pattern)
        t = fill(pattern, rng, letters or LETTERS)
        if letters and rng.random() < 0.75:           # as issued; else with what is mistaken most, as other plates
            if letters is FRENCH and rng.random() < 0.5:
                at = [i for i, c in enumerate(t) if c.isalpha()]
                i = at[rng.integers(len(at))]
                t = t[:i] + "QQQRRXXNMMHHDBW"[rng.integers(15)] + t[i + 1:]
            return style, t, country
    elif k < 0.93:
        t, style, country = fill(US[rng.integers(len(US))], rng), "us", "US"
    elif k < 0.955:
        t, style, country = fill(BR[rng.integers(len(BR))], rng), "br", "BR"
    else:
        n = rng.integers(3, 9)
        t, style, country = "".join("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rng.integers(36)] for _ in range(n)), "eu", None
        if n > 4 and rng.random() < 0.7:
            i = rng.integers(1, n - 1)
            t = t[:i] + " " + t[i:]
    if style != "uk" or rng.random() < 0.12:
        hard = "IIIWWG1QQQO0DBBM8B8B8S5Z2YVJJC36HN4XXNNMMHHR"                 # the shapes that were missed most
        if rng.random() < 0.35:
            at = [i for i, c in enumerate(t) if c.isalnum()]
            i = [at[0], at[-1], at[rng.integers(len(at))]][rng.integers(3)]
            t = t[:i] + hard[rng.integers(len(hard))] + t[i + 1:]
    return style, t, country


class Plate:
    """country: its code or None; image: float32 grey with a surround of `pad` pixels; quad: the plate's corners; glyphs: (char, x0, y0, x1, y1, line)."""


def _small_text(img, rng, x, y, w, h, value):
    """A row of small marks that look like dealer text or a web address."""
    if w < 6 or h < 2:
        return
    if rng.random() < 0.6:
        words = "".join(chr(97 + rng.integers(26)) for _ in range(rng.integers(4, 14)))
        if rng.random() < 0.5:
            words = words.upper()
        font = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_TRIPLEX][rng.integers(4)]
        (tw, th), _ = cv2.getTextSize(words, font, 1.0, 1)
        s = min(w / tw, h / th)
        cv2.putText(img, words, (int(x), int(y + h)), font, s, float(value), 1, cv2.LINE_AA)
    else:
        xx = x
        while xx < x + w:
            ww = rng.uniform(0.3, 0.9) * h
            cv2.rectangle(img, (int(xx), int(y)), (int(xx + ww), int(y + h)), float(value), -1 if rng.random() < 0.5 else 1)
            xx += ww + h * 0.25


def _stickers(rng, ch, dash):
    """What stands between two groups: test stickers one above the other (often with the dash between), a crest, a seal."""
    u = rng.uniform
    kind = rng.random()
    if kind < 0.36:                                       # two round ones
        r = max(1, int(ch * u(0.09, 0.19)))
        w = 2 * r + 2
        m = np.zeros((ch, w), np.uint8)
        for cy in (u(0.14, 0.3), u(0.66, 0.86)):
            v = int(u(50, 255))
            cv2.circle(m, (w // 2, int(ch * cy)), r, v, -1 if rng.random() < 0.6 else max(1, r // 3), cv2.LINE_AA)
            for _ in range(rng.integers(0, 4)):
                cv2.circle(m, (int(w / 2 + u(-0.6, 0.6) * r), int(ch * cy + u(-0.6, 0.6) * r)), max(1, r // 3), int(u(0, 255)), -1)
        if dash and rng.random() < 0.65:
            t = max(1, int(ch * u(0.05, 0.12)))
            cv2.rectangle(m, (0, int(ch * u(0.45, 0.52))), (w - 1, int(ch * 0.5) + t), 255, -1)
    elif kind < 0.68:                                     # a small coat of arms: outline, dark field, light cross
        w = max(5, int(ch * u(0.26, 0.46)))
        h = int(min(ch * 0.95, w * u(1.05, 1.45)))
        m = np.zeros((ch, w), np.uint8)
        a = int((ch - h) * u(0.25, 0.7))
        half = h // 2
        field = np.zeros((ch, w), np.uint8)
        cv2.rectangle(field, (0, a), (w - 1, a + half), 255, -1)
        cv2.ellipse(field, (w // 2, a + half), (w // 2, h - half), 0, 0, 180, 255, -1)
        inner = cv2.erode(field, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
        m[field > 0] = int(u(110, 255))
        m[inner > 0] = int(u(60, 240))
        if rng.random() < 0.8:                            # cross, one or two bars
            v, t = int(u(0, 120)), max(1, w // 8)
            cv2.line(m, (w // 2, a + 1), (w // 2, a + h - 2), v, t)
            for q in (u(0.2, 0.4), u(0.42, 0.6))[:rng.integers(1, 3)]:
                cv2.line(m, (w // 4, int(a + h * q)), (3 * w // 4, int(a + h * q)), v, t)
        if rng.random() < 0.6:
            cv2.circle(m, (w // 2, int(a + h * 0.78)), max(1, w // 5), int(u(60, 255)), -1)
        m[field == 0] = 0
    elif kind < 0.82:                                     # shield
        w = int(ch * u(0.22, 0.45))
        m = np.zeros((ch, w), np.uint8)
        a, b = int(ch * u(0.08, 0.35)), int(ch * u(0.6, 0.9))
        v = int(u(60, 255))
        q = np.array([[0, a], [w - 1, a], [w - 1, (a + 2 * b) // 3], [w // 2, b], [0, (a + 2 * b) // 3]], np.int32)
        if rng.random() < 0.6:
            cv2.fillPoly(m, [q], v, cv2.LINE_AA)
        else:
            cv2.polylines(m, [q], True, v, 2, cv2.LINE_AA)
        for _ in range(rng.integers(0, 5)):
            x, y = u(0.1, 0.8) * w, u(a, b)
            cv2.rectangle(m, (int(x), int(y)), (int(x + w * u(0.1, 0.5)), int(y + w * u(0.1, 0.5))), int(u(0, 255)), -1)
        if rng.random() < 0.4:                            # darker above or below
            m = (m * np.linspace(u(0.2, 1.0), u(0.2, 1.0), ch, dtype=np.float32)[:, None]).astype(np.uint8)
    else:                                                 # one or two seals, any shape
        w = int(ch * u(0.18, 0.62))
        m = np.zeros((ch, w), np.uint8)
        for _ in range(rng.integers(1, 3)):
            cy = int(ch * u(0.2, 0.8))
            r = max(1, int(w * u(0.25, 0.48)))
            v = int(u(60, 255))
            if rng.random() < 0.6:
                cv2.circle(m, (w // 2, cy), r, v, -1 if rng.random() < 0.5 else max(1, r // 3), cv2.LINE_AA)
            else:
                cv2.rectangle(m, (w // 2 - r, cy - r), (w // 2 + r, cy + r), v, -1 if rng.random() < 0.4 else 1)
    return m, w


def _region_band(plate, rng, x, bw):
    """The band at the right of French and Italian plates: a region's arms or a ring, and two digits below."""
    u = rng.uniform
    H = plate.shape[0]
    if rng.random() < 0.12:                               # as light as the plate: a country's letter in its own field
        v = float(np.clip(np.median(plate) + u(-30, 10), 5, 250))
        plate[:, x:x + bw] = v
        cv2.line(plate, (x, 0), (x, H), v + u(-160, 40), max(1, bw // 14))
        s = bw * u(0.4, 0.75) / 20.0
        cv2.putText(plate, "BBBDFIL"[rng.integers(7)], (x + int(bw * u(0.15, 0.4)), int(H * u(0.55, 0.85))), cv2.FONT_HERSHEY_DUPLEX, s, v + u(-200, -80), max(1, int(s * u(1.5, 3))), cv2.LINE_AA)
        return
    base = u(20, 130)
    plate[:, x:x + bw] = base
    light = float(np.clip(base + u(60, 200), 100, 252))
    if bw < 4:
        return
    k = rng.random()
    a, b = int(H * u(0.06, 0.2)), int(H * u(0.42, 0.58))
    l, r = x + int(bw * u(0.05, 0.25)), x + bw - int(bw * u(0.05, 0.25))
    if k < 0.25:
        cv2.circle(plate, (x + bw // 2, int(H * u(0.2, 0.4))), max(2, bw // 4), light, max(1, bw // 14), cv2.LINE_AA)
    elif k < 0.85:                                        # a flag, a field of arms: patches of any grey
        cv2.rectangle(plate, (l, a), (r, b), u(0, 255), -1)
        for _ in range(rng.integers(1, 6)):
            q, w = u(l, r), max(1, int(bw * u(0.05, 0.4)))
            y = u(a, b)
            if rng.random() < 0.5:
                cv2.rectangle(plate, (int(q), int(y)), (int(min(r, q + w)), int(min(b, y + w))), u(0, 255), -1)
            elif rng.random() < 0.5:
                cv2.line(plate, (l, int(y)), (r, int(u(a, b))), u(0, 255), max(1, bw // 10), cv2.LINE_AA)
            else:
                cv2.circle(plate, (int(q), int(y)), max(1, w // 2), u(0, 255), -1, cv2.LINE_AA)
    if rng.random() < 0.85:
        text = f"{rng.integers(1, 96):02d}" if rng.random() < 0.8 else ["2A", "2B", "971", "974", "RM", "MI", "TO", "976"][rng.integers(8)]
        s = bw * u(0.5, 0.85) / (19.0 * len(text))
        cv2.putText(plate, text, (x + int(bw * u(0.08, 0.22)), int(H * u(0.78, 0.94))), cv2.FONT_HERSHEY_DUPLEX, s, light, max(1, int(s * u(1.2, 2.4))), cv2.LINE_AA)


def _oval(img, rng, x0, y0, H):
    """A country's oval beside the plate: letters that are none of the mark's."""
    u = rng.uniform
    w, h = H * u(0.35, 0.55), H * u(0.35, 0.55)
    cx = x0 - w * u(0.75, 1.2)
    cy = y0 + H * u(0.3, 0.7)
    cv2.ellipse(img, (int(cx), int(cy)), (int(w), int(h)), 0, 0, 360, u(150, 250), -1, cv2.LINE_AA)
    text = ["GB", "GB", "UK", "D", "F", "NL", "IRL", "PL", "B"][rng.integers(9)]
    s = w * 1.3 / (19.0 * len(text))
    cv2.putText(img, text, (int(cx - w * 0.65), int(cy + s * 11)), cv2.FONT_HERSHEY_DUPLEX, s, u(5, 70), max(1, int(s * 2.5)), cv2.LINE_AA)


def _layout(groups, font, ch, rng, gap, ggap, dash):
    """Masks placed on a line: list of (char or None, mask, x), total width. Non-letters have char None."""
    items, x = [], 0.0
    scale = ch / 64.0
    stretch = rng.uniform(0.8, 1.3) if not font.uk and rng.random() < 0.25 else 1.0
    first = True
    for kind, group in groups:
        if not first:
            x += ggap - gap
            if kind == "-" and dash:
                w = max(2, int(ch * rng.uniform(0.12, 0.28)))
                t = max(1, int(ch * rng.uniform(0.08, 0.15)))
                m = np.zeros((int(ch), w), np.uint8)
                y = int(ch * 0.5 - t / 2)
                m[y:y + t] = 255
                items.append((None, m, x - ggap * rng.uniform(0.42, 0.58) - w / 2))
            elif (kind == "|" and rng.random() < 0.9) or (kind in " -" and rng.random() < (0.02 if font.uk else 0.10)):
                m, w = _stickers(rng, int(ch), dash)
                extra = max(0.0, w + gap * rng.uniform(0.6, 1.8) - ggap)
                items.append((None, m, x - ggap + (ggap + extra - w) * rng.uniform(0.4, 0.6)))
                x += extra
        first = False
        for c in group:
            m = font.masks[c]
            w = max(2, int(round(m.shape[1] * scale * stretch)))
            m = cv2.resize(m, (w, int(ch)), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
            items.append((c, m, x))
            x += w + gap
    return items, x - gap


def _groups(text):
    groups, kind, cur = [], " ", ""
    for c in text:
        if c in " -|":
            groups.append((kind, cur))
            kind, cur = c, ""
        else:
            cur += c
    groups.append((kind, cur))
    return [g for g in groups if g[1]]


def render(rng, uk_fonts, fonts, style=None, text=None, scale=0.62, two_line=None, pad=None, strength=1.0, country=None):
    """Draw one plate; scale in px/mm."""
    if text is None:
        style, text, country = make_text(rng)
    p = Plate()
    p.country = country
    u = rng.uniform
    groups = _groups(text)
    if two_line is None:
        two_line = rng.random() < 0.07 and len(groups) > 1
    uk = style == "uk"
    uk_face = uk and rng.random() < 0.86
    font = uk_fonts[rng.integers(len(uk_fonts))] if uk_face else fonts[rng.integers(len(fonts))]
    if text.count("-") == 2 and rng.random() < 0.6:
        narrow = [f for f in fonts if f.narrow]
        font = narrow[rng.integers(len(narrow))] if narrow else font
    elif not uk and rng.random() < 0.05:
        font = uk_fonts[rng.integers(len(uk_fonts))]
    plate_h = (111.0 if uk else u(100, 120)) * scale
    if two_line:
        ch = (79.0 if uk else u(62, 85)) * scale if rng.random() < 0.7 else 64 * scale
    else:
        ch = (79.0 * u(0.97, 1.03) if uk else plate_h / scale * u(0.56, 0.80)) * scale
    if style == "us":
        ch = plate_h * u(0.5, 0.75)
    ch = max(8.0, ch)
    gap = ch * font.gap * u(0.85, 1.15) if not uk_face else ch * 11 / 79 * u(0.8, 1.15)
    ggap = ch * (33 / 79 * u(0.75, 1.15) if uk else u(0.22, 0.8))
    dash = rng.random() < 0.75
    if two_line:
        k = max(1, (len(groups) + rng.integers(0, 2)) // 2)
        lines = [_layout(groups[:k], font, ch, rng, gap, ggap, dash), _layout(groups[k:], font, ch, rng, gap, ggap, dash)]
    else:
        lines = [_layout(groups, font, ch, rng, gap, ggap, dash)]
    text_w = max(l[1] for l in lines)
    lgap = ch * (19 / 79 * u(0.7, 1.3) if uk else u(0.12, 0.4))
    text_h = len(lines) * ch + (len(lines) - 1) * lgap
    band_l = band_r = 0.0
    crest = False
    if style == "eu":
        k = rng.random()
        if k < 0.70:
            band_l = plate_h * u(0.32, 0.46)
        elif k < 0.85:
            crest = True
            band_l = plate_h * u(0.25, 0.4)
        if rng.random() < (0.88 if text.count("-") == 2 else 0.16):
            band_r = plate_h * u(0.3, 0.45)
    elif uk and rng.random() < 0.30:
        band_l = plate_h * u(0.34, 0.48)
    elif style == "br" and rng.random() < 0.3:
        band_l = plate_h * 0.1
    if two_line:
        band_r = 0.0
        band_l *= 0.7
    if uk and not two_line and rng.random() < 0.75:
        plate_w = max(520.0 * scale, text_w + band_l + 2 * ch * u(0.10, 0.25))
    else:
        plate_w = text_w + band_l + band_r + 2 * ch * (u(0.08, 0.4) if rng.random() < 0.75 else u(0.02, 0.1))
    head = foot = 0.0
    if style in ("us", "br") and rng.random() < 0.8:
        head = ch * u(0.15, 0.45)
        foot = ch * u(0.1, 0.4) if rng.random() < 0.7 else 0.0
    ph = max(plate_h if not two_line else 0.0, text_h + 2 * ch * (u(0.13, 0.3) if two_line else u(0.10, 0.22))) + head + foot
    if style == "us":
        plate_w = max(plate_w, ph * u(1.7, 2.2))
    pad = int(ph * 0.45) if pad is None else pad
    W, H = int(plate_w), int(ph)
    img = np.empty((H + 2 * pad, W + 2 * pad), np.float32)
    # surround: car body, bumper edge, holder
    oval = rng.random() < (0.05 if uk else 0.02)
    body = u(5, 235)
    img[:] = body
    if rng.random() < 0.8:
        img += np.linspace(u(-40, 40), u(-40, 40), img.shape[0], dtype=np.float32)[:, None]
    for _ in range(rng.integers(0, 4)):
        a = rng.integers(0, img.shape[0])
        cv2.line(img, (0, int(a)), (img.shape[1], int(a + u(-0.1, 0.1) * H)), float(np.clip(body + u(-80, 80), 0, 255)), int(rng.integers(1, 2 + pad // 3)))
    if rng.random() < 0.25:
        img += cv2.resize(rng.normal(0, u(5, 30), (rng.integers(3, 24), rng.integers(3, 48))).astype(np.float32), (img.shape[1], img.shape[0]))
    x0, y0 = pad, pad
    x1, y1 = x0 + W, y0 + H
    if oval:
        _oval(img, rng, x0, y0, H)
    if not oval and rng.random() < 0.35:                  # holder
        m = int(H * u(0.02, 0.12))
        fm = int(H * u(0.05, 0.35)) if rng.random() < 0.5 else m
        hv = u(5, 70) if rng.random() < 0.8 else u(120, 240)
        cv2.rectangle(img, (x0 - m, y0 - m), (x1 + m, min(img.shape[0] - 1, y1 + fm)), hv, -1)
        if fm > H * 0.12:
            _small_text(img, rng, x0 + W * u(0.05, 0.4), y1 + fm * 0.2, W * u(0.3, 0.6), fm * 0.5, u(120, 250))
    # plate
    bg = u(90, 252)
    ink = u(4, 92)
    if bg - ink < 60:
        bg = ink + 60
    inverted = rng.random() < ((0.18 if text[-1].isdigit() or text[-2:-1].isdigit() else 0.05) if uk else 0.5 if OLD.match(text) else 0.11)
    if inverted:
        bg, ink = ink, bg
    plate = np.full((H, W), bg, np.float32)
    if style == "br" and rng.random() < 0.3:              # Mercosur: dark header
        plate[:int(head)] = u(20, 110)
    if style == "us" and rng.random() < 0.5:
        plate += cv2.resize(rng.normal(0, u(4, 26), (rng.integers(2, 6), rng.integers(2, 8))).astype(np.float32), (W, H), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((H, W), np.float32)
    spare = W - band_l - band_r - text_w
    ox = band_l + spare * (0.5 if rng.random() < 0.7 else u(0.25, 0.75))
    if uk and rng.random() < 0.15:
        ox = band_l * u(0.5, 1.0) + (W - band_l - text_w) * 0.5
    ox = max(1.0, ox)
    oy = head + (H - head - foot - text_h) * (0.5 if rng.random() < 0.7 else u(0.35, 0.65))
    p.glyphs = []
    for n, (items, lw) in enumerate(lines):
        lx = ox + (text_w - lw) * (0.5 if rng.random() < 0.75 else u(0, 1))
        ly = oy + n * (ch + lgap)
        for c, m, x in items:
            xx, yy = int(round(lx + x)), int(round(ly))
            if c is not None and rng.random() < 0.15:
                yy += int(rng.integers(-1, 2))
            a0, b0 = max(0, xx), max(0, yy)
            a1, b1 = min(W, xx + m.shape[1]), min(H, yy + m.shape[0])
            if a1 > a0 and b1 > b0:
                part = m[b0 - yy:b1 - yy, a0 - xx:a1 - xx]
                np.maximum(mask[b0:b1, a0:a1], part, out=mask[b0:b1, a0:a1])
            if c is not None:
                p.glyphs.append((c, xx + pad, yy + pad, xx + m.shape[1] + pad, yy + m.shape[0] + pad, n))
    # thickness: ink spread or wear
    k = rng.random()
    if k < 0.12:
        mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
    elif k < 0.2:
        mask = cv2.erode(mask, np.ones((2, 2), np.uint8))
    if rng.random() < 0.3:
        mask = cv2.GaussianBlur(mask, (0, 0), u(0.4, 0.9))
    mask *= 1 / 255.0
    if rng.random() < 0.15:                               # embossed or three-dimensional characters
        dx, dy = int(rng.integers(-2, 3)), int(rng.integers(-2, 3))
        shadow = np.roll(mask, (dy, dx), (0, 1))
        plate += (np.clip(shadow - mask, 0, 1)) * u(-70, 40)
    if rng.random() < 0.08:                               # two-tone letters
        ink = ink + np.linspace(0, u(-30, 60), H, dtype=np.float32)[:, None]
    plate += (ink - plate) * mask
    # border
    if rng.random() < (0.30 if uk else 0.55):
        t = max(1, int(H * u(0.012, 0.035)))
        m = int(H * u(0.0, 0.05))
        v = float(np.mean(ink)) if rng.random() < 0.75 else u(60, 220)
        if rng.random() < 0.1:
            m, t = 0, max(2, int(H * u(0.03, 0.07)))
        cv2.rectangle(plate, (m, m), (W - 1 - m, H - 1 - m), v, t)
    # bands
    if band_l:
        bw = int(band_l)
        v = u(25, 125) if not crest else None
        if v is not None and not (style == "br"):
            plate[:, :bw] = v
        if crest and rng.random() < 0.6 and bw > 5:
            m, mw = _stickers(rng, int(H * u(0.6, 0.9)), False)
            mw = min(mw, bw)
            a, x = int((H - m.shape[0]) * u(0.1, 0.6)), int((bw - mw) * u(0.2, 0.8))
            part = plate[a:a + m.shape[0], x:x + mw]
            part += (np.mean(ink) - part) * (m[:, :mw] / 255.0)
        if rng.random() < 0.9 and bw > 5:
            light = u(140, 250) if not crest else u(20, 140)
            cy = int(H * u(0.2, 0.4))
            rad = max(2, int(bw * u(0.22, 0.36)))
            if rng.random() < 0.8:
                cv2.circle(plate, (bw // 2, cy), rad, light, max(1, rad // 4), cv2.LINE_AA)
            else:
                cv2.rectangle(plate, (bw // 5, cy - rad // 2), (bw - bw // 5, cy + rad // 2), light, -1)
            letters = "".join(LETTERS[rng.integers(26)] for _ in range(rng.integers(1, 4)))
            if uk:
                letters = ["GB", "UK", "GB", "NI", "ENG", "SCO", "CYM"][rng.integers(7)]
            elif country in regions.CODES:
                letters = regions.SIGNS.get(country, country)
            s = bw * u(0.5, 0.8) / (len(letters) * 18.0 + 2)
            cv2.putText(plate, letters, (int(bw * 0.12), int(H * u(0.78, 0.93))), cv2.FONT_HERSHEY_DUPLEX, s, light, max(1, int(s * 2)), cv2.LINE_AA)
    if band_r:
        _region_band(plate, rng, W - int(band_r), int(band_r))
    if head > 3 and rng.random() < 0.9:
        _small_text(plate, rng, W * u(0.1, 0.35), head * 0.2, W * u(0.3, 0.55), head * 0.6, float(np.mean(ink)) if bg > 60 else 200.0)
    if foot > 3 and rng.random() < 0.9:
        _small_text(plate, rng, W * u(0.1, 0.35), H - foot * 0.85, W * u(0.3, 0.55), foot * 0.6, float(np.mean(ink)))
    if uk and rng.random() < 0.3:                         # maker's name below the characters
        fh = H - oy - text_h
        _small_text(plate, rng, W * u(0.3, 0.5), H - fh * 0.7, W * u(0.08, 0.3), fh * 0.45, float(np.mean(ink)))
    if style == "us" and rng.random() < 0.4:              # a dealer's frame over the plate's edge, its words on it
        t, b = int(max(2, head * u(0.4, 0.9), H * 0.05)), int(max(2, foot * u(0.5, 0.9), H * 0.05))
        s = int(H * u(0.03, 0.08))
        v = u(5, 60) if rng.random() < 0.75 else u(150, 240)
        plate[:t], plate[H - b:], plate[:, :s], plate[:, W - s:] = v, v, v, v
        words = 220.0 if v < 128 else 30.0
        _small_text(plate, rng, W * u(0.1, 0.3), t * 0.2, W * u(0.3, 0.6), t * 0.6, words)
        _small_text(plate, rng, W * u(0.1, 0.3), H - b * 0.8, W * u(0.3, 0.6), b * 0.6, words)
    # bolts
    if rng.random() < 0.45:
        for bx in ((u(0.06, 0.25), u(0.75, 0.94)) if rng.random() < 0.7 else (0.5,)):
            by = H * (0.5 if rng.random() < 0.4 else u(0.15, 0.85))
            cv2.circle(plate, (int(W * bx), int(by)), max(1, int(H * u(0.025, 0.055))), float(np.clip(bg + u(-110, 60), 0, 255)), -1, cv2.LINE_AA)
    if rng.random() < 0.18:                               # mud
        spots = cv2.resize(rng.normal(0, 1, (rng.integers(4, 14), rng.integers(8, 40))).astype(np.float32), (W, H), interpolation=cv2.INTER_CUBIC)
        plate += np.clip(spots - 1.0, 0, 1) * (u(20, 160) - plate) * 0.8 * strength
    corner = int(H * u(0.0, 0.16))
    if corner > 2 and rng.random() < 0.6:                 # rounded corners show the body
        keep = np.zeros((H, W), np.uint8)
        cv2.rectangle(keep, (corner, 0), (W - corner, H), 255, -1)
        cv2.rectangle(keep, (0, corner), (W, H - corner), 255, -1)
        for cx, cy in ((corner, corner), (W - corner, corner), (corner, H - corner), (W - corner, H - corner)):
            cv2.circle(keep, (cx, cy), corner, 255, -1)
        under = img[y0:y1, x0:x1]
        np.copyto(plate, under, where=keep == 0)
    img[y0:y1, x0:x1] = plate
    if rng.random() < 0.35:                               # recess shadow of the boot lid or bumper
        h = int(H * u(0.05, 0.4))
        img[y0:y0 + h] *= np.linspace(u(0.35, 0.9), 1, h, dtype=np.float32)[:, None] if h else 1
    p.image = img
    p.quad = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    p.text = "".join(c for c, *_ in p.glyphs)
    p.lines = len(lines)
    p.ink_gap = abs(float(bg) - float(np.mean(ink)))
    return p


def bow(img, rng, quad):
    """The plate follows a bumper: it sags or rises towards its middle or one end. quad: of a plate that lies straight."""
    h, w = img.shape
    x0, x1, tall = quad[0, 0], quad[1, 0], quad[3, 1] - quad[0, 1]
    amount = tall * rng.uniform(-0.16, 0.16)
    t = (np.arange(w, dtype=np.float32) - (x0 + x1) / 2) / ((x1 - x0) / 2) - np.float32(rng.uniform(-0.6, 0.6))
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    return cv2.remap(img, x, y + (amount * (t * t - 0.4)).astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def cover(img, rng, glyphs, quad, backgrounds=None):
    """Something stands before one to three neighbouring characters, or before the upper or lower part of some: they stay in
    the text, so that the reader learns to spread its belief over all that might be there. Returns the share of the
    characters that is hidden."""
    u = rng.uniform
    n = int(rng.integers(1, min(4, len(glyphs)))) if rng.random() < 0.8 else len(glyphs) * 3 // 4
    half = rng.random() < 0.25
    if half:                                              # a bumper's edge, snow, a load that hangs down
        n = int(rng.integers(1, len(glyphs) + 1))
    i = int(rng.integers(len(glyphs) - n + 1))
    h, w = img.shape
    tall = quad[3, 1] - quad[0, 1]
    a = int(max(0, glyphs[i][1] - tall * u(0, 0.06)))
    b = int(min(w, glyphs[i + n - 1][3] + tall * u(0, 0.06)))
    y0, y1 = int(max(0, quad[0, 1] - tall * u(-0.05, 0.3))), int(min(h, quad[3, 1] + tall * u(-0.05, 0.3)))
    if half:
        g0, g1 = glyphs[i][2], glyphs[i][4]
        if rng.random() < 0.35:
            y1 = int(g0 + (g1 - g0) * u(0.15, 0.6))
        else:
            y0 = int(g1 - (g1 - g0) * u(0.15, 0.6))
    if b - a < 4 or y1 - y0 < 4:
        return 0.0
    m = np.zeros((h, w), np.float32)
    k = 1.0 if half else rng.random()
    if k < 0.4:                                           # a post, a hand, another car's edge
        lean = u(-0.3, 0.3) * tall
        q = np.array([[a + lean, y0], [b + lean, y0], [b - lean, y1], [a - lean, y1]])
        cv2.fillConvexPoly(m, q.astype(np.int32), 1.0, cv2.LINE_AA)
    elif k < 0.75:                                        # a leaf, a ball, mud
        cv2.ellipse(m, ((a + b) // 2, (y0 + y1) // 2), (int((b - a) * 0.6) + 1, int((y1 - y0) * 0.55)), u(-20, 20), 0, 360, 1.0, -1, cv2.LINE_AA)
    else:                                                 # a tow bar
        cv2.rectangle(m, (a, y0), (b, y1 if half else h - 1), 1.0, -1)
    if rng.random() < 0.4:
        m = cv2.GaussianBlur(m, (0, 0), tall * u(0.01, 0.1))
    what = np.full((h, w), u(5, 245), np.float32)
    if backgrounds and rng.random() < 0.6:
        g = backgrounds[rng.integers(len(backgrounds))]
        s = int(rng.integers(16, 120))
        y, x = int(rng.integers(max(1, g.shape[0] - s))), int(rng.integers(max(1, g.shape[1] - s)))
        what = cv2.resize(g[y:y + s, x:x + s].astype(np.float32), (w, h))
    else:
        what += cv2.resize(rng.normal(0, u(0, 25), (rng.integers(3, 9), rng.integers(3, 12))).astype(np.float32), (w, h))
    img += (what - img) * m
    return n / len(glyphs) * (0.4 if half else 1.0)


def light(img, rng, strength=1.0):
    """Uneven light, a hard shadow, glare."""
    u = rng.uniform
    h, w = img.shape
    if rng.random() < 0.6:
        gain = cv2.resize((1 + rng.normal(0, 0.16 * strength, (2, 4))).astype(np.float32), (w, h), interpolation=cv2.INTER_LINEAR)
        img = img * np.clip(gain, 0.3, 2)
    if rng.random() < 0.22 * strength:
        q = np.array([[u(-0.3, 1.0) * w, -5], [u(0.0, 1.5) * w, -5], [u(0.0, 1.5) * w, h + 5], [u(-0.3, 1.0) * w, h + 5]])
        if rng.random() < 0.4:
            y = u(0.1, 0.7) * h
            q = np.array([[-5, -5], [w + 5, -5], [w + 5, y + u(-0.2, 0.2) * h], [-5, y]])
        m = np.zeros((h, w), np.float32)
        cv2.fillConvexPoly(m, q.astype(np.int32), 1.0)
        m = cv2.GaussianBlur(m, (0, 0), u(0.5, 4))
        img = img * (1 - m * u(0.2, 0.65))
    if rng.random() < 0.10 * strength:                    # veiling glare: the contrast goes, all over or beside a lamp
        k = u(0.15, 0.6)
        if rng.random() < 0.6:
            yy, xx = np.ogrid[:h, :w]
            k = k * np.exp(-(((xx - u(-0.2, 1.2) * w) / (u(0.2, 0.8) * w)) ** 2 + ((yy - u(-0.5, 1.2) * h) / (u(0.4, 1.5) * h)) ** 2)).astype(np.float32)
        img = img + (u(110, 240) - img) * k
    if rng.random() < 0.10 * strength:
        cx, cy, s = u(0, 1) * w, u(0, 1) * h, u(0.05, 0.4) * w
        yy, xx = np.ogrid[:h, :w]
        img = img + u(40, 170) * np.exp(-((xx - cx) ** 2 + (yy - cy) ** 2) / (2 * s * s)).astype(np.float32)
    return img


def motion_kernel(length, angle):
    n = int(np.ceil(length)) | 1
    k = np.zeros((n, n), np.float32)
    c = n // 2
    d = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    cv2.line(k, (int(round((c - d[0]) * 16)), int(round((c - d[1]) * 16))), (int(round((c + d[0]) * 16)), int(round((c + d[1]) * 16))), 1.0, 1, cv2.LINE_AA, 4)
    s = k.sum()
    return k / s if s > 0 else np.ones((1, 1), np.float32)


def sensor(img, rng, strength, tilt=0.0, size=100.0, contrast=None):
    """What a camera does at the target resolution: blur, exposure, noise, compression. size: plate width in px."""
    u = rng.uniform
    img = img.astype(np.float32)
    ref = size / 100.0
    if rng.random() < 0.08:                               # retroreflective bloom under infra-red or headlights
        b = cv2.GaussianBlur(np.clip(img * u(1.2, 2.2), 0, 255), (0, 0), u(0.6, 1.6) * max(0.5, ref))
        img = np.maximum(img, b * u(0.6, 1.0))
    if rng.random() < 0.55:
        img = cv2.GaussianBlur(img, (0, 0), u(0.3, 0.3 + 1.1 * strength) * min(1.6, max(0.5, ref ** 0.6)))
    moved = False
    if rng.random() < 0.32 * strength + 0.05:
        length = u(1.5, 1.5 + 5.0 * strength) * min(2.0, max(0.4, ref ** 0.8))
        moved = True
        img = cv2.filter2D(img, -1, motion_kernel(length, tilt + (rng.normal(0, 0.2) if rng.random() < 0.75 else u(0, 3.14))), borderType=cv2.BORDER_REPLICATE)
    if not moved and rng.random() < 0.10 * strength:
        r = u(0.6, 0.8 + 1.4 * strength) * min(1.6, max(0.5, ref ** 0.7))
        n = int(np.ceil(r)) * 2 + 1
        yy, xx = np.mgrid[:n, :n] - n // 2
        k = np.clip(r + 0.5 - np.hypot(xx, yy), 0, 1).astype(np.float32)
        img = cv2.filter2D(img, -1, k / k.sum(), borderType=cv2.BORDER_REPLICATE)
    k = rng.random()
    if k < 0.25:
        img = img * u(0.12, 0.8)
    elif k < 0.40:
        img = img * u(1.05, 1.7)
    img = np.clip(img, 0, 255)
    if rng.random() < 0.4:
        img = 255 * (img / 255) ** u(0.5, 1.8)
    if rng.random() < 0.15:
        mean = img.mean()
        img = mean + (img - mean) * u(0.15, 0.6)
    if rng.random() < 0.65:
        sd = float(img.std()) if contrast is None else contrast
        cap = sd * u(0.02, 0.15 + 0.3 * strength)
        noise = min(u(0.5, 14), cap)
        n = rng.standard_normal(img.shape, dtype=np.float32) * noise
        if rng.random() < 0.4:
            n = cv2.GaussianBlur(n, (0, 0), 0.7) * 1.7
        img = img + n
    if rng.random() < 0.12:
        img = img + (img - cv2.GaussianBlur(img, (0, 0), 1.0)) * u(0.4, 1.6)
    out = np.clip(img, 0, 255).astype(np.uint8)
    if rng.random() < 0.45:
        q = int(u(25 + 20 * (1 - strength), 92))
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, q])[1], cv2.IMREAD_GRAYSCALE)
    return out
