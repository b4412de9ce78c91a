# What this file is for: reader training crops (48x160 grey) with text and a class for each of the 40 columns.
# SPDX-License-Identifier: GPL-3.0-or-later
import cv2
import numpy as np

import outlines
import plates
import regions

WIDTH, HEIGHT, COLUMNS = 160, 48, 40
BLANK, IGNORE = 36, -100
INDEX = {c: i for i, c in enumerate(outlines.ALPHABET)}
MAX_TEXT = 10
WIDTHS = 44, 280          # of the plate, in pixels
REAL_SHARE = 0.08
COVERED = 0.14           # of the drawn plates, something stands before some characters
BOWED = 0.10              # follow a bumper


def place(rng, quad, strength, wpx, rectified=None):
    """Where the plate's quad lands in a crop that shows it wpx wide: (homography, small width, small height, tilt)."""
    u = rng.uniform
    w = quad[1, 0] - quad[0, 0]
    h = quad[3, 1] - quad[0, 1]
    hpx = wpx * h / w
    if rng.random() < 0.30:                               # seen from the side: fewer columns than its height suggests
        wpx = max(30.0, wpx * u(0.3, 0.9))
    k = rng.random()
    rectified = k < 0.6 if rectified is None else rectified
    askew = rectified and k < 0.15                        # cut straight by corners that slide along a slanting plate
    src = quad.astype(np.float32)
    box = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [wpx, hpx]
    if rectified:
        roll = rng.normal(0, 1.3) * np.pi / 180
        shear = rng.normal(0, 0.05)
        jitter = rng.normal(0, 0.022, (4, 2)) * [wpx * 0.35, hpx] * strength
        if askew:
            slide = np.clip(rng.normal(0, 0.1, 2), -0.25, 0.25) * hpx         # up at one end, down at the other; the ends alike
            jitter = jitter + [[0, slide[0]], [0, -slide[0]], [0, -slide[0]], [0, slide[0]]]
            jitter = jitter + [[0, slide[1]], [0, 0], [0, 0], [0, -slide[1]]]
            shear = rng.normal(0, 0.15)
        if rng.random() < 0.65:
            margins = u(-0.02, 0.07, 2) * wpx, u(-0.03, 0.13, 2) * hpx
        else:                                             # a loose crop: the detector's corners are only roughly right
            margins = u(-0.01, 0.17, 2) * wpx, u(-0.03, 0.30, 2) * hpx
    else:
        roll = float(np.clip(rng.normal(0, 6.0 * strength), -16, 16)) * np.pi / 180
        shear = rng.normal(0, 0.14 * strength)
        jitter = rng.normal(0, 0.035, (4, 2)) * [wpx * 0.2, hpx] * strength
        box = box * [u(0.7, 1.0), 1]
        margins = u(-0.02, 0.08, 2) * wpx, u(-0.03, 0.12, 2) * hpx
    c, s = np.cos(roll), np.sin(roll)
    q = box @ np.array([[1, 0], [shear, 1]]) @ np.array([[c, s], [-s, c]]) + jitter
    if rectified:
        lo = np.array([-0.5 * wpx, -0.5 * hpx])
        hi = -lo
    else:
        lo, hi = q.min(0), q.max(0)
    lo = lo - [margins[0][0], margins[1][0]]
    hi = hi + [margins[0][1], margins[1][1]]
    sw, sh = max(16, int(round(hi[0] - lo[0]))), max(8, int(round(hi[1] - lo[1])))
    dst = ((q - lo) / (hi - lo) * [sw, sh]).astype(np.float32)
    return cv2.getPerspectiveTransform(src, dst), sw, sh, roll


def warp(img, M, sw, sh, factor):
    """Warp with an area filter in front where the picture shrinks; factor = small px per canvas px."""
    if factor < 0.75:
        s = max(factor * 1.25, 0.05)
        img = cv2.resize(img, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        M = M @ np.diag([1 / s, 1 / s, 1.0])
    return cv2.warpPerspective(img, M, (sw, sh), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def columns(glyphs, M, sw):
    """Class of each output column."""
    y = np.full(COLUMNS, BLANK, np.int64)
    centres = np.arange(COLUMNS) * 4.0 + 1.5
    spans = []
    for c, x0, y0, x1, y1, _ in glyphs:
        pts = np.array([[[x0, (y0 + y1) / 2], [x1, (y0 + y1) / 2]]], np.float32)
        a, b = cv2.perspectiveTransform(pts, M)[0][:, 0] * WIDTH / sw
        spans.append((INDEX[c], (a + b) / 2, max((b - a) / 2, 2.0)))
    for k, m, hw in spans:
        y[np.abs(centres - m) <= 0.8 * hw] = IGNORE
    for k, m, hw in spans:
        near = np.abs(centres - m) <= 0.45 * hw
        near[np.argmin(np.abs(centres - m))] = True
        y[near] = k
    return y


def finish(small):
    inter = cv2.INTER_AREA if small.shape[1] > WIDTH * 1.05 else cv2.INTER_LINEAR
    return cv2.resize(small, (WIDTH, HEIGHT), interpolation=inter)


def one_line(rng, p):
    """Corners and glyphs of a drawn plate; of one with two lines those of either."""
    if p.lines != 2:
        return p.quad, p.glyphs
    n = int(rng.integers(2))
    t = float(rng.uniform(0.52, 0.60))
    quad = p.quad.copy()
    y0, y1 = quad[0, 1], quad[3, 1]
    if n == 0:
        quad[2:, 1] = y0 + (y1 - y0) * t
    else:
        quad[:2, 1] = y1 - (y1 - y0) * t
    return quad, [g for g in p.glyphs if g[5] == n]


def sample(rng, uk, fonts, strength, backgrounds=None, real=None):
    """(crop uint8 48x160, text, columns, class of the issuing region)."""
    k = rng.random()
    if k < 0.05:
        return negative(rng, uk, fonts, strength, backgrounds)
    if real is not None and k < 0.05 + REAL_SHARE:
        img, text, region = real(rng, strength)
        return img, text, np.full(COLUMNS, IGNORE, np.int64), region
    width = float(np.exp(rng.uniform(np.log(WIDTHS[0]), np.log(WIDTHS[1]))))
    p = plates.render(rng, uk, fonts, scale=float(np.clip(width / 520 * rng.uniform(1.2, 1.6), 0.26, 0.7)), strength=strength)
    img = p.image
    quad, glyphs = one_line(rng, p)
    hidden = 0.0
    if len(glyphs) > 2 and rng.random() < COVERED:
        hidden = plates.cover(img, rng, glyphs, quad, backgrounds)
    if p.lines == 1 and rng.random() < BOWED:
        img = plates.bow(img, rng, quad)
    M, sw, sh, roll = place(rng, quad, strength, width)
    factor = sh / (quad[3, 1] - quad[0, 1])               # the height is never squeezed
    small = plates.light(warp(img, M, sw, sh, factor), rng, strength)
    small = plates.sensor(small, rng, strength, roll, sw)
    if hidden > 0.6:                                      # too little is left to be a mark
        return finish(small), "", np.full(COLUMNS, BLANK, np.int64), regions.NOT_READ
    y = columns(glyphs, M, sw) if not hidden else np.full(COLUMNS, IGNORE, np.int64)
    return finish(small), "".join(g[0] for g in glyphs), y, regions.get_class(p.country)


def negative(rng, uk, fonts, strength, backgrounds):
    """No plate: a piece of scenery, empty surround, or small lettering; nothing is to be read."""
    y = np.full(COLUMNS, BLANK, np.int64)
    if backgrounds and rng.random() < 0.75:
        b = backgrounds[rng.integers(len(backgrounds))]
        w = int(np.exp(rng.uniform(np.log(30), np.log(300))))
        h = max(8, int(w / rng.uniform(2.0, 5.5)))
        if b.shape[0] > h + 1 and b.shape[1] > w + 1:
            x0, y0 = rng.integers(b.shape[1] - w), rng.integers(b.shape[0] - h)
            return finish(plates.sensor(b[y0:y0 + h, x0:x0 + w].copy(), rng, strength, 0, w)), "", y, regions.NOT_READ
    img = np.full((60, 200), rng.uniform(20, 240), np.float32)
    for _ in range(rng.integers(0, 9)):
        a = rng.integers(0, 200, 4)
        cv2.line(img, (int(a[0]), int(a[1] % 60)), (int(a[2]), int(a[3] % 60)), float(rng.uniform(0, 255)), int(rng.integers(1, 9)), cv2.LINE_AA)
    img += cv2.resize(rng.normal(0, 20, (6, 16)).astype(np.float32), (200, 60))
    return finish(plates.sensor(img, rng, strength, 0, 120)), "", y, regions.NOT_READ


def batch(rng, uk, fonts, strength, n, backgrounds=None, real=None):
    x = np.empty((n, HEIGHT, WIDTH), np.uint8)
    y = np.empty((n, COLUMNS), np.int64)
    t = np.zeros((n, MAX_TEXT), np.int64)
    l = np.zeros(n, np.int64)
    r = np.zeros(n, np.int64)
    for i in range(n):
        while True:
            x[i], text, y[i], r[i] = sample(rng, uk, fonts, strength, backgrounds, real)
            if len(text) <= MAX_TEXT:
                break
        l[i] = len(text)
        t[i, :l[i]] = [INDEX[c] for c in text]
    return x, y, t, l, r


def again(rng, batch):
    """The same samples for a second use: moved by a pixel, other noise, some softened."""
    x, *rest = batch
    out = np.empty_like(x)
    for i in range(len(x)):
        img = cv2.warpAffine(x[i], np.float32([[1, 0, rng.uniform(-1.2, 1.2)], [0, 1, rng.uniform(-1.5, 1.5)]]), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        if rng.random() < 0.3:
            img = cv2.GaussianBlur(img, (3, 3), rng.uniform(0.3, 0.7))
        out[i] = img
    noise = rng.standard_normal(x.shape, dtype=np.float32) * out.std((1, 2), keepdims=True) * rng.uniform(0, 0.12, (len(x), 1, 1)).astype(np.float32)
    return (np.clip(out + noise, 0, 255).astype(np.uint8), *rest)
