# What this file is for: training crops of plates that something covers in part, or seems to, and where that is.
# SPDX-License-Identifier: GPL-3.0-or-later
import cv2
import numpy as np

import crops
import plates
import real

SHARE = 0.55             # of the plates, something hides a part of a character
MISSES = 0.15            # something is there and hides none
REAL_SHARE = 0.25
ELSEWHERE = -1           # class of a column where no character stands
LEAST = 0.05             # of a character hidden: less is none
BEYOND = 1.0


def texture(rng, shape, near, backgrounds):
    """What the thing looks like: plain, shaded, rough, striped, or a piece of scenery or of what is beside the plate."""
    u, (h, w) = rng.uniform, shape
    k = rng.random()
    if backgrounds and k < 0.4:
        g = backgrounds[rng.integers(len(backgrounds))]
        s = int(rng.integers(16, 160))
        y, x = int(rng.integers(max(1, g.shape[0] - s))), int(rng.integers(max(1, g.shape[1] - s)))
        return cv2.resize(g[y:y + s, x:x + s].astype(np.float32), (w, h))
    if k < 0.5:
        s = max(4, h // 4)
        y, x = int(rng.integers(max(1, h - s))), int(rng.integers(max(1, w - s)))
        return cv2.resize(near[y:y + s, x:x + s], (w, h)) * u(0.7, 1.3)
    out = np.full(shape, u(3, 250), np.float32)
    if rng.random() < 0.6:
        out += np.linspace(u(-60, 60), u(-60, 60), w if k < 0.75 else h, dtype=np.float32)[None if k < 0.75 else slice(None), slice(None) if k < 0.75 else None]
    if rng.random() < 0.6:
        out += cv2.resize(rng.normal(0, u(2, 40), (rng.integers(3, 30), rng.integers(3, 60))).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.15:
        yy, xx = np.mgrid[:h, :w].astype(np.float32)
        a, step = u(0, np.pi), u(3, 16)
        out += u(10, 80) * np.sign(np.sin((xx * np.cos(a) + yy * np.sin(a)) / step))
    return out


def stroke(m, points, width):
    cv2.polylines(m, [np.int32(np.round(np.array(points) * 8))], False, 1.0, max(1, int(width)), cv2.LINE_AA, 3)


def polygon(m, points):
    cv2.fillPoly(m, [np.int32(np.round(np.array(points) * 8))], 1.0, cv2.LINE_AA, 3)


# Each draws its thing into the mask: x, y is the middle of what it is to hide, w its width, t the characters' height.

def post(m, rng, x, y, w, t):
    lean, top, foot = rng.uniform(-0.9, 0.9) * t, y - rng.uniform(0.5, 3) * t, y + rng.uniform(0.5, 3) * t
    polygon(m, [[x - w / 2 + lean, top], [x + w / 2 + lean, top], [x + w / 2 - lean, foot], [x - w / 2 - lean, foot]])


def tow_bar(m, rng, x, y, w, t):
    top, r = y + rng.uniform(-0.6, 0.25) * t, w * rng.uniform(0.4, 0.7)
    stroke(m, [[x, top], [x + rng.uniform(-0.3, 0.3) * t, m.shape[0]]], w * rng.uniform(0.4, 0.9))
    if rng.random() < 0.8:
        cv2.ellipse(m, (int(x), int(top)), (int(r) + 1, int(r * rng.uniform(0.7, 1.2)) + 1), 0, 0, 360, 1.0, -1, cv2.LINE_AA)


def strap(m, rng, x, y, w, t):
    a = rng.uniform(0.15, 1.2) * (1 if rng.random() < 0.5 else -1)
    d = np.array([np.cos(a), np.sin(a)]) * 6 * t
    stroke(m, [[x - d[0], y - d[1]], [x + d[0], y + d[1]]], min(w, t) * rng.uniform(0.25, 0.8))


def rack(m, rng, x, y, w, t):
    for _ in range(rng.integers(1, 4)):
        k, wide = rng.random(), max(2, t * rng.uniform(0.08, 0.3))
        if k < 0.4:
            dy = rng.uniform(-0.45, 0.45) * t
            stroke(m, [[x - w * rng.uniform(0.5, 4), y + dy], [x + w * rng.uniform(0.5, 4), y + dy + rng.normal(0, 0.3) * t]], wide)
        elif k < 0.7:
            r = t * rng.uniform(1, 4)
            cv2.circle(m, (int(x + rng.normal(0, 0.5) * w), int(y - r + rng.uniform(-0.4, 0.4) * t)), int(r), 1.0, int(wide), cv2.LINE_AA)
        else:
            stroke(m, [[x + rng.normal(0, 1) * t, y - 2 * t], [x + rng.normal(0, 0.3) * w, y], [x + rng.normal(0, 1) * t, y + 2 * t]], wide)


def mud(m, rng, x, y, w, t):
    h, wide = m.shape
    rough = cv2.resize(rng.normal(0, 1, (max(2, int(h / t * rng.uniform(1.5, 6))), max(2, int(wide / t * rng.uniform(1.5, 6))))).astype(np.float32), (wide, h), interpolation=cv2.INTER_CUBIC)
    yy, xx = np.ogrid[:h, :wide]
    near = 1.6 - (((xx - x) / (0.75 * w + 0.1 * t)) ** 2 + ((yy - y - rng.uniform(-0.3, 0.3) * t) / (t * rng.uniform(0.4, 0.9))) ** 2)
    np.maximum(m, np.clip((rough * rng.uniform(0.3, 0.9) + near) * rng.uniform(1, 4), 0, 1).astype(np.float32), out=m)


def hand(m, rng, x, y, w, t):
    side = 1 if rng.random() < 0.7 else -1
    n, f = int(rng.integers(1, 5)), t * rng.uniform(0.25, 0.45)
    for i in range(n):
        xx, tip = x + (i - (n - 1) / 2) * f * rng.uniform(0.95, 1.2), y - side * rng.uniform(-0.3, 0.5) * t
        stroke(m, [[xx, tip], [xx + rng.normal(0, 0.3) * t, tip + side * 3 * t]], f)
        cv2.circle(m, (int(xx), int(tip)), max(1, int(f / 2)), 1.0, -1, cv2.LINE_AA)


def leaf(m, rng, x, y, w, t):
    for _ in range(rng.integers(1, 4)):
        a, b = w * rng.uniform(0.4, 0.75), t * rng.uniform(0.25, 0.7)
        c = x + rng.normal(0, 0.25) * w, y + rng.normal(0, 0.15) * t
        if rng.random() < 0.5:
            cv2.ellipse(m, (int(c[0]), int(c[1])), (int(a) + 1, int(b) + 1), rng.uniform(-60, 60), 0, 360, 1.0, -1, cv2.LINE_AA)
        else:
            at = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(4, 9)))
            r = rng.uniform(0.5, 1.2, len(at))
            polygon(m, np.stack([c[0] + a * r * np.cos(at), c[1] + b * r * np.sin(at)], 1))


def patch(m, rng, x, y, w, t):
    h = t * rng.uniform(0.8, 1.6)
    q = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2 + rng.normal(0, 0.06, (4, 2)) * t
    polygon(m, q + [x, y])


THINGS = (post, post, tow_bar, strap, rack, mud, mud, hand, leaf, leaf, patch)


def hidden_of(glyphs, m):
    """Share of each character that the mask hides: of its box, and of its worse half, counted together."""
    out = []
    for _, x0, y0, x1, y1, _ in glyphs:
        part = m[max(0, int(y0)):int(y1) + 1, max(0, int(x0)):int(x1) + 1]
        out.append(float(part.mean()) if part.size else BEYOND)
    return np.array(out)


def glare(img, rng, x, y, t):
    """A lamp's or the sun's reflection: returns the mask of what is burnt out."""
    h, w = img.shape
    yy, xx = np.ogrid[:h, :w]
    m = np.exp(-(((xx - x) / (t * rng.uniform(0.25, 0.9))) ** 2 + ((yy - y) / (t * rng.uniform(0.25, 0.9))) ** 2) ** rng.uniform(0.6, 2)).astype(np.float32)
    img += m * rng.uniform(150, 700)
    np.clip(img, 0, 255, out=img)
    return (m > 0.7).astype(np.float32)


def edge(img, rng, glyphs, quad, t, backgrounds):
    """Another car's edge, a wall, the picture's own border: all from there on is gone. (mask, quad of what is left, shares)."""
    h, w = img.shape
    left = rng.random() < 0.5
    n = int(rng.integers(1, max(2, len(glyphs) * 2 // 3)))
    g = glyphs[n - 1] if left else glyphs[len(glyphs) - n]
    at = g[1] + (g[3] - g[1]) * rng.uniform(0.2, 1.05) if left else g[3] - (g[3] - g[1]) * rng.uniform(0.2, 1.05)
    quad = quad.copy()
    if rng.random() < 0.3:                                # the picture ends: its last column goes on
        k = int(np.clip(at, 1, w - 2))
        m = np.zeros((h, w), np.float32)
        if left:
            img[:, :k], m[:, :k] = img[:, k:k + 1], 1
        else:
            img[:, k:], m[:, k:] = img[:, k - 1:k], 1
    else:
        m = np.zeros((h, w), np.float32)
        lean, bulge, far = rng.normal(0, 0.25) * t, rng.normal(0, 0.3) * t, -2 * t if left else w + 2 * t
        ys = np.linspace(-1, h + 1, 7)
        polygon(m, [[far, -1]] + [[at + lean * (yy / h - 0.5) + bulge * (4 * (yy / h - 0.5) ** 2 - 0.3), yy] for yy in ys] + [[far, h + 1]])
        blend(img, rng, m, t, backgrounds)
    if rng.random() < 0.65:                               # the detector's corners end there too
        ends = [0, 3] if left else [1, 2]
        quad[ends, 0] = at + rng.normal(0, 0.12, 1) * t
    return m, quad


def level(img, rng, glyphs, t, backgrounds):
    """A bumper, the boot's edge, a load, snow: above or below that nothing is seen."""
    h, w = img.shape
    g0, g1 = min(g[2] for g in glyphs), max(g[4] for g in glyphs)
    m = np.zeros((h, w), np.float32)
    far, y = (-1, g0 + (g1 - g0) * rng.uniform(-0.1, 0.7)) if rng.random() < 0.4 else (h + 1, g1 - (g1 - g0) * rng.uniform(-0.1, 0.7))
    tilt, wave = rng.normal(0, 0.15) * t, rng.uniform(0, 0.15) * t
    xs = np.linspace(-1, w + 1, 13)
    polygon(m, [[-1, far]] + [[x, y + tilt * (x / w - 0.5) + rng.normal(0, 1) * wave] for x in xs] + [[w + 1, far]])
    blend(img, rng, m, t, backgrounds)
    return m


def blend(img, rng, m, t, backgrounds):
    if rng.random() < 0.5:
        m[:] = cv2.GaussianBlur(m, (0, 0), t * rng.uniform(0.01, 0.08))
    what = texture(rng, img.shape, img, backgrounds)
    img += (what - img) * m * (1.0 if rng.random() < 0.85 else rng.uniform(0.75, 0.95))


def put(img, rng, glyphs, quad, backgrounds=None):
    """Puts something before the plate, float32 grey, in place: (its quad as a detector may see it, share of each character hidden)."""
    u = rng.uniform
    t = float(np.mean([g[4] - g[2] for g in glyphs]))
    k = rng.random()
    if k < MISSES:                                        # beside the characters, or too thin to hide one
        return quad, hidden_of(glyphs, miss(img, rng, glyphs, quad, t, backgrounds))
    if k < MISSES + 0.2:
        m, quad = edge(img, rng, glyphs, quad, t, backgrounds)
    elif k < MISSES + 0.27:
        m = level(img, rng, glyphs, t, backgrounds)
    else:
        n = 1 if rng.random() < 0.55 else int(rng.integers(1, 4))
        i = int(rng.integers(max(1, len(glyphs) - n + 1)))
        part = glyphs[i:i + n]
        w = (part[-1][3] - part[0][1]) * u(0.5, 1.15)
        x, y = (part[0][1] + part[-1][3]) / 2 + rng.normal(0, 0.15) * t, (part[0][2] + part[0][4]) / 2
        if k > 0.93:
            m = glare(img, rng, x, y, t)
        else:
            m = np.zeros(img.shape, np.float32)
            THINGS[rng.integers(len(THINGS))](m, rng, x, y, w, t)
            blend(img, rng, m, t, backgrounds)
    return quad, hidden_of(glyphs, m)


def miss(img, rng, glyphs, quad, t, backgrounds):
    u, m = rng.uniform, np.zeros(img.shape, np.float32)
    x0, x1 = quad[0, 0], quad[1, 0]
    k = rng.random()
    if k < 0.35:                                          # beyond the text's ends, on the plate's margin or beside it
        left = rng.random() < 0.5
        free = glyphs[0][1] if left else img.shape[1] - glyphs[-1][3]
        w = min(free, t * u(0.2, 2))
        x = glyphs[0][1] - w * u(0.55, 1.2) if left else glyphs[-1][3] + w * u(0.55, 1.2)
        patch(m, rng, x, u(quad[0, 1], quad[3, 1]), w, t * u(0.3, 2))
    elif k < 0.6:                                         # in the widest gap
        i = max(range(len(glyphs) - 1), key=lambda j: glyphs[j + 1][1] - glyphs[j][3], default=0)
        if len(glyphs) > 1:
            a, b = glyphs[i][3], glyphs[i + 1][1]
            patch(m, rng, (a + b) / 2, u(glyphs[i][2], glyphs[i][4]), max(1.0, (b - a) * u(0.3, 0.9)), t * u(0.2, 1.2))
    elif k < 0.8:                                         # a wire, a scratch, a hair
        a = u(-0.6, 0.6) if rng.random() < 0.6 else u(0, np.pi)
        x, y, d = u(x0, x1), u(quad[0, 1], quad[3, 1]), np.array([np.cos(a), np.sin(a)]) * img.shape[1]
        stroke(m, [[x - d[0], y - d[1]], [x + d[0], y + d[1]]], max(1, t * u(0.01, 0.05)))
    else:                                                 # above or below the characters
        below = rng.random() < 0.5
        y = max(g[4] for g in glyphs) + t * u(0.08, 0.4) if below else min(g[2] for g in glyphs) - t * u(0.08, 0.4)
        stroke(m, [[u(x0 - t, x1), y], [u(x0, x1 + t), y + rng.normal(0, 0.02) * t]], max(1, t * u(0.03, 0.14)))
    blend(img, rng, m, t, backgrounds)
    return m


def columns(glyphs, hidden, M, sw):
    """(class of each column, share hidden of the character that stands there). What lies beyond the crop is hidden at its end."""
    y, h = np.full(crops.COLUMNS, ELSEWHERE, np.int64), np.zeros(crops.COLUMNS, np.float32)
    centres = np.arange(crops.COLUMNS) * 4.0 + 1.5
    spans = []
    for (c, x0, y0, x1, y1, _), share in zip(glyphs, hidden):
        pts = np.array([[[x0, (y0 + y1) / 2], [x1, (y0 + y1) / 2]]], np.float32)
        a, b = cv2.perspectiveTransform(pts, M)[0][:, 0] * crops.WIDTH / sw
        spans.append((crops.INDEX[c], (a + b) / 2, max((b - a) / 2, 2.0), share))
    for k, m, hw, share in spans:
        if m < 0 or m > crops.WIDTH:
            h[:2] = np.maximum(h[:2], BEYOND) if m < 0 else h[:2]
            h[-2:] = np.maximum(h[-2:], BEYOND) if m > 0 else h[-2:]
            continue
        at = np.abs(centres - m) <= 0.9 * hw
        h[at] = np.maximum(h[at], share)
        near = np.abs(centres - m) <= 0.45 * hw
        near[np.argmin(np.abs(centres - m))] = True
        y[near] = k
    return y, h


def sample(rng, uk, fonts, strength, backgrounds=None, known=None, with_text=False):
    """(crop uint8 48x160, class of each column, share hidden of what stands there), and the text if that is wanted."""
    if known and rng.random() < REAL_SHARE:
        return known(rng, strength, backgrounds)
    width = float(np.exp(rng.uniform(np.log(crops.WIDTHS[0]), np.log(crops.WIDTHS[1]))))
    p = plates.render(rng, uk, fonts, scale=float(np.clip(width / 520 * rng.uniform(1.2, 1.6), 0.26, 0.7)), strength=strength)
    img = p.image
    quad, glyphs = crops.one_line(rng, p)
    hidden = np.zeros(len(glyphs))
    wide = quad
    if len(glyphs) > 1 and rng.random() < SHARE + MISSES:
        quad, hidden = put(img, rng, glyphs, quad, backgrounds)
        if rng.random() < 0.08:                           # and another
            _, more = put(img, rng, glyphs, wide, backgrounds)
            hidden = np.maximum(hidden, more)
    elif len(glyphs) > 3 and rng.random() < 0.08:         # the detector's box holds a part of the plate
        quad = quad.copy()
        g = glyphs[int(rng.integers(1, len(glyphs) - 1))]
        if rng.random() < 0.5:
            quad[[0, 3], 0] = g[1] + rng.uniform(0, 1) * (g[3] - g[1])
        else:
            quad[[1, 2], 0] = g[1] + rng.uniform(0, 1) * (g[3] - g[1])
    if quad[1, 0] - quad[0, 0] < 0.2 * (wide[1, 0] - wide[0, 0]):
        quad = wide
    if p.lines == 1 and rng.random() < crops.BOWED:
        img = plates.bow(img, rng, wide)
    M, sw, sh, roll = crops.place(rng, quad, strength, width * (quad[1, 0] - quad[0, 0]) / (wide[1, 0] - wide[0, 0]))
    small = plates.light(crops.warp(img, M, sw, sh, sh / (quad[3, 1] - quad[0, 1])), rng, strength)
    small = plates.sensor(small, rng, strength, roll, sw)
    return (crops.finish(small), *columns(glyphs, hidden, M, sw)) + (("".join(g[0] for g in glyphs),) if with_text else ())


class Real:
    """Real plates whose characters' places a reader has found: covered anew each time."""

    def __init__(self, plates_of, read):
        """plates_of: as real.load gives; read(crop) -> best class of each column."""
        self.plates = []
        for p in (p for same in plates_of for p in same):
            x0, y0, x1, y1 = p.box
            quad = np.float32([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            w, h = x1 - x0, y1 - y0
            M = cv2.getPerspectiveTransform(quad + np.float32([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.float32([0.02 * w, 0.02 * h]),
                                            np.float32([[0, 0], [crops.WIDTH, 0], [crops.WIDTH, crops.HEIGHT], [0, crops.HEIGHT]]))
            glyphs = places(read(cv2.warpPerspective(p.image, M, (crops.WIDTH, crops.HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)))
            if "".join(g[0] for g in glyphs).translate(FOLD) == p.text.translate(FOLD) and len(glyphs) > 2:
                scale = w * 1.04 / crops.WIDTH
                boxes = [(c, x0 - 0.02 * w + (m - hw) * scale, y0 + 0.14 * h, x0 - 0.02 * w + (m + hw) * scale, y1 - 0.14 * h, 0) for c, m, hw in glyphs]
                self.plates.append((p.image, quad, boxes))

    def __call__(self, rng, strength, backgrounds=None, share=SHARE + MISSES, with_text=False):
        image, quad, glyphs = self.plates[rng.integers(len(self.plates))]
        img, wide = image.astype(np.float32), quad
        if rng.random() < 0.1:
            img = 255 - img
        hidden = np.zeros(len(glyphs))
        if rng.random() < share:
            quad, hidden = put(img, rng, glyphs, quad, backgrounds)
            if quad[1, 0] - quad[0, 0] < 0.2 * (wide[1, 0] - wide[0, 0]):
                quad = wide
        w, h = quad[1, 0] - quad[0, 0], quad[3, 1] - quad[0, 1]
        u = rng.uniform
        q = quad + rng.normal(0, 0.02, (4, 2)) * [w * 0.4, h * 1.2] + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [w * u(-0.005, 0.07), h * u(-0.01, 0.14)]
        shrink = 1.0 if w < 60 else u(max(0.35, 45 / w), 1.0)
        sw, sh = max(20, int(w * shrink)), max(8, int(h * shrink))
        M = cv2.getPerspectiveTransform(q.astype(np.float32), np.float32([[0, 0], [sw, 0], [sw, sh], [0, sh]]))
        img = crops.warp(img, M, sw, sh, shrink).astype(np.float32)
        if rng.random() < 0.3:
            img = plates.light(img, rng, 0.4 * strength)
        return (crops.finish(real.camera(rng, img)), *columns(glyphs, hidden, M, sw)) + (("".join(g[0] for g in glyphs),) if with_text else ())


FOLD = str.maketrans("OI", "01")


def places(best):
    """[(character, middle, half width)] of the runs of a reader's best classes, in pixels of the crop."""
    out, k = [], 0
    while k < len(best):
        n = k
        while n < len(best) and best[n] == best[k]:
            n += 1
        if best[k] != crops.BLANK:
            out.append((crops.outlines.ALPHABET[best[k]], (k + n - 1) / 2 * 4 + 1.5))
        k = n
    gaps = np.diff([m for _, m in out])
    hw = 0.42 * float(np.median(gaps)) if len(gaps) else 6.0
    return [(c, m, hw) for c, m in out]


def batch(rng, uk, fonts, strength, n, backgrounds=None, known=None):
    parts = [sample(rng, uk, fonts, strength, backgrounds, known) for _ in range(n)]
    return tuple(np.stack(p) for p in zip(*parts))
