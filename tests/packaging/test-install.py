#!/usr/bin/env python3
# test-install.py: installs Bolo below an empty folder and uses what came there
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-install.py SOURCE BUILD VERSION PREFIX PROGRAM...   (the programs that the tree has)"""
import glob
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import tap  # noqa: E402

SOURCE, BUILD, VERSION, PREFIX = sys.argv[1:5]
PROGRAMS = sys.argv[5:]
ID = 'org.boloanpr.Bolo'
ROOT = tempfile.TemporaryDirectory(prefix='bolo-install-')


def installed(*parts):
    return os.path.join(ROOT.name, PREFIX.lstrip('/'), *parts)


def environment():
    """The installed data, and a state of its own."""
    values = dict(os.environ, BOLO_DATA_DIR=installed('share', 'bolo'),
                  GSETTINGS_SCHEMA_DIR=installed('share', 'glib-2.0', 'schemas'),
                  XDG_DATA_DIRS=installed('share') + ':/usr/share',
                  XDG_DATA_HOME=os.path.join(ROOT.name, 'state'))
    values.pop('BOLO_SOURCE_DIR', None)
    return values


def check_install():
    answer = subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', ROOT.name],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return [answer.stdout] if answer.returncode else []


def check_files():
    wanted = [
        'share/applications/' + ID + '.desktop',
        'share/metainfo/' + ID + '.metainfo.xml',
        'share/glib-2.0/schemas/' + ID + '.gschema.xml',
        'share/icons/hicolor/scalable/apps/' + ID + '.svg',
        'share/icons/hicolor/symbolic/apps/' + ID + '-symbolic.svg',
        'share/icons/hicolor/symbolic/status/bolo-camera-lost-symbolic.svg',
        'share/icons/hicolor/symbolic/categories/bolo-stolen-symbolic.svg',
        'share/locale/cy/LC_MESSAGES/bolo.mo',
        'share/locale/en_GB/LC_MESSAGES/bolo.mo',
        'share/doc/bolo/LICENSE',
        'share/doc/bolo/examples/bolo.conf',
        'share/doc/bolo/examples/cameras.d/front.conf',
        'share/doc/bolo/examples/list-map.conf',
        'lib/systemd/user/bolo.service',
        'lib/systemd/system/bolo-retention@.service',
        'lib/systemd/system/bolo-retention@.timer',
        'lib/systemd/system/bolo-station.service',
    ]
    wanted += ['bin/' + program for program in PROGRAMS]
    wanted += [f'share/man/man{path[-1]}/{os.path.basename(path)}'
               for path in glob.glob(os.path.join(SOURCE, 'data', 'man', '*.[15]'))]
    for folder in ('alert', 'models', 'plate'):
        here = os.path.join(SOURCE, 'data', folder)
        wanted += ['share/bolo/' + os.path.relpath(path, os.path.join(SOURCE, 'data'))
                   for path in glob.glob(os.path.join(here, '**'), recursive=True) if os.path.isfile(path)]
    return [f'{path} was not installed' for path in wanted if not os.path.isfile(installed(path))]


def check_nothing_of_ours_is_left_out():
    """No test, fixture or build file is installed."""
    wrong = []
    for folder, _, names in os.walk(ROOT.name):
        wrong += [os.path.join(folder, name) for name in names
                  if name.startswith('test-') or name.endswith(('.a', '.o', '.in', '.py', 'meson.build'))]
    return wrong


def check_schema_compiles():
    status, said = tap.run(['glib-compile-schemas', '--strict', installed('share', 'glib-2.0', 'schemas')])
    return [said] if status else []


def check_desktop_is_translated():
    with open(installed('share', 'applications', ID + '.desktop'), encoding='utf-8') as handle:
        text = handle.read()
    return [] if 'Comment[cy]=' in text and 'Comment=' in text else ['the desktop file has no Welsh comment']


def run_program(name, *arguments):
    if name not in PROGRAMS:
        raise tap.Skip(f'{name} is not part of this tree yet')
    return tap.run([installed('bin', name), *arguments], env=environment(), timeout=60)


def check_version():
    if not PROGRAMS:
        raise tap.Skip('this tree has no program yet')
    wrong = []
    for program in PROGRAMS:
        status, said = run_program(program, '--version')
        if status or VERSION not in said.split():
            wrong.append(f'{program} --version ended with {status} and said: {said}')
    return wrong


def check_doctor():
    """It looks at everything; on a bare machine some of it is missing, which it says without falling."""
    status, said = run_program('boloctl', 'doctor')
    wrong = [] if status in (0, 1) else [f'ended with {status}: {said}']
    for word in ('models', 'storage', 'lists', 'sound', 'clock', 'gps'):
        if word not in said.lower():
            wrong.append(f'says nothing about {word}: {said}')
    return wrong


def check_models_are_found():
    status, said = run_program('boloctl', 'doctor', '--json')
    if not glob.glob(os.path.join(SOURCE, 'data', 'models', '*.onnx')):
        raise tap.Skip('this tree has no models yet')
    lines = [line for line in said.splitlines() if '"models"' in line]
    return [] if len(lines) == 1 and '"ok"' in lines[0] else [f'the installed models are not found: {said}']


if __name__ == '__main__':
    with ROOT:
        sys.exit(tap.report({name[6:].replace('_', ' '): check for name, check in list(globals().items())
                             if name.startswith('check_')}))
