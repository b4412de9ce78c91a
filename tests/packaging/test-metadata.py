#!/usr/bin/env python3
# test-metadata.py: checks what describes Bolo to others: metadata, manual pages, units, icons, translations
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test-metadata.py SOURCE BUILD"""
import configparser
import glob
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True

import tap  # noqa: E402

SOURCE, BUILD = sys.argv[1:3]
ID = 'org.boloanpr.Bolo'
STATUS_ICONS = ('camera', 'camera-lost', 'gps', 'gps-lost', 'clock', 'clock-wrong', 'list', 'list-stale', 'storage',
                'storage-full', 'sound', 'sound-off')


def source(*parts):
    return os.path.join(SOURCE, *parts)


def read(path):
    with open(path, encoding='utf-8') as handle:
        return handle.read()


def succeeds(words, **options):
    status, said = tap.run(words, **options)
    return [] if status == 0 else [f'{words[0]} ended with {status}: {said}']


def check_desktop():
    return succeeds(['desktop-file-validate', os.path.join(BUILD, 'data', ID + '.desktop')])


def check_desktop_breach():
    """The validator is one: a broken file does not pass."""
    path = os.path.join(BUILD, 'tests', 'broken.desktop')
    with open(path, 'w', encoding='utf-8') as handle:
        handle.write('[Desktop Entry]\nType=Application\nName=x\nCategories=Nonsense;\n')
    status, _ = tap.run(['desktop-file-validate', path])
    return ['desktop-file-validate accepts nonsense'] if status == 0 else []


def check_metainfo():
    return succeeds(['appstreamcli', 'validate', '--no-net', '--strict',
                     os.path.join(BUILD, 'data', ID + '.metainfo.xml')])


def check_schema():
    return succeeds(['glib-compile-schemas', '--strict', '--dry-run', source('data')])


def check_schema_documented():
    wrong = []
    for key in ElementTree.parse(source('data', ID + '.gschema.xml')).iter('key'):
        if not (key.findtext('summary') or '').strip():
            wrong.append(f'the key {key.get("name")} has no summary')
        if key.get('enum') is None and key.find('range') is None:
            wrong.append(f'the key {key.get("name")} has no range')
    return wrong


def check_man_pages():
    wrong = []
    for path in sorted(glob.glob(source('data', 'man', '*.[15]'))):
        status, said = tap.run(['groff', '-man', '-t', '-ww', '-K', 'utf8', '-T', 'utf8', '-z', path])
        if status or said.strip():
            wrong.append(f'{path}: {said}')
        for section in ('NAME', 'DESCRIPTION', 'SEE ALSO'):
            if not re.search(rf'^\.SH "?{section}"?$', read(path), re.MULTILINE):
                wrong.append(f'{path}: has no section {section}')
    return wrong


def check_man_references():
    """A page that another one points to is there."""
    wrong = []
    for path in sorted(glob.glob(source('data', 'man', '*.[15]'))):
        for name, section in re.findall(r'^\.BR (bolo[\w.\\-]*) \((\d)\)', read(path), re.MULTILINE):
            page = source('data', 'man', name.replace('\\-', '-') + '.' + section)
            if not os.path.exists(page):
                wrong.append(f'{path}: points to {name} ({section}), which is not there')
    return wrong


def check_man_installed():
    """meson.build installs each page."""
    listed = set(re.findall(r"'man/([^']+)'", read(source('data', 'meson.build'))))
    there = {os.path.basename(path) for path in glob.glob(source('data', 'man', '*'))}
    return [f'data/meson.build and data/man differ: {sorted(listed ^ there)}'] if listed != there else []


def check_units():
    """Each unit is one, and calls a program that is installed."""
    wrong = []
    for name in ('bolo.service', 'bolo-retention@.service', 'bolo-retention@.timer', 'bolo-station.service'):
        unit = configparser.ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str
        unit.read(os.path.join(BUILD, 'data', name), encoding='utf-8')
        kind = name.rpartition('.')[2].capitalize()
        if 'Unit' not in unit or kind not in unit:
            wrong.append(f'{name} has no [Unit] or no [{kind}]')
        elif kind == 'Service':
            program = unit[kind].get('ExecStart', '').split(' ')[0]
            if not os.path.isabs(program) or os.path.basename(program) not in ('bolo', 'boloctl', 'bolo-station'):
                wrong.append(f'{name} starts "{program}"')
        if '@' in read(os.path.join(BUILD, 'data', name)).replace('bolo-retention@', ''):
            wrong.append(f'{name} holds an @ that configuring left over')
    return wrong


def symbolic_icons():
    """Those of the theme, and those that only the screen's own resources hold."""
    return {os.path.basename(path)[:-4] for path in glob.glob(source('icons', 'hicolor', 'symbolic', '*', '*.svg')) +
            glob.glob(source('ui', 'icons', '*.svg'))}


def check_icons_there():
    icons = symbolic_icons()
    wanted = {f'bolo-{name}-symbolic' for name in STATUS_ICONS} | {ID + '-symbolic'}
    return [f'there is no icon {name}' for name in sorted(wanted - icons)]


def check_icons_used():
    """Each of our icons that code, templates or the alert policy name is there."""
    icons, wrong = symbolic_icons(), []
    for pattern in ('src/**/*.c', 'ui/**/*.ui', 'data/alert/*.ini'):
        for path in sorted(glob.glob(source(pattern), recursive=True)):
            for name in set(re.findall(r'\bbolo-[a-z-]+-symbolic\b', read(path))) - icons:
                wrong.append(f'{os.path.relpath(path, SOURCE)} names the icon {name}, which is not there')
    return wrong


def check_icons_fill_only():
    """GTK recolours fills: a symbolic icon with a stroke keeps one colour by day and by night."""
    wrong = []
    for path in sorted(glob.glob(source('icons', 'hicolor', 'symbolic', '*', '*.svg'))):
        root = ElementTree.parse(path).getroot()
        if root.get('viewBox') != '0 0 16 16':
            wrong.append(f'{path}: is not drawn on 16 by 16')
        if any('stroke' in name or name == 'style' for node in root.iter() for name in node.attrib):
            wrong.append(f'{path}: has a stroke or a style')
    return wrong


def check_translations():
    """Complete, sound and made from the template that stands beside them."""
    wrong = []
    for language in (line for line in read(source('po', 'LINGUAS')).split('\n') if line and not line.startswith('#')):
        status, said = tap.run(['msgfmt', '--check', '--statistics', '--output-file=/dev/null',
                                source('po', language + '.po')])
        if status or 'untranslated' in said or 'fuzzy' in said:
            wrong.append(f'{language}: {said}')
        status, said = tap.run(['msgcmp', source('po', language + '.po'), source('po', 'bolo.pot')])
        if status:
            wrong.append(f'{language}: {said}')
    return wrong


def check_template():
    status, said = tap.run([source('po', 'update'), '--stdout'])
    if status:
        return [said]

    def messages(text):
        return set(re.findall(r'^msgid (?:"[^\n]*"\n?)+', text, re.MULTILINE))
    differ = messages(said) ^ messages(read(source('po', 'bolo.pot')))
    return [f'po/bolo.pot is not of today: run po/update ({sorted(differ)[0]} …)'] if differ else []


def check_flatpak():
    path = source('flatpak', ID + '.json')
    status, said = tap.run(['flatpak-builder', '--show-manifest', path], cwd=BUILD)
    wrong = [f'flatpak-builder ended with {status}: {said}'] if status else []
    wrong += [line for line in said.splitlines() if re.search(r'warning', line, re.IGNORECASE)]
    return wrong


def check_documents():
    """What a document links to, and each of our files that it names, is there."""
    wrong = []
    for path in sorted(glob.glob(source('*.md')) + glob.glob(source('docs', '*.md')) +
                       glob.glob(source('src', '*', '*.md'))):
        text = read(path)
        for target in re.findall(r'\]\(([^)#:]+)\)', text):
            if not os.path.exists(os.path.join(os.path.dirname(path), target)):
                wrong.append(f'{os.path.relpath(path, SOURCE)}: links to {target}, which is not there')
        for target in re.findall(r'`((?:src|data|docs|tests|po|training|ui)/[\w./-]+)`', text):
            if not os.path.exists(source(target)):
                wrong.append(f'{os.path.relpath(path, SOURCE)}: names {target}, which is not there')
    return wrong


def check_examples():
    """The examples hold no key that the manual page does not explain."""
    wrong = []
    for pattern, page in (('bolo.conf', 'bolo.conf.5'), ('cameras.d/*.conf', 'bolo-camera.5'),
                          ('list-map.conf', 'bolo-list-map.5'),
                          ('lists.conf', 'bolo-lists.conf.5'), ('sync.conf', 'bolo-sync.conf.5'),
                          ('bof2.conf', 'bolo-bof2.conf.5'),
                          ('../demo.ini', 'bolo-scenario.5'), ('../alert/policy.ini', 'bolo-alert-policy.5')):
        manual = read(source('data', 'man', page))
        for path in sorted(glob.glob(source('data', 'examples', pattern))):
            for key in re.findall(r'^(\w+)\s*=', read(path), re.MULTILINE):
                if not re.search(rf'^\.B[RI]? .*\b{key}\b', manual, re.MULTILINE):
                    wrong.append(f'{os.path.relpath(path, SOURCE)}: {page} does not explain {key}')
    return wrong


if __name__ == '__main__':
    sys.exit(tap.report({name[6:].replace('_', ' '): check for name, check in list(globals().items())
                         if name.startswith('check_')}))
