# What this file is for: bring a net back to training from a checkpoint or from the shipped ONNX file.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped files hold convolutions with batch normalisation folded in, no optimiser and no averages. Nothing of what
the net computes is lost: `from_onnx` copies each convolution and gives every batch normalisation the mean and spread
that its input has on sample pictures, with the gain and offset that undo them. The net then computes the same as the
file, in training mode too, and can be trained on."""
import configparser

import cv2
import numpy as np
import torch
import torch.nn as nn

PREFIX, SUFFIX = "onnx_node!/", "/Conv"
COVER = "cover."          # a head of its own (nets.Whole), no part of what is trained on


def load(net, path, sample):
    """Start `net` from path (.pt: averaged weights; .onnx: as shipped); returns the number of pictures seen, if known.
    sample: normalised pictures, N x 1 x H x W, as the training will show them (used for .onnx only)."""
    if path.endswith(".onnx"):
        from_onnx(net, path, sample)
        card = configparser.ConfigParser(interpolation=None)
        card.read(path[:-len(".onnx")] + ".ini", encoding="utf-8")
        return card.getint("card", "pictures_seen", fallback=0)
    state = torch.load(path, map_location="cpu")
    net.load_state_dict(state["ema"])
    return state.get("crops", 0)


def convolutions(path):
    """{module path: (weight, bias)} of an ONNX file written by export.py, read by OpenCV's importer."""
    graph = cv2.dnn.readNetFromONNX(path)
    out = {}
    for name in graph.getLayerNames():
        layer = graph.getLayer(graph.getLayerId(name))
        if layer.type == "Convolution":
            if not name.startswith(PREFIX) or not name.endswith(SUFFIX):
                raise ValueError(f"{path}: layer '{name}' was not written by export.py; train from a .pt file instead")
            weight, bias = layer.blobs
            out[module_path(name[len(PREFIX):-len(SUFFIX)])] = weight, bias.reshape(-1)
    return out


def module_path(scope):
    """"/s8/s8.1/a/a.0" to "s8.1.a.0": in a chain the exporter repeats the chain's own name in each member's."""
    parts = []
    for part in scope.strip("/").split("/"):
        if parts and part.startswith(parts[-1] + "."):
            parts[-1] = part
        else:
            parts.append(part)
    return ".".join(parts)


def pairs(module, prefix=""):
    """(path, convolution, the batch normalisation after it or None), in the order of definition."""
    kids = list(module.named_children())
    for i, (name, child) in enumerate(kids):
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(child, nn.Conv2d):
            after = kids[i + 1][1] if i + 1 < len(kids) else None
            yield path, child, after if isinstance(after, nn.BatchNorm2d) else None
        else:
            yield from pairs(child, path)


def from_onnx(net, path, sample):
    file = {p: v for p, v in convolutions(path).items() if not p.startswith(COVER)}
    mine = {p: (conv, norm) for p, conv, norm in pairs(net)}
    if set(file) != set(mine):
        raise ValueError(f"{path}: other layers than this net has: {sorted(set(file) ^ set(mine))}")
    hooks = []
    for p, (conv, norm) in mine.items():
        weight, bias = (torch.from_numpy(v) for v in without_regions(*file[p], conv))
        if conv.weight.shape != weight.shape:
            raise ValueError(f"{path}: layer {p} is {tuple(weight.shape)}, this net wants {tuple(conv.weight.shape)}")
        with torch.no_grad():
            conv.weight.copy_(weight)
            if norm is None:
                conv.bias.copy_(bias)
            else:
                hooks.append(norm.register_forward_pre_hook(lambda m, x, b=bias: settle(m, x[0], b)))
    was = net.training
    net.eval()
    with torch.no_grad():
        net(sample)
    net.train(was)
    for h in hooks:
        h.remove()


def load_regions(head, path):
    """Fills nets.Regions from a shipped reader; False if it says none."""
    (wide, wide_bias), (last, last_bias) = [v for p, v in convolutions(path).items() if not p.startswith(COVER)][-2:]
    characters, features = last.shape[0], head.own.in_channels
    n = head.last.out_channels
    if wide.shape[0] == features:
        return False
    first = characters - n - (characters - n > 37)        # a row of the cover's lies behind
    with torch.no_grad():
        for conv, weight, bias in ((head.own, wide[features:, :features], wide_bias[features:]),
                                   (head.last, last[first:first + n, features:], last_bias[first:first + n])):
            conv.weight.copy_(torch.from_numpy(np.array(weight)))
            conv.bias.copy_(torch.from_numpy(np.array(bias)))
    return True


def without_regions(weight, bias, conv):
    """A shipped reader's last two convolutions also say the region (nets.with_regions); training takes what says characters,
    which does not look at the rest."""
    o, i = conv.weight.shape[:2]
    assert not weight[:o, i:].any(), "the characters depend on what only the regions need"
    return np.array(weight[:o, :i]), np.array(bias[:o])


def settle(norm, x, bias):
    """Statistics of x, and the gain and offset that make this normalisation add `bias` and nothing else."""
    mean = x.mean((0, 2, 3))
    var = x.var((0, 2, 3), unbiased=False).clamp(min=1e-6)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(var)
    norm.weight.copy_(torch.sqrt(var + norm.eps))
    norm.bias.copy_(bias + mean)
