# What this file is for: random stroke fonts (no font file, no font licence) and the UK outlines as cached glyph masks.
# SPDX-License-Identifier: GPL-3.0-or-later
import cv2
import numpy as np

import outlines

HEIGHT = 64                 # pixel height of the cached masks
NARROW = 0.25               # of the random typefaces
K = 0.5523                  # cubic that looks like a quarter circle


class Pen:
    """Builds paths in the text form that outlines.parse_path reads."""

    def __init__(self):
        self.out, self.x, self.y = [], 0.0, 0.0

    def m(self, x, y):
        self.out.append(f"M {x:.3f} {y:.3f}")
        self.x, self.y = x, y
        return self

    def l(self, *xy):
        for x, y in zip(xy[::2], xy[1::2]):
            self.out.append(f"L {x:.3f} {y:.3f}")
            self.x, self.y = x, y
        return self

    def arc(self, x, y, first):
        x0, y0 = self.x, self.y
        if first == "h":
            c = (x0 + (x - x0) * K, y0, x, y - (y - y0) * K)
        else:
            c = (x0, y0 + (y - y0) * K, x - (x - x0) * K, y)
        self.out.append("C " + " ".join(f"{v:.3f}" for v in c + (x, y)))
        self.x, self.y = x, y
        return self

    def c(self, *v):
        self.out.append("C " + " ".join(f"{a:.3f}" for a in v))
        self.x, self.y = v[4], v[5]
        return self

    def loop(self, a, b, c, d, r):
        r = min(r, (c - a) / 2 - 0.01, (d - b) / 2 - 0.01)
        self.m(a + r, b).l(c - r, b).arc(c, b + r, "h").l(c, d - r).arc(c - r, d, "v")
        self.l(a + r, d).arc(a, d - r, "h").l(a, b + r).arc(a + r, b, "v")
        self.out.append("Z")
        return self

    def __str__(self):
        return " ".join(self.out)


def _letter_j(rng, W, H, p, r):
    """(path, advance). As wide as the other letters, or, as in Poland and Germany, much narrower; some with a bar on top."""
    u = rng.uniform
    w = W * (1.0 if rng.random() < 0.5 else u(0.5, 0.9))
    w = max(w, 2.4 * p)
    L, R, T, B = p / 2, w - p / 2, p / 2, H - p / 2
    r = min(r, R - L - 0.5)
    j = Pen().m(R, 0).l(R, B - r).arc(R - r, B, "v")
    if L + r < R - r:
        j.l(L + r, B)
    if rng.random() < 0.8:
        j.arc(L, B - min(r, R - L - 0.5), "h").l(L, H * u(0.62, 0.8))
    else:                   # a flat foot
        j.l(L * u(0.2, 1.0), B)
    if rng.random() < 0.12:
        j.m(R, T).l(L * u(0.5, 1.5), T)
    return j, w


def _tail_of_q(rng, W, H, p):
    """Inside and crossing the bowl, or, as in France, a short stroke at its foot that ends below or beside it."""
    u = rng.uniform
    if rng.random() < 0.4:
        return Pen().m(W * 0.55, H * u(0.62, 0.7)).l(W * 0.9, H * 0.93)
    return Pen().m(W - p * u(1.5, 2.2), H - p * u(1.5, 2.6)).l(W * u(0.8, 1.04), H * u(0.9, 1.05))


def random_paths(rng, narrow=False):
    """One random typeface: {char: (advance, path)}, height 79, and its pen. narrow: as in France, M and X no wider than
    other letters."""
    u = rng.uniform
    H = 79.0
    W = H * (u(0.42, 0.56) if narrow else u(0.44, 0.76))
    p = H * (u(0.10, 0.165) if narrow else u(0.10, 0.195))
    p = min(p, W * 0.31)
    L, R, T, B = p / 2, W - p / 2, p / 2, H - p / 2
    r = W * u(0.13, 0.5)
    rO = r * u(0.55, 1.0)
    rD = min(W * 0.5, r * u(0.9, 1.5))
    waist = H * u(0.45, 0.53)
    rl = lambda v: min(v, R - L - 1, (B - waist) - 1, (waist - T) - 1)
    r = rl(r); rD = rl(rD); rO = rl(rO)
    cx = W / 2
    tail = p * 0.35
    g = {}

    def put(chars, path, width=W):
        for c in chars:
            g[c] = (width, str(path))

    if rng.random() < 0.1:
        zero = Pen().loop(L, T, R, B, (R - L) / 2)
    else:
        zero = Pen().loop(L, T, R, B, r)
    z = rng.random()
    o = Pen().loop(L, T, R, B, rO if rng.random() < 0.7 else (R - L) / 2)
    put("O", o)
    if z < 0.04:
        zero.m(R - 0.1 * W, T + 0.14 * H).l(L + 0.1 * W, B - 0.14 * H)
    elif z < 0.06:
        zero.m(cx, H * 0.44).l(cx, H * 0.56)
    elif z < 0.10:          # German-like notch: a short diagonal cut inside the corner
        zero.m(R - 0.02 * W, T + 0.02 * H).l(cx + 0.1 * W, T + 0.24 * H)
    put("0", zero)
    # 1 and I
    k = rng.random()
    if k < 0.3:
        put("1", Pen().m(p / 2, 0).l(p / 2, H), p)
    else:
        w1 = W * u(0.45, 0.75)
        xs = w1 - p / 2 if k < 0.75 else w1 * 0.55
        one = Pen().m(xs, H).l(xs, T * u(0.3, 1.0))
        fy = H * u(0.14, 0.3)
        one = Pen().m(xs, H).l(xs, 0)
        one.m(xs, T * 0.9).l(p * 0.3, fy)
        if k > 0.75:
            one.m(0, B).l(w1, B)
        put("1", one, w1)
    if rng.random() < 0.75:
        put("I", Pen().m(p / 2, 0).l(p / 2, H), p)
    else:
        wi = W * u(0.45, 0.7)
        put("I", Pen().m(wi / 2, 0).l(wi / 2, H).m(0, T).l(wi, T).m(0, B).l(wi, B), wi)
    # 2
    open_ = H * u(0.26, 0.36)
    two = Pen().m(L, open_).l(L, T + r).arc(L + r, T, "v").l(R - r, T).arc(R, T + r, "h")
    if rng.random() < 0.75:
        two.l(R, H * 0.3).c(R, H * 0.45, W * 0.62, H * 0.54, W * 0.5, H * 0.62)
        if rng.random() < 0.5:
            two.l(L + 0.06 * W, B - tail)
            two.m(L * 0.6, B).l(W, B)
        else:
            two.c(W * 0.25, H * 0.76, L, H * 0.8, L, B).l(W, B)
    else:                   # boxy 2
        two.l(R, waist - r * 0.6).arc(R - r * 0.6, waist, "v").l(L + r * 0.6, waist).arc(L, waist + r * 0.6, "h").l(L, B).l(W, B)
    put("2", two)
    # 3
    if rng.random() < 0.7:
        three = Pen().m(L, open_ - H * 0.02).l(L, T + r).arc(L + r, T, "v").l(R - r, T)
        three.arc(R - W * 0.02, T + r, "h").l(R - W * 0.02, waist - r).arc(R - r, waist, "v").l(W * u(0.3, 0.45), waist)
        three.m(R - r, waist).arc(R, waist + r, "h").l(R, B - r).arc(R - r, B, "v").l(L + r, B).arc(L, B - r, "h").l(L, H - open_ + H * 0.03)
    else:                   # flat-topped 3
        three = Pen().m(0, T).l(R - 0.03 * W, T).l(cx, waist - H * 0.04).l(R - r, waist - H * 0.04)
        three.arc(R, waist + r, "h").l(R, B - r).arc(R - r, B, "v").l(L + r, B).arc(L, B - r, "h").l(L, H - open_ + H * 0.04)
    put("3", three)
    # 4
    y4 = H * u(0.66, 0.78)
    x4 = W * u(0.62, 0.8)
    k = rng.random()
    if k < 0.45:
        four = Pen().m(W, y4).l(L * 1.2, y4).l(x4 - 0.02 * W, tail).m(x4, 0).l(x4, H)
    elif k < 0.75:
        four = Pen().m(W, y4).l(L * 1.2, y4).l(W * u(0.45, 0.62), tail).l(W * 0.55, 0).m(x4, H * u(0.3, 0.5)).l(x4, H)
    else:                   # open 4
        four = Pen().m(L, 0).l(L, y4 - H * 0.1).l(W, y4 - H * 0.1).m(R - 0.1 * W, H * u(0, 0.35)).l(R - 0.1 * W, H)
    put("4", four)
    # 5
    y5 = H * u(0.36, 0.46)
    five = Pen().m(W * 0.95, T).l(L + W * 0.02, T).l(L + W * u(0, 0.02), y5).l(R - r, y5)
    five.arc(R, y5 + r, "h").l(R, B - r).arc(R - r, B, "v").l(L + r, B).arc(L, B - r, "h").l(L, H - open_ + H * 0.04)
    put("5", five)
    # 6, 9
    y6 = H * u(0.38, 0.48)
    for c, flip in (("6", False), ("9", True)):
        if rng.random() < 0.8:
            six = Pen().m(R, open_ - H * 0.02).l(R, T + r).arc(R - r, T, "v").l(L + r, T).arc(L, T + r, "h").l(L, B - r).arc(L + r, B, "v")
            six.l(R - r, B).arc(R, B - r, "h").l(R, y6 + r).arc(R - r, y6, "v").l(L + r, y6).arc(L, y6 + r, "h")
        else:               # straight-backed 6
            ry = min(r * 1.2, (B - y6) / 2 - 0.1, (R - L) / 2 - 0.1)
            six = Pen().loop(L, y6, R, B, ry)
            six.m(L + 0.02 * W, y6 + ry * 1.2).c(L + 0.05 * W, H * 0.3, W * 0.4, H * 0.15, W * 0.62, tail)
        text = str(six)
        if flip:
            out, n = [], 0
            for t in text.split():
                if t in "MLCZ":
                    out.append(t); n = 0
                else:
                    out.append(f"{(W if n % 2 == 0 else H) - float(t):.3f}"); n += 1
            text = " ".join(out)
        put(c, text)
    # 7
    x7 = W * u(0.28, 0.42)
    seven = Pen().m(0, T).l(R - 0.02 * W, T)
    if rng.random() < 0.8:
        seven.l(x7, H - tail).l(x7 - 0.01, H)
    else:
        seven.c(W * 0.7, H * 0.35, x7 + 0.04 * W, H * 0.6, x7, H)
    if rng.random() < 0.08:
        seven.m(W * 0.3, waist).l(W * 0.8, waist)
    put("7", seven)
    # 8
    inset = W * u(0.0, 0.05)
    put("8", Pen().loop(L + inset, T, R - inset, waist, r).loop(L, waist, R, B, r * u(0.95, 1.1)))
    # letters
    top = W * u(0.0, 0.14)   # half the flat top of A
    bar = H * u(0.64, 0.74)
    a = Pen().m(L, H).l(L + 0.01, H - tail).l(cx - top, tail).l(cx - top, 0).m(R, H).l(R - 0.01, H - tail).l(cx + top, tail).l(cx + top, 0)
    a.m(L + W * 0.1, bar).l(R - W * 0.1, bar)
    if rng.random() < 0.08:  # round A
        a = Pen().m(L, H).l(L, T + r).arc(L + r, T, "v").l(R - r, T).arc(R, T + r, "h").l(R, H).m(L, bar * 0.85).l(R, bar * 0.85)
    put("A", a)
    rb = r * u(0.8, 1.1)
    rb = rl(rb)
    b = Pen().m(L, 0).l(L, H).m(L, T).l(R - inset - rb, T).arc(R - inset, T + rb, "h").l(R - inset, waist - rb).arc(R - inset - rb, waist, "v").l(L, waist)
    b.m(R - rb - inset, waist).l(R - rb, waist).arc(R, waist + rb, "h").l(R, B - rb).arc(R - rb, B, "v").l(L, B)
    put("B", b)
    oc = H * (u(0.28, 0.38) if rng.random() < 0.7 else u(0.17, 0.28))          # some, as the Polish, nearly close
    put("C", Pen().m(R, oc).l(R, T + r).arc(R - r, T, "v").l(L + r, T).arc(L, T + r, "h").l(L, B - r).arc(L + r, B, "v").l(R - r, B).arc(R, B - r, "h").l(R, H - oc))
    put("D", Pen().m(L, 0).l(L, H).m(L, T).l(R - rD, T).arc(R, T + rD, "h").l(R, B - rD).arc(R - rD, B, "v").l(L, B))
    we = W * u(0.85, 0.98)
    wm = we * u(0.8, 1.0)
    put("E", Pen().m(L, 0).l(L, H).m(L, T).l(we, T).m(L, waist).l(wm, waist).m(L, B).l(we, B), W * 0.97)
    put("F", Pen().m(L, 0).l(L, H).m(L, T).l(we, T).m(L, waist + 0.02 * H).l(wm, waist + 0.02 * H), W * 0.95)
    yg = H * u(0.5, 0.6)
    gl = W * u(0.42, 0.68)
    gg = Pen().m(R, oc).l(R, T + r).arc(R - r, T, "v").l(L + r, T).arc(L, T + r, "h").l(L, B - r).arc(L + r, B, "v").l(R - r, B).arc(R, B - r, "h")
    k = rng.random()
    if k < 0.75:
        gg.l(R, yg).l(gl, yg)
    elif k < 0.9:           # spur to the foot
        gg.l(R, yg).l(gl, yg).m(R, yg).l(R, H)
    else:                   # bar without a corner
        gg.l(R, yg - p * 0.5).m(gl, yg).l(W, yg)
    put("G", gg)
    put("H", Pen().m(L, 0).l(L, H).m(R, 0).l(R, H).m(L, waist).l(R, waist))
    put("J", *_letter_j(rng, W, H, p, r))
    put("K", Pen().m(L, 0).l(L, H).m(L, H * u(0.56, 0.66)).l(R - 0.02 * W, p * 0.6).l(R, 0).m(W * 0.42, H * 0.45).l(R - 0.02 * W, H - p * 0.5).l(R, H))
    put("L", Pen().m(L, 0).l(L, B).l(W * 0.95, B), W * 0.95)
    slant = W * u(0.0, 0.1) if rng.random() < 0.4 else 0.0
    wm = W * (u(0.92, 1.12) if narrow else u(1.0, 1.25))
    Rm = wm - p / 2
    valley = H * (u(0.36, 0.62) if narrow else u(0.42, 0.95))
    m = Pen().m(L, H).l(L + slant, 0).m(Rm, H).l(Rm - slant, 0)
    m.m(L + slant, p * 0.5).l(wm / 2, valley).l(Rm - slant, p * 0.5)
    put("M", m, wm)
    put("N", Pen().m(L, 0).l(L, H).m(R, 0).l(R, H).m(L, p * 0.6).l(R, H - p * 0.6))
    yp = H * u(0.5, 0.6)
    put("P", Pen().m(L, 0).l(L, H).m(L, T).l(R - rb, T).arc(R, T + rb, "h").l(R, yp - rb).arc(R - rb, yp, "v").l(L, yp))
    put("Q", f"{Pen().loop(L, T, R, B, rO)} {_tail_of_q(rng, W, H, p)}")
    put("R", Pen().m(L, 0).l(L, H).m(L, T).l(R - rb, T).arc(R, T + rb, "h").l(R, yp - rb).arc(R - rb, yp, "v").l(L, yp)
        .m(W * u(0.38, 0.55), yp).l(R - 0.01 * W, H - tail * 1.3).l(R, H))
    s = Pen().m(R, open_).l(R, T + r).arc(R - r, T, "v").l(L + r, T).arc(L, T + r, "h")
    if rng.random() < 0.6:
        s.l(L, H * 0.28).c(L, H * 0.42, L + W * 0.12, H * 0.46, W * 0.38, H * 0.48).l(W * 0.62, H * 0.52).c(R - W * 0.1, H * 0.55, R, H * 0.6, R, H * 0.7).l(R, B - r)
    else:
        s.l(L, waist - r).arc(L + r, waist, "v").l(R - r, waist).arc(R, waist + r, "h").l(R, B - r)
    s.arc(R - r, B, "v").l(L + r, B).arc(L, B - r, "h").l(L, H - open_)
    put("S", s)
    put("T", Pen().m(0, T).l(W, T).m(cx, T).l(cx, H))
    put("U", Pen().m(L, 0).l(L, B - r).arc(L + r, B, "v").l(R - r, B).arc(R, B - r, "h").l(R, 0))
    vv = W * u(0.0, 0.12)
    put("V", Pen().m(L, 0).l(L + 0.01, tail).l(cx - vv, H - tail).l(cx - vv, H).m(R, 0).l(R - 0.01, tail).l(cx + vv, H - tail).l(cx + vv, H))
    ww = W * u(1.0, 1.35)
    Rw = ww - p / 2
    lean = (ww * u(0.08, 0.2)) if rng.random() < 0.5 else 0.0
    peak = H * u(0.02, 0.58)
    w = Pen().m(L, 0).l(L + lean, H).m(Rw, 0).l(Rw - lean, H)
    w.m(L + lean, H - p * 0.4).l(ww / 2, peak).l(Rw - lean, H - p * 0.4)
    put("W", w, ww)
    put("X", Pen().m(L, 0).l(L + 0.01, tail * 1.3).l(R - 0.01, H - tail * 1.3).l(R, H).m(R, 0).l(R - 0.01, tail * 1.3).l(L + 0.01, H - tail * 1.3).l(L, H))
    yy = H * u(0.48, 0.62)
    put("Y", Pen().m(L, 0).l(L + 0.01, tail * 1.3).l(cx, yy).l(cx, H).m(R, 0).l(R - 0.01, tail * 1.3).l(cx, yy))
    put("Z", Pen().m(W * 0.03, T).l(R - 0.08 * W, T).l(L + 0.08 * W, B).l(W * 0.98, B))
    return g, p


class Font:
    """Masks of one typeface at HEIGHT px; gap: usual gap between characters in heights; uk: a UK face."""

    def __init__(self, masks, gap, uk, narrow=False):
        self.masks, self.gap, self.uk, self.narrow = masks, gap, uk, narrow


def random_font(rng):
    narrow = rng.random() < NARROW
    glyphs, pen = random_paths(rng, narrow)
    dims = {"height_mm": 79.0, "stroke_mm": pen}
    soft = rng.uniform(1.2, 3.0) if rng.random() < 0.45 else 0.0     # rounded pen
    masks = {}
    for c, (advance, path) in glyphs.items():
        m = outlines.glyph_mask((advance, outlines.parse_path(path, 6)), dims, HEIGHT)
        if soft:
            q = cv2.copyMakeBorder(m, 6, 6, 6, 6, cv2.BORDER_CONSTANT)
            q = cv2.GaussianBlur(q, (0, 0), soft)
            q = np.clip((q.astype(np.float32) - 127) * (1.4 * soft) + 127, 0, 255).astype(np.uint8)
            m = q[6:-6, 6:-6]
        masks[c] = np.ascontiguousarray(m)
    return Font(masks, rng.uniform(0.09, 0.22), False, narrow)


def uk_font(rng, dims, glyphs):
    pen = dims["stroke_mm"] * rng.uniform(0.80, 1.06)
    stretch = rng.uniform(0.93, 1.06)
    soft = rng.uniform(0.8, 1.6) if rng.random() < 0.4 else 0.0
    glyphs = dict(glyphs)
    lean, peak, valley = rng.uniform(0, 4.5), rng.uniform(12, 44), rng.uniform(40, 66)
    if rng.random() < 0.5:                                # makers' own W and M
        glyphs["W"] = (50.0, outlines.parse_path(f"M 7 0 L {7 + lean:.2f} 79 M 43 0 L {43 - lean:.2f} 79 M {6.6 + lean:.2f} 71.5 L 25 {peak:.2f} L {43.4 - lean:.2f} 71.5"))
    if rng.random() < 0.4:
        glyphs["M"] = (50.0, outlines.parse_path(f"M 7 79 L 7 0 M 43 79 L 43 0 M 6.6 7.5 L 25 {valley:.2f} L 43.4 7.5"))
    masks = {}
    for c in outlines.ALPHABET:
        m = outlines.glyph_mask(glyphs[c], dims, HEIGHT, pen)
        if soft:
            m = cv2.GaussianBlur(m, (0, 0), soft)
            m = np.clip((m.astype(np.float32) - 127) * (1.5 * soft) + 127, 0, 255).astype(np.uint8)
        m = cv2.resize(m, (max(4, int(round(m.shape[1] * stretch))), HEIGHT), interpolation=cv2.INTER_LINEAR)
        masks[c] = m
    return Font(masks, 11 / 79, True)


def make_fonts(rng, outline_file, random_fonts=140, uk_fonts=16):
    dims, glyphs = outlines.load(outline_file)
    return [uk_font(rng, dims, glyphs) for _ in range(uk_fonts)], [random_font(rng) for _ in range(random_fonts)]
