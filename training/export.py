#!/usr/bin/env python3
# What this file is for: write a trained net as ONNX with its card, after checking it against OpenCV's importer.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: export.py reader|detector WEIGHTS.pt data/models [--scores "text"] [--version N]
       export.py region REGION.pt data/models --version N      adds the regions to the reader there
       export.py cover COVER.pt data/models --version N        adds to it what covers characters"""
import argparse
import hashlib
import os

import cv2
import numpy as np
import torch

import nets
import regions
import weights

COMMON_LIMITS = {
    "reader": "Latin letters and digits only; at most about 10 characters; under 60 px plate width many reads fail; "
              "0/O and 1/I of UK faces cannot be told apart by shape",
    "detector": "plates of 20 to 500 input pixels; corners of plates under 40 px are rough; other lettering is sometimes "
                "boxed, the reader rejects it",
}
DATA = {
    "reader": "generated plates (UK outlines of this project and random stroke fonts); one crop in twelve from real labelled plates "
              "(see training/manifest.csv); road scenes without readable plates as negatives",
    "detector": "generated plates on drawn scenes and on real frames; real frames with labelled plates (see training/manifest.csv)",
}
OUTPUTS = (f"1x%dx1x40 logits, class by column; {regions.COUNT} behind the blank, the regions and a last class, not read, count as the "
           "mean of their columns")
COVER_OUTPUT = "; the very last: something covers the column"
LICENCES = ("weights GPL-3.0-or-later; pictures: Open Images (CC BY 2.0 by their authors, boxes CC BY 4.0 by Google), "
            "license-plate-dataset by RobertLucian (MIT), Udacity CarND, YOLOP, YOLOPv2, HybridNets samples (MIT)")


def write_onnx(net, x, name, output):
    torch.onnx.export(net, x, name, opset_version=11, input_names=["image"], output_names=[output], do_constant_folding=True)


def digest_of(name):
    return hashlib.sha256(open(name, "rb").read()).hexdigest()


def add_regions(a):
    """The reader that lies in the folder learns to say regions; what it says of characters stays to the last bit but one."""
    name = os.path.join(a.folder, "reader.onnx")
    torch.manual_seed(1)
    x = nets.normalise(torch.randint(0, 255, (4, 48, 160)))
    reader, head, state = nets.Reader(), nets.Regions(), torch.load(a.weights, map_location="cpu")
    weights.load(reader, name, x)
    reader = nets.fold(reader.eval())
    head.load_state_dict(state["ema"])
    with torch.no_grad():
        whole = nets.with_regions(reader, head).eval()
        got, want, said = whole(x), reader(x), head(nets.features_of(reader)(x))
    worst = max(float((got[:, :nets.CHARACTERS] - want).abs().max()), float((got[:, nets.CHARACTERS:].mean((2, 3)) - said).abs().max()))
    assert worst < 1e-4, worst
    put_reader(a, whole, x, got, OUTPUTS % got.shape[1], {
        "regions": ("columns", ";".join(regions.CODES)),
        "regions_from": ("limits", f"the reader's features, seed {state['args']['seed']}, {state['crops']} generated and real crops")})


def put_reader(a, whole, x, got, outputs, added):
    """Writes a reader that says more than before, and its card; added: {key: (after which key, value)}."""
    name, card = os.path.join(a.folder, "reader.onnx"), os.path.join(a.folder, "reader.ini")
    write_onnx(whole, x[:1], name, "columns")
    net = cv2.dnn.readNetFromONNX(name)
    net.setInput(x[:1].numpy())
    worst = float(np.abs(net.forward() - got[:1].numpy()).max())
    assert worst < 1e-3, worst
    changes = {"version": a.version, "sha256": digest_of(name), "outputs": outputs, "difference_to_torch": f"{worst:.1e}",
               "parameters": sum(p.numel() for p in whole.parameters())}
    lines = []
    for line in open(card, encoding="utf-8").read().splitlines():
        key = line.partition("=")[0]
        if key not in added:
            lines.append(f"{key}={changes[key]}" if key in changes else line)
        lines += [f"{new}={value}" for new, (after, value) in added.items() if after == key]
    with open(card, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    print(name, os.path.getsize(name), "bytes, difference", worst)


def add_cover(a):
    """The reader that lies in the folder learns to say what is covered; characters and regions stay to the last bit."""
    name = os.path.join(a.folder, "reader.onnx")
    torch.manual_seed(1)
    x = nets.normalise(torch.randint(0, 255, (4, 48, 160)))
    reader, region, head, state = nets.fold(nets.Reader().eval()), nets.Regions(), nets.Cover(), torch.load(a.weights, map_location="cpu")
    weights.load(reader, name, x)
    if weights.load_regions(region, name):
        reader = nets.with_regions(reader, region).eval()
    head.load_state_dict(state["ema"])
    with torch.no_grad():
        whole = nets.Whole(reader, head).eval()
        got, (early, late, want) = whole(x), nets.look(reader, x)
        said = head(early, late[:, :head.z.in_channels])
    assert torch.equal(got[:, :-1], want), "the cover changed what was said before"
    worst = float((got[:, -1:] - said).abs().max())
    assert worst < 1e-4, worst
    put_reader(a, whole, x, got, OUTPUTS % got.shape[1] + COVER_OUTPUT, {
        "cover": ("alphabet", "true"),
        "cover_from": ("regions_from", f"the reader's features, seed {state['args']['seed']}, {state['crops']} generated and real crops")})


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("kind", choices=("reader", "detector", "region", "cover"))
    ap.add_argument("weights")
    ap.add_argument("folder")
    ap.add_argument("--scores", default="not measured yet")
    ap.add_argument("--version", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(1)
    if a.kind == "region":
        return add_regions(a)
    if a.kind == "cover":
        return add_cover(a)
    state = torch.load(a.weights, map_location="cpu")
    net = nets.Reader() if a.kind == "reader" else nets.Detector()
    net.load_state_dict(state["ema"])
    net.eval()
    shape = (1, 1, 48, 160) if a.kind == "reader" else (1, 1, 384, 640)
    x = torch.randn(shape)
    with torch.no_grad():
        before = net(x)
        nets.fold(net)
        after = net(x)
    assert float((before - after).abs().max()) < 1e-3, "folding changed the result"
    name = os.path.join(a.folder, a.kind + ".onnx")
    write_onnx(net, x, name, "maps" if a.kind == "detector" else "columns")
    cvnet = cv2.dnn.readNetFromONNX(name)
    worst = 0.0
    for s in [shape] if a.kind == "reader" else [shape, (1, 1, 192, 320), (1, 1, 576, 960)]:
        x = torch.randn(s)
        cvnet.setInput(x.numpy())
        got = cvnet.forward()
        with torch.no_grad():
            want = net(x).numpy()
        assert got.shape == want.shape, (got.shape, want.shape)
        worst = max(worst, float(np.abs(got - want).max()))
    assert worst < 1e-3, worst
    digest = digest_of(name)
    args = state["args"]
    lines = [
        f"# What this file is for: the card of {a.kind}.onnx; the exact use is in README.md beside it.",
        "# SPDX-License-Identifier: GPL-3.0-or-later", "", "[model]", f"kind={a.kind}", f"version={a.version}", f"sha256={digest}",
    ]
    if a.kind == "reader":
        lines += ["input=1x1x48x160", "outputs=1x37x1x40 logits, class by column", "columns=40",
                  "alphabet=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "blank=36", "decode=ctc-greedy", "crop_margin_x=0.03", "crop_margin_y=0.06",
                  "box_margin=0.02", "two_line_below_aspect=2.4", "two_line_part=0.56", "threshold=0.5"]
    else:
        lines += ["input=1x1x384x640", "stride=8", "multiple=32", "unit=32",
                  "outputs=heat(logit),left,top,right,bottom,x0,y0,x1,y1,x2,y2,x3,y3 (distances from the cell centre 8i+4,8j+4 in units of 32 px; "
                  "corners top left, top right, bottom right, bottom left)", "threshold=0.3", "nms_iou=0.3"]
    lines += ["normalise=grey; subtract mean of the input; divide by (population standard deviation + 4)", "", "[card]",
              "data=" + DATA[a.kind], "licences=" + LICENCES, f"seed={args['seed']}", f"steps={state['step']} in the last stage" + (", then averaged: " + state["average"] if "average" in state else ""), f"pictures_seen={state.get('crops', 0)}",
              "scores=" + a.scores, "limits=" + COMMON_LIMITS[a.kind], "opencv=4.6", f"difference_to_torch={worst:.1e}",
              f"parameters={sum(p.numel() for p in net.parameters())}", ""]
    with open(os.path.join(a.folder, a.kind + ".ini"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines))
    print(name, os.path.getsize(name), "bytes, difference", worst)


main()
