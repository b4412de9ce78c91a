#!/usr/bin/env python3
# test-accuracy.py: checks how docs/accuracy.py counts, names causes and writes its page
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-accuracy.py SOURCE"""
import importlib.util
import json
import os
import stat
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import tap  # noqa: E402

SCRIPT = os.path.join(sys.argv[1], 'docs', 'accuracy.py')
spec = importlib.util.spec_from_file_location('accuracy', SCRIPT)
accuracy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(accuracy)

HEADER = 'image,x1,y1,x2,y2,text,country,label_src,quality,split\n'


def plate(text, confidence, left):
    right = left + 100
    return {'text': text, 'confidence': confidence,
            'corners': [[left, 10], [right, 10], [right, 30], [left, 30]]}


def differ(what, got, wanted):
    return [] if got == wanted else [f'{what}: {got!r} instead of {wanted!r}']


def check_interval():
    low, high = accuracy.wilson(9, 10)
    return differ('interval of 9 in 10', (round(low, 3), round(high, 3)), (0.596, 0.982)) + \
        differ('interval of nothing', accuracy.wilson(0, 0), (0.0, 0.0))


def check_fold():
    return differ('folded', accuracy.fold('lo5i abc-q'), 'L051ABC0')


def check_causes():
    cases = {'': 'not found or not read', 'AB12CDF': 'one character mistaken', 'XX12CDF': 'several mistaken',
             'B12CDE': 'characters left out', 'GBAB12CDE': 'characters added'}
    return [sentence for said, cause in cases.items()
            for sentence in differ(said, accuracy.name_cause('AB12CDE', said), cause)]


def make_row(image, left, text, quality='ok'):
    return {'image': image, 'x1': str(left), 'y1': '10', 'x2': str(left + 100), 'y2': '30', 'text': text,
            'quality': quality}


def check_judging():
    """Right, wrong, no plate there; what is not labelled well enough is not judged."""
    rows = [make_row('a', 0, 'AB12CDE'), make_row('a', 200, 'X1'), make_row('a', 400, '', 'hard')]
    reads = [{'path': 'a', 'plates': [plate('AB12CDE', 0.9, 2), plate('XI', 0.8, 205), plate('Q9', 0.7, 401),
                                      plate('TAXI', 0.6, 700)]}]
    return differ('judged', accuracy.judge(rows, reads), [(0.9, True), (0.8, True), (0.6, False)])


def check_calibration():
    """Nine in ten of 0.9 are right: no error; none of 0.9: ninety per cent."""
    good = [{'judged': [(0.9, i > 0) for i in range(10)]}]
    bad = [{'judged': [(0.9, False)] * 10}]
    return differ('good', list(accuracy.tell_calibration(good))[0].split('**')[1], '0.0 %') + \
        differ('bad', list(accuracy.tell_calibration(bad))[0].split('**')[1], '90.0 %')


def write(folder, name, text, is_program=False):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    if is_program:
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return path


def check_rows():
    """Only what is measured, of one country where so asked."""
    one = accuracy.Set('UK', 'set', 'GB', 'pictures', '', '', '')
    with tempfile.TemporaryDirectory() as folder:
        write(folder, 'labels.csv', HEADER +
              'a.jpg,0,10,100,30,AB12CDE,GB,eye,ok,dev\n'
              'a.jpg,200,10,300,30,1ABC234,BE,eye,ok,dev\n'
              'b.jpg,0,10,100,30,2XYZ345,BE,eye,ok,dev\n'
              'c.jpg,0,10,100,30,CD34EFG,GB,eye,ok,train\n')
        rows = accuracy.load_rows(one, folder)
    return differ('rows', [(os.path.basename(row['image']), row['quality']) for row in rows],
                  [('a.jpg', 'ok'), ('a.jpg', 'ignore')])


def check_page():
    """The whole of it, with programs that answer what the real ones would."""
    nets = json.dumps({'net': 'reader', 'width': 160, 'height': 48, 'cpu_ms': {'oneDNN': 1.0, 'OpenCV': 2.0},
                       'difference': {'OpenCV': 1e-6}})
    score = json.dumps({'plates': 2, 'found': 1, 'exact': 1, 'folded': 1, 'false_per_100_images': 0.0})
    with tempfile.TemporaryDirectory() as folder:
        write(folder, 'pictures/uk_testcases/labels.csv', HEADER +
              'a.jpg,0,10,100,30,AB12CDE,GB,eye,ok,dev\na.jpg,200,10,300,30,X1XYZ,GB,eye,ok,dev\n')
        image = os.path.join(folder, 'pictures', 'uk_testcases', 'a.jpg')
        read = json.dumps({'path': image, 'width': 640, 'height': 480, 'plates': [plate('AB12CDE', 0.97, 0)],
                           'ms': {'detect': 12.0, 'read': 3.5}})
        boloctl = write(folder, 'boloctl', '#!/bin/sh\ncase $1 in read) cat <<E\n%s\nE\n;; *) cat <<E\n%s\nE\n'
                        ';; esac\n' % (read, nets), True)
        scorer = write(folder, 'scorer', '#!/bin/sh\ncat <<E\n%s\nmiss\ta.jpg\tX1XYZ\t\nE\n' % score, True)
        out = os.path.join(folder, 'page.md')
        answer = subprocess.run([sys.executable, SCRIPT, '--boloctl', boloctl, '--scorer', scorer, '--pictures',
                                 os.path.join(folder, 'pictures'), '--out', out], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, check=False)
        if answer.returncode != 0:
            return [answer.stdout]
        with open(out, encoding='utf-8') as file:
            page = file.read()
    wanted = ('Development figures', '| UK test cases | 2 | 2 | 1 | 50.0 (9.5 to 90.5) |', 'not found or not read',
              '| 0.95 to 1.00 | 1 | 0.970 | 1.000 |', '| 12.0 | 3.5 | 15.5 |', '| reader | 160x48 | 1.00 | 2.00 |')
    return [f'the page lacks: {words}\n{page}' for words in wanted if words not in page] + \
        [sentence for sentence in differ('left out is named', 'pl_a is not there' in answer.stdout, True)]


sys.exit(tap.report({name[6:]: value for name, value in list(globals().items()) if name.startswith('check_')}))
