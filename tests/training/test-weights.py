#!/usr/bin/env python3
# test-weights.py: the shipped nets come back to training exactly as they are, and a wrong file is refused
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import sys

sys.dont_write_bytecode = True
SOURCE = os.environ['BOLO_SOURCE_DIR']
sys.path.insert(0, os.path.join(SOURCE, 'training'))

try:
    import cv2
    import torch
except ImportError as error:
    print(f'1..0 # SKIP training needs python3-torch and python3-opencv: {error}')
    sys.exit(0)

import nets  # noqa: E402
import weights  # noqa: E402


def model(kind):
    return os.path.join(SOURCE, 'data', 'models', kind + '.onnx')


def check_round_trip(kind, net, height, width):
    torch.manual_seed(1)
    sample = nets.normalise(torch.randint(0, 255, (8, height, width)))
    seen = weights.load(net, model(kind), sample)
    assert seen > 10000, f'the card of {kind} tells {seen} pictures'
    graph = cv2.dnn.readNetFromONNX(model(kind))
    graph.setInput(sample[:1].numpy())
    want = torch.from_numpy(graph.forward())[:, :nets.CHARACTERS if kind == 'reader' else None]
    for training in (False, True):           # in training, by the statistics of the same pictures
        net.train(training)
        for part in net.modules():
            if isinstance(part, torch.nn.Dropout2d):
                part.eval()
        with torch.no_grad():
            worst = float((net(sample)[:1] - want).abs().max())
        assert worst < 1e-3, f'{kind}, training {training}: differs by {worst}'


def test_reader():
    check_round_trip('reader', nets.Reader(), 48, 160)


def test_the_reader_goes_out_as_it_came():
    """What export.py puts together again says the same to the last bit, of regions too, with any head for covers."""
    torch.manual_seed(2)
    sample = nets.normalise(torch.randint(0, 255, (4, 48, 160)))
    reader, region, head = nets.fold(nets.Reader().eval()), nets.Regions(), nets.Cover()
    weights.load(reader, model('reader'), sample)
    assert weights.load_regions(region, model('reader'))
    graph = cv2.dnn.readNetFromONNX(model('reader'))
    graph.setInput(sample[:1].numpy())
    shipped = torch.from_numpy(graph.forward())
    with torch.no_grad():
        before = nets.with_regions(reader, region).eval()
        got, want = nets.Whole(before, head).eval()(sample), before(sample)
        early, late, _ = nets.look(before, sample)
        assert torch.equal(got[:, :-1], want)
        assert float((got[:, -1:] - head(early, late[:, :head.z.in_channels])).abs().max()) < 1e-4
        assert shipped.shape[1] == got.shape[1], 'the shipped reader says nothing of covers'
        assert float((got[:1, :-1] - shipped[:, :-1]).abs().max()) < 1e-3


def test_detector():
    check_round_trip('detector', nets.Detector(), 96, 192)


def test_the_wrong_net_is_refused():
    try:
        weights.load(nets.Reader(), model('detector'), torch.zeros(1, 1, 48, 160))
    except ValueError as error:
        assert 'detector.onnx' in str(error)
        return
    raise AssertionError('a detector was taken for a reader')


def main():
    torch.set_num_threads(1)
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith('test_')]
    print(f'1..{len(tests)}')
    failed = 0
    for i, (name, run) in enumerate(tests, 1):
        try:
            run()
            print(f'ok {i} {name}')
        except AssertionError as error:
            failed += 1
            print(f'not ok {i} {name}\n# {error}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
