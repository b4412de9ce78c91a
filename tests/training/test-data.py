#!/usr/bin/env python3
# test-data.py: what training may use: made-up sets that tempt it, and the manifest against the withheld pictures
# SPDX-License-Identifier: GPL-3.0-or-later
import csv
import importlib.util
import os
import sys
import tempfile

sys.dont_write_bytecode = True
TRAINING = os.path.join(os.environ['BOLO_SOURCE_DIR'], 'training')
sys.path.insert(0, TRAINING)

import rows  # noqa: E402

spec = importlib.util.spec_from_file_location('check_data', os.path.join(TRAINING, 'check-data.py'))
check_data = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_data)

HEADER = ['image', 'x1', 'y1', 'x2', 'y2', 'text', 'country', 'label_src', 'quality', 'split']
DRIVE = 'images/dataset_train_images_day_001.mp4_t_%d.jpg'
# The same drive goes on under the name of another split of its authors.
OTHER = 'images/dataset_valid_images_day_001.mp4_t_%d.jpg'


def write_set(root, name, labels):
    os.makedirs(os.path.join(root, name))
    with open(os.path.join(root, name, 'labels.csv'), 'w', newline='', encoding='utf-8') as handle:
        out = csv.writer(handle)
        out.writerow(HEADER)
        for image, text, split in labels:
            out.writerow([image, 1, 1, 90, 20, text, '', 'eye', 'ok', split])


def used(labels, elsewhere=(), held=False):
    """Which of the pictures are handed out."""
    with tempfile.TemporaryDirectory() as root:
        write_set(root, 'openimages_plates', [])
        write_set(root, 'ro_dashcam', labels)
        write_set(root, 'other', elsewhere)
        return {image for _, image, _ in rows.pictures(root, held)}


def never_held(count):
    """Names of frames far from each other that the hash gives to training."""
    return [n for n in (DRIVE % (1000 * i) for i in range(1, 200)) if not rows.held_out(n)][:count]


def always_held(count):
    return [n for n in (DRIVE % (1000 * i) for i in range(1, 200)) if rows.held_out(n)][:count]


def test_dev_rows_are_left_alone():
    train, dev = never_held(2)
    assert used([(train, 'AA11AAA', 'train'), (dev, 'BB22BBB', 'dev')]) == {train}


def test_a_picture_with_one_dev_row_is_left_alone():
    name = never_held(1)[0]
    assert used([(name, 'AA11AAA', 'train'), (name, 'BB22BBB', 'dev')]) == set()


def test_frames_near_a_dev_frame_are_left_alone():
    at = rows.moment(never_held(1)[0])[1]
    for gap, expected in ((rows.NEAR + 1, 1), (rows.NEAR, 0), (-rows.NEAR, 0), (-rows.NEAR - 1, 1)):
        got = used([(DRIVE % at, '', 'train'), (OTHER % (at + gap), 'BB22BBB', 'dev')])
        assert len(got) == expected, (gap, got)


def test_dev_plates_are_left_alone_whatever_the_set_and_the_spelling():
    name = never_held(1)[0]
    assert used([(name, 'O1 ABC', 'train')], [('x.jpg', '0I-ABC', 'dev')]) == set()
    assert used([(name, 'O1 ABC', 'train')], [('x.jpg', '02-ABC', 'dev')]) == {name}


def test_held_pictures_never_train():
    train, held = never_held(5), always_held(5)
    labels = [(n, f'AB{i}CDE', 'train') for i, n in enumerate(train + held)]
    assert used(labels) == set(train)
    assert used(labels, held=True) == set(held)


def test_a_plate_that_trains_does_not_calibrate():
    train, held = never_held(1)[0], always_held(1)[0]
    labels = [(train, 'AB12CDE', 'train'), (held, 'AB12 CDE', 'train')]
    assert used(labels) == {train}
    assert used(labels, held=True) == set()


def test_the_check_finds_what_is_wrong():
    near, plate, twice = never_held(3)
    at = rows.moment(near)[1]
    with tempfile.TemporaryDirectory() as root:
        write_set(root, 'ro_dashcam', [(OTHER % (at + 5), 'BB22BBB', 'dev'), (twice, 'CC33CCC', 'dev')])
        leaked = [('ro_dashcam', image, [{'text': text}])
                  for image, text in ((near, 'AA11AAA'), (plate, 'BB22BBB'), (twice, ''))]
        said = check_data.compare(root, leaked, with_pictures=False)
    for expected in ('within', 'dev plate', 'dev picture'):
        assert sum(expected in s for s in said) == 1 or expected == 'within', said
    assert any(near in s and 'within' in s for s in said), said


def test_the_manifest_names_no_withheld_picture():
    def table(name):
        with open(os.path.join(TRAINING, name), newline='', encoding='utf-8') as handle:
            return list(csv.DictReader(handle))

    withheld = table('withheld.csv')
    names = {r['picture'] for r in withheld}
    moments = {rows.moment(r['picture']) for r in withheld} - {None}
    assert len(names) > 100 and len(moments) > 100
    for row in table('manifest.csv'):
        assert row['picture'] not in names, row
        at = rows.moment(row['picture'])
        if at and not row['used_by'].endswith('only'):
            assert all(at[0] != d or abs(at[1] - t) > rows.NEAR for d, t in moments), row
        if not row['used_by'].endswith('only') and row['set'] in rows.SETS:
            assert not rows.held_out(row['picture']), row


def main():
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
