# What this file is for: detector training pictures (real frames, frames with generated plates, drawn scenes) and target maps.
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import cv2
import numpy as np

import plates
import rows

STRIDE, UNIT = 8, 32.0
NONE, BOX, QUAD, IGNORE = 0, 1, 2, 3


class Frame:
    """A grey picture with boxes: rows of x1, y1, x2, y2, kind."""

    def __init__(self, image, boxes):
        self.image, self.boxes = image, boxes


def load_frames(data):
    """(frames with plates, plate-free frames) of the sets that may be trained on; only their train rows."""
    with_plates, without = [], []
    for name, image, labels in rows.pictures(data):
        g = cv2.imread(os.path.join(data, name, image), cv2.IMREAD_GRAYSCALE)
        boxes = []
        for r in labels:
            if r["x1"]:
                kind = IGNORE if r["quality"] in ("ignore", "tiny") else BOX
                boxes.append([float(r[k]) for k in ("x1", "y1", "x2", "y2")] + [kind])
        if g is not None and boxes:
            with_plates.append(Frame(g, np.array(boxes, np.float32)))
    folder = os.path.join(data, "road_scenes")
    for root, _, names in os.walk(folder):
        for n in sorted(names):
            if n.lower().endswith((".jpg", ".jpeg", ".png")):
                g = cv2.imread(os.path.join(root, n), cv2.IMREAD_GRAYSCALE)
                if g is not None:
                    s = min(1.0, 1280 / g.shape[1])
                    without.append(Frame(cv2.resize(g, None, fx=s, fy=s, interpolation=cv2.INTER_AREA), np.zeros((0, 5), np.float32)))
    return with_plates, without


def squeezed(rng, frame, limit=0.55):
    """The frame, one in three narrower than it is: its plates look as if seen from the side."""
    if rng.random() > 0.33:
        return frame
    a = rng.uniform(limit, 0.95)
    img = cv2.resize(frame.image, None, fx=a, fy=1, interpolation=cv2.INTER_AREA)
    return Frame(img, frame.boxes * np.array([a, 1, a, 1, 1], np.float32))


def view(frame, cw, ch, scale, ox, oy):
    """Cut cw x ch out of the scaled frame at (ox, oy)."""
    img, s = frame.image, scale
    # only the part that is seen is scaled
    x0, y0 = max(0, int(ox / s) - 4), max(0, int(oy / s) - 4)
    x1, y1 = min(img.shape[1], int((ox + cw) / s) + 5), min(img.shape[0], int((oy + ch) / s) + 5)
    part = img[y0:y1, x0:x1]
    if s < 0.8:
        part = cv2.resize(part, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        M = np.array([[1, 0, x0 * s - ox], [0, 1, y0 * s - oy]], np.float32)
    else:
        M = np.array([[s, 0, x0 * s - ox], [0, s, y0 * s - oy]], np.float32)
    # grey beyond the border, as the caller pads; a mirrored border would hold plates that no label names
    out = cv2.warpAffine(part, M, (cw, ch), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=float(part.mean()))
    b = frame.boxes.copy()
    b[:, :4] = b[:, :4] * scale - np.array([ox, oy, ox, oy], np.float32)
    return out.astype(np.float32), b


def random_quad(rng, w, aspect):
    """A plate seen by a camera: mostly nearly level, one in four from the side, one in six very much so."""
    u = rng.uniform
    k = rng.random()
    #               width share   tilt sd  tilt limit  slope of the rows, of the columns, perspective
    way = ((0.75, 1.0, 4.5, 14, 0.07, 0.06, 0.035) if k < 0.55 else
           (0.45, 0.85, 9.0, 22, 0.22, 0.14, 0.08) if k < 0.82 else
           (0.28, 0.7, 10.0, 26, 0.34, 0.16, 0.12))
    h = w / aspect
    q = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * [w * u(way[0], way[1]), h]
    roll = float(np.clip(rng.normal(0, way[2]), -way[3], way[3])) * np.pi / 180
    slope = float(np.clip(rng.normal(0, way[4]), -0.6, 0.6))
    q = q @ np.array([[1, slope], [rng.normal(0, way[5]), 1]])
    k = float(np.clip(rng.normal(0, way[6]), -0.3, 0.3))
    q[0, 1] *= 1 + k; q[3, 1] *= 1 + k; q[1, 1] *= 1 - k; q[2, 1] *= 1 - k
    c, s = np.cos(roll), np.sin(roll)
    return (q @ np.array([[c, s], [-s, c]])).astype(np.float32)


def lean(rng, img, objects):
    """The whole picture as from another place beside the road: squeezed and slanted, plates and all.
    Only where every plate's corners are known: what becomes of a box is not."""
    ch, cw = img.shape
    a = rng.uniform(0.4, 1.0)
    slope = float(np.clip(rng.normal(0, 0.25), -0.5, 0.5))
    c, s = np.cos(t := rng.normal(0, 0.06)), np.sin(t)
    A = np.array([[c, -s], [s, c]]) @ np.array([[a, rng.normal(0, 0.06)], [slope * a, 1]])
    seen = [q for q, kind in objects if kind == QUAD]
    mid = seen[rng.integers(len(seen))].mean(0) if seen else np.array([cw, ch]) / 2
    to = np.clip(mid + rng.normal(0, 0.1, 2) * [cw, ch], [cw * 0.15, ch * 0.15], [cw * 0.85, ch * 0.85])
    M = np.hstack([A, (to - A @ mid)[:, None]]).astype(np.float32)
    out = []
    for q, kind in objects:
        q = (q @ M[:, :2].T + M[:, 2]).astype(np.float32)
        inside = (q > -2).all() and (q[:, 0] < cw + 2).all() and (q[:, 1] < ch + 2).all()
        gone = (q[:, 0].max() < 0 or q[:, 1].max() < 0 or q[:, 0].min() > cw or q[:, 1].min() > ch)
        if not gone:
            small = np.linalg.norm(q[1] - q[0]) < 14
            out.append((q, kind if inside and not small else IGNORE))
    # beyond the border lie no mirrored plates
    return cv2.warpAffine(img, M, (cw, ch), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=float(img.mean())), out


def paste(rng, img, uk, fonts, quad=None, width=None, centre=None, plate=None, crowded=False):
    """Draw a generated plate, crowded: with neighbours; returns its quad in the picture."""
    ch, cw = img.shape
    if plate is None:
        want = width if width is not None else float(np.linalg.norm(quad[1] - quad[0]))
        scale = float(np.clip(want / 520.0 * 1.1, 0.28, 0.9))
        style = text = None
        if rng.random() < 0.14:                            # half as high as wide: rare in the mix, hard to outline
            style, text = "us", plates.fill(plates.US[rng.integers(len(plates.US))], rng)
        plate = plates.render(rng, uk, fonts, style, text, scale=scale, two_line=bool(rng.random() < 0.14 and style is None) or None, pad=None)
    src = plate.quad
    pw, ph = src[1, 0] - src[0, 0], src[3, 1] - src[0, 1]
    if quad is None:
        quad = random_quad(rng, width, pw / ph) + np.asarray(centre, np.float32)
    if crowded:
        neighbours(rng, img, quad, fonts)
    picture = plates.light(plate.image, rng)
    x, y = [int(np.clip(v, 0, m - 1)) for v, m in zip(quad.mean(0), (cw, ch))]
    local = float(img[max(0, y - 30):y + 30, max(0, x - 40):x + 40].mean()) if rng.random() < 0.7 else rng.uniform(20, 200)
    gain = np.clip(local / 105.0, 0.25, 1.3) * rng.uniform(0.85, 1.8)
    picture = np.clip(picture * gain, 0, 255)
    margin = 0.0 if rng.random() < 0.5 else rng.uniform(0.02, 0.14) * ph      # some of the holder or body comes along
    keep = np.zeros(picture.shape, np.float32)
    cv2.rectangle(keep, (int(src[0, 0] - margin), int(src[0, 1] - margin)), (int(src[2, 0] + margin) - 1, int(src[2, 1] + margin) - 1), 1.0, -1)
    M = cv2.getPerspectiveTransform(src.astype(np.float32), quad.astype(np.float32))
    f = float(np.linalg.norm(quad[1] - quad[0])) / pw
    if f < 0.75:
        s = f * 1.2
        picture = cv2.resize(picture, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        keep = cv2.resize(keep, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        M = M @ np.diag([1 / s, 1 / s, 1.0])
    # only the touched window is warped
    r = 0.25 * float(np.linalg.norm(quad[1] - quad[0])) + 4
    x0, y0 = np.maximum(np.floor(quad.min(0) - r), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(quad.max(0) + r), [cw, ch]).astype(int)
    if x1 <= x0 or y1 <= y0:
        return quad
    T = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]], np.float64) @ M
    p = cv2.warpPerspective(picture, T, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
    k = cv2.warpPerspective(keep, T, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        b = rng.uniform(0.3, 1.2)
        p, k = cv2.GaussianBlur(p, (0, 0), b), cv2.GaussianBlur(k, (0, 0), b * 0.7)
    img[y0:y1, x0:x1] += (p - img[y0:y1, x0:x1]) * k
    return quad


def _words(rng, fonts, height, letters=None):
    """Large lettering as one mask: a maker's or an owner's name, or that many letters."""
    u = rng.uniform
    f = fonts[rng.integers(len(fonts))]
    gap = int(height * u(0.04, 0.3))
    parts = []
    for _ in range(letters or rng.integers(2, 12)):
        m = f.masks["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.integers(26 if rng.random() < 0.85 else 36)]]
        parts += [cv2.resize(m, (max(2, int(m.shape[1] * height / 64)), height), interpolation=cv2.INTER_AREA), np.zeros((height, max(1, gap)), np.uint8)]
    return np.hstack(parts[:-1])


def _stamp(img, mask, x, y, ink):
    """Draws the mask from x, y on, as far as it lies in the picture."""
    a0, b0 = max(0, x), max(0, y)
    a1, b1 = min(img.shape[1], x + mask.shape[1]), min(img.shape[0], y + mask.shape[0])
    if a1 > a0 and b1 > b0:
        m = mask[b0 - y:b1 - y, a0 - x:a1 - x].astype(np.float32) / 255
        img[b0:b1, a0:a1] += (ink - img[b0:b1, a0:a1]) * m


def neighbours(rng, img, quad, fonts):
    """What plates have close beside them, and what gets mistaken for a part of them: the beam or panel that they are
    screwed to, some as light as they are, lamps at their ends, names above and below. To be drawn before the plate."""
    u = rng.uniform
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    w, h = float(np.linalg.norm(across)), float(np.linalg.norm(down))
    if w < 8 or h < 4:
        return
    ex, ey = across / w, down / h
    mid = quad.mean(0)

    def patch(x0, y0, x1, y1, value, rounded=False):
        q = np.array([mid + x * ex + y * ey for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], np.float32)
        if rounded:
            c, a = q.mean(0), np.array([(x1 - x0) / 2, (y1 - y0) / 2])
            t = np.linspace(0, 2 * np.pi, 20, endpoint=False)
            q = np.array([c + a[0] * np.cos(k) * ex + a[1] * np.sin(k) * ey for k in t])
        cv2.fillConvexPoly(img, q.round().astype(np.int32), float(value), cv2.LINE_AA)

    if rng.random() < 0.45:                                # a beam, a recess, a bumper
        patch(-w * u(0.55, 2.5), -h * u(0.55, 1.6), w * u(0.55, 2.5), h * u(0.55, 1.6), u(150, 245) if rng.random() < 0.5 else u(5, 150))
    if rng.random() < 0.35:                                # lamps, buffers, blocks at one end or both
        v, gap, wide, tall = u(0, 255), h * u(0.0, 0.7), h * u(0.25, 1.3), h * u(0.3, 0.75)
        shape, y = rng.random() < 0.4, h * u(-0.3, 0.3)
        for side in (-1, 1) if rng.random() < 0.7 else (-1 if rng.random() < 0.5 else 1,):
            a, b = sorted((side * (w / 2 + gap), side * (w / 2 + gap + wide)))
            patch(a, y - tall, b, y + tall, v, shape)
            if rng.random() < 0.4:
                patch(a + wide * 0.25, y - tall * 0.5, b - wide * 0.25, y + tall * 0.5, u(0, 255), shape)
    for side in (-1, 1):                                   # names
        if rng.random() < 0.3:
            tall = h * u(0.3, 1.6)
            m = _words(rng, fonts, max(5, int(tall)))
            x, y = w * u(-1.2, 0.3), side * (h / 2 + h * u(0.08, 0.8)) - (tall if side < 0 else 0)
            k = tall / m.shape[0]
            M = np.column_stack([ex * k, ey * k, mid + x * ex + y * ey])
            on = cv2.warpAffine(m, M, (img.shape[1], img.shape[0]), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
            local = img[int(np.clip(mid[1], 0, img.shape[0] - 1)), int(np.clip(mid[0], 0, img.shape[1] - 1))]
            ink = u(0, 90) if local > 110 else u(140, 255)
            img += (ink - img) * on


def lettering(rng, img, fonts):
    """Signs, van lettering, timestamps: text that is no plate."""
    u = rng.uniform
    ch, cw = img.shape
    k = rng.random()
    if k < 0.12:                                           # a lamp, a handle, a slot: plate-like and empty
        w = u(12, 110)
        h = w * u(0.15, 0.6)
        c, r = (int(u(0, 1) * cw), int(u(0, 1) * ch)), int(u(-20, 20))
        v = u(0, 255)
        if rng.random() < 0.5:
            cv2.ellipse(img, c, (int(w / 2), int(h / 2)), r, 0, 360, v, -1, cv2.LINE_AA)
        else:
            cv2.fillConvexPoly(img, cv2.boxPoints((c, (w, h), r)).astype(np.int32), v, cv2.LINE_AA)
        for _ in range(rng.integers(0, 4)):
            cv2.circle(img, (int(c[0] + u(-0.3, 0.3) * w), int(c[1] + u(-0.2, 0.2) * h)), max(1, int(h * u(0.1, 0.4))), u(0, 255), -1, cv2.LINE_AA)
    elif k < 0.20:                                         # a country's oval
        h = u(8, 44)
        c, v = (int(u(0, 1) * cw), int(u(0, 1) * ch)), u(120, 255)
        cv2.ellipse(img, c, (int(h * u(0.6, 0.85)), int(h / 2)), u(-8, 8), 0, 360, v, -1, cv2.LINE_AA)
        m = _words(rng, fonts, max(4, int(h * u(0.4, 0.55))), int(rng.integers(1, 4)))
        _stamp(img, m, c[0] - m.shape[1] // 2, c[1] - m.shape[0] // 2, u(0, 80))
    elif k < 0.42:                                         # large words on a side, a shop, a bus; some of lit dots
        tall = int(np.exp(u(np.log(7), np.log(70))))
        m = _words(rng, fonts, tall)
        x, y = int(u(-0.3, 0.9) * cw), int(u(0, 0.95) * ch)
        if rng.random() < 0.4:
            e = int(tall * u(0.15, 0.9))
            cv2.rectangle(img, (x - e, y - e), (x + m.shape[1] + e, y + tall + e), u(0, 255), -1)
        if rng.random() < 0.25 and tall > 14:
            step = max(3, tall // 9)
            dots = np.zeros_like(m)
            dots[::step, ::step] = m[::step, ::step]
            m = cv2.dilate(dots, np.ones((max(2, step - 1),) * 2, np.uint8))
        under = img[int(np.clip(y + tall // 2, 0, ch - 1)), int(np.clip(x + m.shape[1] // 2, 0, cw - 1))]
        _stamp(img, m, x, y, u(0, 90) if under > 110 else u(140, 255))
    elif k < 0.62:
        n = rng.integers(2, 14)
        text = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 :/.-"[rng.integers(67)] for _ in range(n))
        s = u(0.3, 1.8)
        pos = (int(u(-0.1, 0.9) * cw), int(u(0.05, 1) * ch))
        (tw, th), base = cv2.getTextSize(text, int(rng.integers(0, 6)), s, 1)
        if rng.random() < 0.3:
            m = int(th * u(0.8, 2.5))
            cv2.rectangle(img, (pos[0] - m, pos[1] - th - m), (pos[0] + tw + m, pos[1] + base + m), u(0, 255), -1)
        cv2.putText(img, text, pos, int(rng.integers(0, 6)), s, u(0, 255), int(rng.integers(1, 4)), cv2.LINE_AA)
    else:                                                  # a sign: panel, several lines or a few odd characters
        w, h = int(u(24, 150)), int(u(16, 120))
        x, y = int(u(-0.1, 0.95) * cw), int(u(-0.1, 0.95) * ch)
        bg = u(20, 250)
        ink = bg + (90 if bg < 130 else -90) * u(0.6, 1.2)
        if rng.random() < 0.35:
            cv2.circle(img, (x + w // 2, y + h // 2), h // 2, bg, -1, cv2.LINE_AA)
            cv2.circle(img, (x + w // 2, y + h // 2), h // 2, ink, max(1, h // 10), cv2.LINE_AA)
            w = h
        else:
            cv2.rectangle(img, (x, y), (x + w, y + h), bg, -1)
        rows = int(rng.integers(1, 4))
        f = fonts[rng.integers(len(fonts))]
        for i in range(rows):
            lh = int(h / rows * u(0.3, 0.6))
            if lh < 3:
                continue
            n = int(rng.integers(1, 4 if rows == 1 else 9))
            xx, yy = x + int(w * 0.12), y + int((i + 0.25) * h / rows)
            for _ in range(n):
                m = f.masks["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rng.integers(36)]]
                mw = max(2, int(m.shape[1] * lh / 64))
                if xx + mw > x + w * 0.95:
                    break
                m = cv2.resize(m, (mw, lh), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
                a0, b0, a1, b1 = max(0, xx), max(0, yy), min(cw, xx + mw), min(ch, yy + lh)
                if a1 > a0 and b1 > b0:
                    m = m[b0 - yy:b1 - yy, a0 - xx:a1 - xx]
                    img[b0:b1, a0:a1] += (ink - img[b0:b1, a0:a1]) * m
                xx += mw + max(1, lh // 6)


def drawn_scene(rng, cw, ch):
    u = rng.uniform
    img = np.full((ch, cw), u(10, 230), np.float32)
    img += np.linspace(u(-80, 80), u(-80, 80), ch, dtype=np.float32)[:, None]
    if rng.random() < 0.6:                                 # horizon and road
        y = int(u(0.1, 0.6) * ch)
        img[y:] = u(20, 150) + np.linspace(0, u(-30, 50), ch - y, dtype=np.float32)[:, None]
        for _ in range(rng.integers(0, 5)):
            vx = u(0.2, 0.8) * cw
            cv2.line(img, (int(vx), y), (int(u(-0.5, 1.5) * cw), ch), u(100, 255), int(rng.integers(1, 8)), cv2.LINE_AA)
    for _ in range(rng.integers(0, 14)):
        x, y, w, h = u(-0.2, 1) * cw, u(-0.2, 1) * ch, u(0.02, 0.5) * cw, u(0.02, 0.5) * ch
        v = u(0, 255)
        if rng.random() < 0.6:
            cv2.rectangle(img, (int(x), int(y)), (int(x + w), int(y + h)), v, -1 if rng.random() < 0.7 else 2)
        else:
            cv2.ellipse(img, (int(x), int(y)), (int(w / 2), int(h / 2)), u(0, 180), 0, 360, v, -1 if rng.random() < 0.7 else 2, cv2.LINE_AA)
    if rng.random() < 0.5:
        n = rng.normal(0, u(4, 30), (rng.integers(4, 60), rng.integers(4, 80))).astype(np.float32)
        img += cv2.resize(n, (cw, ch), interpolation=cv2.INTER_CUBIC)
    return img


def car(rng, img, cx, cy, w):
    """A crude car seen from the front or behind; w is the car's width. Returns nothing: the plate goes at (cx, cy)."""
    u = rng.uniform
    body = u(5, 245)
    x0, x1 = int(cx - w / 2), int(cx + w / 2)
    top, bottom = int(cy - w * u(0.35, 0.6)), int(cy + w * u(0.08, 0.25))
    roof = int(top - w * u(0.15, 0.35))
    glass = np.array([[cx - w * 0.42, top], [cx + w * 0.42, top], [cx + w * 0.34, roof], [cx - w * 0.34, roof]], np.int32)
    cv2.fillConvexPoly(img, glass, u(10, 160), cv2.LINE_AA)
    cv2.rectangle(img, (x0, top), (x1, bottom), body, -1)
    cv2.rectangle(img, (x0, int(bottom - w * 0.05)), (x1, bottom), u(0, 70), -1)
    cv2.rectangle(img, (int(x0 + w * 0.02), bottom), (int(x0 + w * 0.18), int(bottom + w * 0.1)), u(0, 40), -1)
    cv2.rectangle(img, (int(x1 - w * 0.18), bottom), (int(x1 - w * 0.02), int(bottom + w * 0.1)), u(0, 40), -1)
    ly = int(top + w * u(0.05, 0.2))
    lamp = u(60, 255)
    lw, lh = int(w * u(0.08, 0.2)), int(w * u(0.04, 0.12))
    for s in (-1, 1):
        x = int(cx + s * (w * 0.5 - lw / 2 - w * 0.02))
        cv2.rectangle(img, (x - lw // 2, ly), (x + lw // 2, ly + lh), lamp, -1)
    k = rng.random()
    if k < 0.4:                                            # grille
        gy0, gy1 = int(top + w * 0.06), int(top + w * u(0.14, 0.25))
        for yy in range(gy0, gy1, max(2, int(w * 0.02))):
            cv2.line(img, (int(cx - w * 0.25), yy), (int(cx + w * 0.25), yy), u(0, 200), 1)
    for _ in range(rng.integers(0, 4)):
        yy = int(u(top, bottom))
        cv2.line(img, (x0, yy), (x1, yy), float(np.clip(body + u(-70, 70), 0, 255)), int(rng.integers(1, 1 + max(1, int(w * 0.02)) + 1)))


def scene(rng, cw, ch, frames, empty, uk, fonts, strength=1.0):
    """(picture uint8, list of (quad or box as 8 numbers, kind))."""
    u = rng.uniform
    big = cw >= 512
    lo, hi = (60.0, 520.0) if big else (22.0, 240.0)
    out = []
    k = rng.random()
    leaning = rng.random() < 0.3
    width = lambda a=lo, b=hi: float(np.exp(u(np.log(a), np.log(b))))
    if frames and k < 0.50:
        f = squeezed(rng, frames[rng.integers(len(frames))])
        good = np.nonzero(f.boxes[:, 4] == BOX)[0]
        if len(good):
            b = f.boxes[good[rng.integers(len(good))]]
            bw = b[2] - b[0]
            s = min(width(), bw * 2.2) / bw
            s = max(s, min(0.9 * cw / f.image.shape[1], 1.0) * 0.5)
            c = np.array([b[0] + b[2], b[1] + b[3]]) / 2 * s
            half = np.array([b[2] - b[0], b[3] - b[1]]) / 2 * s
            free = np.maximum(np.array([cw, ch]) / 2 - half, 2)
            o = c - np.array([cw, ch]) / 2 + u(-1, 1, 2) * free
        else:
            s = u(0.5, 1.2)
            o = u(0, 1, 2) * np.maximum(np.array([f.image.shape[1], f.image.shape[0]]) * s - [cw, ch], 1)
        lim = np.array([f.image.shape[1] * s - cw, f.image.shape[0] * s - ch])
        o = np.where(lim > 0, np.clip(o, 0, np.maximum(lim, 0)), lim / 2 if False else np.minimum(np.maximum(o, lim), 0))
        img, boxes = view(f, cw, ch, s, float(o[0]), float(o[1]))
        for b in boxes:
            w, h = b[2] - b[0], b[3] - b[1]
            vis = max(0, min(cw, b[2]) - max(0, b[0])) * max(0, min(ch, b[3]) - max(0, b[1])) / max(1e-3, w * h)
            if vis <= 0:
                continue
            kind = int(b[4])
            if vis < 0.85 or w < 16:
                kind = IGNORE
            if kind == BOX and w / h > 1.1 and (leaning or rng.random() < 0.4):
                # a generated plate over the real one: the corners are then known
                m = np.array([w * u(0.02, 0.08), h * u(0.05, 0.18)])
                q = np.array([[b[0] - m[0], b[1] - m[1]], [b[2] + m[0], b[1] - m[1]], [b[2] + m[0], b[3] + m[1]], [b[0] - m[0], b[3] + m[1]]], np.float32)
                q += rng.normal(0, 0.03, (4, 2)) * [h, h]
                p = None
                if w / h < 2.4:
                    p = plates.render(rng, uk, fonts, scale=float(np.clip(w / 400.0, 0.28, 0.9)), two_line=True)
                q = paste(rng, img, uk, fonts, quad=q.astype(np.float32), plate=p)
                out.append((q, QUAD))
            else:
                q = np.array([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]], np.float32)
                out.append((q, kind))
    elif (frames or empty) and k < 0.80:
        pool = empty if empty and rng.random() < 0.5 else frames
        f = pool[rng.integers(len(pool))]
        s = u(max(0.45, 0.9 * ch / f.image.shape[0]), max(1.3, 1.2 * ch / f.image.shape[0]))
        lim = np.maximum(np.array([f.image.shape[1] * s - cw, f.image.shape[0] * s - ch]), 0)
        o = u(0, 1, 2) * lim
        img, boxes = view(f, cw, ch, s, float(o[0]), float(o[1]))
        for b in boxes:
            w, h = b[2] - b[0], b[3] - b[1]
            vis = max(0, min(cw, b[2]) - max(0, b[0])) * max(0, min(ch, b[3]) - max(0, b[1])) / max(1e-3, w * h)
            if vis > 0:
                q = np.array([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]], np.float32)
                out.append((q, IGNORE if vis < 0.85 or w < 16 else int(b[4])))
    else:
        img = drawn_scene(rng, cw, ch)
        k = 0.9
    for _ in range(rng.integers(0, 5) if rng.random() < 0.6 else 0):
        taken = [q for q, _ in out]
        before = img.copy()
        lettering(rng, img, fonts)
        for q in taken:                                    # never over a labelled plate
            a, b = np.floor(q.min(0) - 3).astype(int), np.ceil(q.max(0) + 3).astype(int)
            a = np.maximum(a, 0)
            img[a[1]:b[1], a[0]:b[0]] = before[a[1]:b[1], a[0]:b[0]]
    if k >= 0.50 or not frames:
        for _ in range(rng.integers(0, 4)):
            w = min(width(), 0.85 * cw)
            c = u(0.0, 1.0, 2) * [cw, ch]
            c = np.clip(c, [w * 0.4, w * 0.12], [cw - w * 0.4, ch - w * 0.12]) if rng.random() < 0.9 else c
            box = np.array([c[0] - w * 0.7, c[1] - w * 0.35, c[0] + w * 0.7, c[1] + w * 0.35])
            if any(q[:, 0].max() > box[0] and q[:, 0].min() < box[2] and q[:, 1].max() > box[1] and q[:, 1].min() < box[3] for q, _ in out):
                continue
            if k >= 0.8 and rng.random() < 0.7 and not out or rng.random() < 0.1 and not out:
                car(rng, img, c[0], c[1], w * u(2.6, 4.2))
            q = paste(rng, img, uk, fonts, width=w, centre=c, crowded=not out and rng.random() < 0.5)
            vis = (q[:, 0] > -2).all() and (q[:, 1] > -2).all() and (q[:, 0] < cw + 2).all() and (q[:, 1] < ch + 2).all()
            out.append((q, QUAD if vis else IGNORE))
    img = np.clip(img, 0, 255)
    if leaning and all(kind != BOX for _, kind in out):
        img, out = lean(rng, img, out)
    img = sensor(rng, img, strength)
    return img, out


def closeup(rng, cw, ch, frames, empty, uk, fonts, strength=1.0):
    """A small window with one plate near its middle: teaches corners quickly, and serves a second, closer look."""
    u = rng.uniform
    out = []
    k = rng.random()
    if frames and k < 0.2:                                 # a real plate, box only
        f = squeezed(rng, frames[rng.integers(len(frames))])
        good = np.nonzero(f.boxes[:, 4] == BOX)[0]
        if len(good):
            b = f.boxes[good[rng.integers(len(good))]]
            s = float(np.exp(u(np.log(60), np.log(160)))) / (b[2] - b[0])
            if s < 2.5:
                o = np.array([b[0] + b[2], b[1] + b[3]]) / 2 * s - np.array([cw, ch]) / 2 + rng.normal(0, 0.07, 2) * [cw, ch]
                img, boxes = view(f, cw, ch, s, float(o[0]), float(o[1]))
                for b in boxes:
                    vis = max(0, min(cw, b[2]) - max(0, b[0])) * max(0, min(ch, b[3]) - max(0, b[1])) / max(1e-3, (b[2] - b[0]) * (b[3] - b[1]))
                    if vis > 0:
                        q = np.array([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]], np.float32)
                        out.append((q, IGNORE if vis < 0.9 or b[2] - b[0] < 16 else int(b[4])))
                return sensor(rng, np.clip(img, 0, 255), strength), out
    if (frames or empty) and k < 0.85:
        f = (empty if empty and rng.random() < 0.2 else frames)
        f = f[rng.integers(len(f))]
        s = u(0.3, 1.5)
        lim = np.maximum(np.array([f.image.shape[1], f.image.shape[0]]) * s - [cw, ch], 1)
        o = u(0, 1, 2) * lim
        if len(f.boxes) and rng.random() < 0.6:            # over a real plate: real surroundings
            b = f.boxes[rng.integers(len(f.boxes))]
            w = u(60, 150)
            s = min(w / (b[2] - b[0]), 2.5)
            o = np.array([b[0] + b[2], b[1] + b[3]]) / 2 * s - np.array([cw, ch]) / 2
        img, boxes = view(f, cw, ch, s, float(o[0]), float(o[1]))
    else:
        img, boxes = drawn_scene(rng, cw, ch), np.zeros((0, 5))
    w = float(np.exp(u(np.log(60), np.log(165))))
    c = np.array([cw, ch]) / 2 + rng.normal(0, 0.06, 2) * [cw, ch]
    for b in boxes:                                        # hide what the plate does not cover
        vis = min(cw, b[2]) > max(0, b[0]) and min(ch, b[3]) > max(0, b[1])
        if vis:
            mid = abs((b[0] + b[2]) / 2 - cw / 2) < 12 and abs((b[1] + b[3]) / 2 - ch / 2) < 10
            if mid:
                w = float(np.clip((b[2] - b[0]) * u(1.03, 1.25), 40, 175))
                c = np.array([b[0] + b[2], b[1] + b[3]]) / 2
                x0, y0, x1, y1 = (int(v) for v in (max(0, b[0] - 2), max(0, b[1] - 2), min(cw, b[2] + 2), min(ch, b[3] + 2)))
                img[y0:y1, x0:x1] = np.linspace(img[max(0, y0 - 2), x0:x1].mean(), img[min(ch - 1, y1 + 1), x0:x1].mean(), y1 - y0, dtype=np.float32)[:, None]
            else:
                q = np.array([[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]]], np.float32)
                out.append((q, IGNORE))
    if k > 0.85 and rng.random() < 0.6:
        car(rng, img, c[0], c[1], w * u(2.4, 4.0))
    two = rng.random() < 0.12
    p = plates.render(rng, uk, fonts, scale=float(np.clip(w / 450.0, 0.28, 0.9)), two_line=two)
    if p.lines == 2:
        w = min(w, 80.0)
    q = paste(rng, img, uk, fonts, width=w, centre=c, plate=p, crowded=rng.random() < 0.4)
    vis = (q[:, 0] > -2).all() and (q[:, 1] > -2).all() and (q[:, 0] < cw + 2).all() and (q[:, 1] < ch + 2).all()
    out.append((q, QUAD if vis else IGNORE))
    return sensor(rng, np.clip(img, 0, 255), strength), out


def sensor(rng, img, strength):
    u = rng.uniform
    if rng.random() < 0.25:
        img = cv2.GaussianBlur(img, (0, 0), u(0.4, 1.4 * strength))
    if rng.random() < 0.2 * strength:
        img = cv2.filter2D(img, -1, plates.motion_kernel(u(2, 8), rng.normal(0, 0.3) if rng.random() < 0.7 else u(0, 3.14)), borderType=cv2.BORDER_REPLICATE)
    k = rng.random()
    if k < 0.22:
        img = img * u(0.12, 0.8)
    elif k < 0.35:
        img = img * u(1.05, 1.8)
    img = np.clip(img, 0, 255)
    if rng.random() < 0.35:
        img = 255 * (img / 255) ** u(0.5, 2.0)
    if rng.random() < 0.10:
        m = img.mean()
        img = m + (img - m) * u(0.25, 0.7)
    if rng.random() < 0.5:
        img = img + rng.standard_normal(img.shape, dtype=np.float32) * min(u(0.5, 14), float(img.std()) * 0.35 * strength)
    out = np.clip(img, 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(u(30, 92))])[1], cv2.IMREAD_GRAYSCALE)
    return out


def targets(objects, cw, ch):
    """heat, 12 regression maps, weight of the box, weight of the corners, weight of the heat."""
    w, h = cw // STRIDE, ch // STRIDE
    heat = np.zeros((h, w), np.float32)
    reg = np.zeros((12, h, w), np.float32)
    wb, wc = np.zeros((h, w), np.float32), np.zeros((h, w), np.float32)
    wh = np.ones((h, w), np.float32)
    gx, gy = (np.arange(w) + 0.5) * STRIDE, (np.arange(h) + 0.5) * STRIDE
    for q, kind in sorted(objects, key=lambda o: o[1] != IGNORE):
        x0, y0 = q.min(0)
        x1, y1 = q.max(0)
        if kind == IGNORE:
            a, b = int(max(0, x0 // STRIDE)), int(max(0, y0 // STRIDE))
            wh[b:int(y1 // STRIDE) + 1, a:int(x1 // STRIDE) + 1] = 0
            continue
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        bw, bh = x1 - x0, y1 - y0
        i, j = int(np.clip(cx // STRIDE, 0, w - 1)), int(np.clip(cy // STRIDE, 0, h - 1))
        sx, sy = 0.12 * bw + 3.0, 0.2 * bh + 3.0
        g = np.exp(-0.5 * ((gy[:, None] - gy[j]) / sy) ** 2 - 0.5 * ((gx[None] - gx[i]) / sx) ** 2)
        np.maximum(heat, g, out=heat)
        heat[j, i] = 1
        wh[max(0, j - 1):j + 2, max(0, i - 1):i + 2] = 1
        near = (np.abs(gy[:, None] - cy) <= 0.3 * bh) & (np.abs(gx[None] - cx) <= 0.2 * bw)
        near[j, i] = True
        jj, ii = np.nonzero(near)
        X, Y = gx[ii], gy[jj]
        vals = [X - x0, Y - y0, x1 - X, y1 - Y]
        for c in range(4):
            vals += [q[c, 0] - X, q[c, 1] - Y]
        reg[:, jj, ii] = np.array(vals) / UNIT
        weight = 1 / np.sqrt(max(bh, 6) / 12) / np.sqrt(len(jj)) * 2
        wb[jj, ii] = weight
        wc[jj, ii] = weight if kind == QUAD else 0
    return heat, reg, wb, wc, wh


def batch(rng, n, cw, ch, frames, empty, uk, fonts, strength=1.0):
    x = np.empty((n, ch, cw), np.uint8)
    parts = []
    for i in range(n):
        make = closeup if cw <= 192 else scene
        x[i], objects = make(rng, cw, ch, frames, empty, uk, fonts, strength)
        parts.append(targets(objects, cw, ch))
    return (x,) + tuple(np.stack(p) for p in zip(*parts))


def again(rng, batch):
    """The same pictures for a second use: other noise and brightness."""
    x, *rest = batch
    out = np.empty_like(x)
    for i, img in enumerate(x):
        img = img.astype(np.float32)
        if rng.random() < 0.3:
            img = cv2.GaussianBlur(img, (3, 3), rng.uniform(0.3, 0.9))
        img = 255 * (img / 255) ** rng.uniform(0.6, 1.5)
        img += rng.standard_normal(img.shape, dtype=np.float32) * float(img.std()) * rng.uniform(0, 0.15)
        out[i] = np.clip(img, 0, 255)
    return (out, *rest)
