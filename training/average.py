#!/usr/bin/env python3
# What this file is for: a net between two of one family: what a late stage learnt, without all that it forgot.
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: average.py reader|detector OLD.onnx NEW.pt SHARE OUT.pt       SHARE of NEW, 0 to 1

NEW must have been trained from OLD. Both are folded first, so that the weights mean the same."""
import sys

import torch

import nets
import weights


def main():
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    kind, old, new, share, out = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5]
    make = nets.Reader if kind == "reader" else nets.Detector
    state = torch.load(new, map_location="cpu")
    late = make().eval()
    late.load_state_dict(state["ema"])
    fresh = {path: (conv.weight.detach(), conv.bias.detach()) for path, conv, _ in weights.pairs(nets.fold(late))}
    net = make().eval()
    with torch.no_grad():
        for path, conv, norm in weights.pairs(net):
            was, is_now = weights.without_regions(*weights.convolutions(old)[path], conv), fresh[path]
            weight, bias = ((1 - share) * torch.from_numpy(a.reshape(b.shape)) + share * b for a, b in zip(was, is_now))
            conv.weight.copy_(weight)
            (conv.bias if norm is None else norm.bias).copy_(bias)
            if norm is not None:                          # adds the bias, changes nothing else
                norm.running_mean.zero_()
                norm.running_var.fill_(1 - norm.eps)
                norm.weight.fill_(1)
    torch.save(dict(state, ema=net.state_dict(), average=f"{share:g} of the last stage, {1 - share:g} of what it started from"), out)


if __name__ == "__main__":
    main()
