# What this file is for: the two networks: the plate reader (CTC columns) and the plate detector (box and corner maps).
# SPDX-License-Identifier: GPL-3.0-or-later
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F

import regions

CHARACTERS = 37           # 0-9, A-Z, blank


class Cbr(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, i, o, k=3, s=1, p=None):
        k = (k, k) if isinstance(k, int) else k
        p = (k[0] // 2, k[1] // 2) if p is None else p
        super().__init__(nn.Conv2d(i, o, k, s, p, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


class Reader(nn.Module):
    """1x48x160 grey to 37 classes x 40 columns (logits); a plain chain of convolutions, ReLU and max-pooling."""

    def __init__(self, drop=0.1):
        super().__init__()
        self.body = nn.Sequential(
            Cbr(1, 16, 3, 2), Cbr(16, 32), nn.MaxPool2d(2, 2),
            Cbr(32, 64), Cbr(64, 64), nn.MaxPool2d((2, 1), (2, 1)),
            Cbr(64, 128), nn.MaxPool2d((2, 1), (2, 1)),
            Cbr(128, 192, (3, 5), 1, (0, 2)), nn.Dropout2d(drop), Cbr(192, 192, (1, 5)),
            nn.Conv2d(192, CHARACTERS, 1))

    def forward(self, x):
        return self.body(x)


class Regions(nn.Module):
    """What the reader's features say of the issuing region: beside its last two convolutions two of its own, its logits the
    mean over the columns. The reader itself stays as it is."""

    HIDDEN = 64

    def __init__(self):
        super().__init__()
        self.own = nn.Conv2d(192, self.HIDDEN, (1, 5), 1, (0, 2))
        self.last = nn.Conv2d(self.HIDDEN, regions.COUNT, 1)

    def forward(self, features):
        return self.last(F.relu(self.own(features))).float().mean((2, 3))


def features_of(folded):
    """The folded reader up to what Regions looks at."""
    return nn.Sequential(*list(folded.body)[:-2])


def with_regions(folded, head):
    """One chain that gives the reader's 37 classes, and behind them the regions, by column."""
    names, (*first, (wide, relu), last) = zip(*folded.body.named_children())
    a = nn.Conv2d(192, 192 + head.HIDDEN, (1, 5), 1, (0, 2))
    b = nn.Conv2d(192 + head.HIDDEN, CHARACTERS + regions.COUNT, 1)
    with torch.no_grad():
        a.weight.copy_(torch.cat((wide.weight, head.own.weight)))
        a.bias.copy_(torch.cat((wide.bias, head.own.bias)))
        b.weight.zero_()
        b.weight[:CHARACTERS, :192] = last.weight
        b.weight[CHARACTERS:, 192:] = head.last.weight
        b.bias.copy_(torch.cat((last.bias, head.last.bias)))
    whole = Reader()
    whole.body = nn.Sequential(OrderedDict(zip(names, (*first, nn.Sequential(a, relu), b))))           # under their names
    return whole


class Cover(nn.Module):
    """Whether something covers what stands in a column, a logit each: a chain of its own from where the reader still has three
    rows, joined by what the reader's last features say. The reader itself stays as it is."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(128, 64, (3, 5), 1, (0, 2))
        self.b = nn.Conv2d(64, 48, (1, 5), 1, (0, 2))
        self.z = nn.Conv2d(192, 48, (1, 5), 1, (0, 2))
        self.c = nn.Conv2d(48, 32, (1, 7), 1, (0, 3))
        self.d = nn.Conv2d(32, 1, 1)

    def forward(self, early, late):
        return self.d(F.relu(self.c(F.relu(self.b(F.relu(self.a(early))) + self.z(late)))))


EARLY = 8                 # parts of a folded reader up to what Cover looks at first, the last but one at the end


def look(folded, x):
    """(early features, last features, the reader's logits)."""
    early = folded.body[:EARLY](x)
    late = folded.body[EARLY:-1](early)
    return early, late, folded.body[-1](late)


class Whole(nn.Module):
    """A folded reader, with regions or without, and behind its classes one more: the column is covered."""

    def __init__(self, folded, head):
        super().__init__()
        last = folded.body[-1]
        own = last.out_channels
        self.body = nn.Sequential(OrderedDict(folded.body.named_children()))
        self.cover = Cover()
        self.cover.load_state_dict(head.state_dict())
        self.last_features = head.z.in_channels           # of the reader alone, without those that regions need
        b = nn.Conv2d(last.in_channels, own + 1, 1)
        d = nn.Conv2d(self.cover.d.in_channels, own + 1, 1)
        z = nn.Conv2d(last.in_channels, head.z.out_channels, (1, 5), 1, (0, 2))
        with torch.no_grad():
            for wide, narrow, at in ((b, last, slice(0, own)), (d, head.d, slice(own, own + 1))):
                wide.weight.zero_()
                wide.bias.zero_()
                wide.weight[at] = narrow.weight
                wide.bias[at] = narrow.bias
            z.weight.zero_()
            z.weight[:, :self.last_features] = head.z.weight
            z.bias.copy_(head.z.bias)
        self.body[-1], self.cover.d, self.cover.z = b, d, z

    def forward(self, x):
        kids = list(self.body)
        for part in kids[:EARLY]:
            x = part(x)
        early = x
        for part in kids[EARLY:-1]:
            x = part(x)
        return kids[-1](x) + self.cover(early, x)


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = Cbr(c, c)
        self.b = nn.Sequential(nn.Conv2d(c, c, 3, 1, 1, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class Detector(nn.Module):
    """1xHxW grey (multiples of 32) to 13 maps at stride 8."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(Cbr(1, 12, 3, 2), Cbr(12, 24, 3, 2))
        self.s8 = nn.Sequential(Cbr(24, 48, 3, 2), Res(48))
        self.s16 = nn.Sequential(Cbr(48, 80, 3, 2), Res(80), Res(80))
        self.s32 = nn.Sequential(Cbr(80, 80, 3, 2), Res(80), Res(80))
        self.l8, self.l16, self.l32 = Cbr(48, 48, 1), Cbr(80, 48, 1), Cbr(80, 48, 1)
        self.up = nn.Upsample(scale_factor=2.0, mode="nearest")
        self.m16 = Cbr(48, 48)
        self.head = nn.Sequential(Cbr(48, 48), Cbr(48, 48), nn.Conv2d(48, 13, 1))
        nn.init.constant_(self.head[-1].bias, 0)
        with torch.no_grad():
            self.head[-1].bias[0] = -4.0

    def forward(self, x):
        a = self.s8(self.stem(x))
        b = self.s16(a)
        c = self.s32(b)
        b = self.m16(self.l16(b) + self.up(self.l32(c)))
        return self.head(self.l8(a) + self.up(b))


def normalise(x):
    """Grey bytes N x H x W to the net's input: minus the mean, divided by (standard deviation + 4), per picture."""
    x = x.float()
    m = x.mean((1, 2), keepdim=True)
    s = x.std((1, 2), unbiased=False, keepdim=True)
    return ((x - m) / (s + 4)).unsqueeze(1)


def fold(module):
    """Batch normalisation folded into the convolution before it, dropout removed; the module must be in eval mode."""
    from torch.nn.utils.fusion import fuse_conv_bn_eval
    for name, child in list(module.named_children()):
        fold(child)
    if isinstance(module, nn.Sequential):
        kids = list(module._modules.items())
        for (na, a), (nb, b) in zip(kids, kids[1:]):
            if isinstance(a, nn.Conv2d) and isinstance(b, nn.BatchNorm2d):
                module._modules[na] = fuse_conv_bn_eval(a, b)
                del module._modules[nb]
        for n, k in list(module._modules.items()):
            if isinstance(k, (nn.Dropout2d, nn.Identity)):
                del module._modules[n]
    return module


class Ema:
    def __init__(self, net, decay):
        self.decay, self.state = decay, {k: v.clone() for k, v in net.state_dict().items()}
        self.n = 0

    def update(self, net):
        self.n += 1
        d = min(self.decay, (1 + self.n) / (10 + self.n))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                if v.dtype.is_floating_point:
                    self.state[k].mul_(d).add_(v, alpha=1 - d)
                else:
                    self.state[k].copy_(v)
