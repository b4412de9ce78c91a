# files.py: the lint's rules about the files of the tree: licences, first lines, translations, one version
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule takes a Tree and returns a list of Breach."""
import os
import re

from tree import Breach

LICENCED = re.compile(
    r'.+\.(?:c|h|[ch]pp|py|sh|ui|css|svg|in|desktop|xml|service|timer|conf|ini|[15])$|(?:.+/)?meson\.build$|run$|test$|\.ci/run$')
NOT_OURS = re.compile(r'(?:\.git|docs/|training/.*\.json|data/models/)')
SPDX = re.compile(r'SPDX-License-Identifier: (?:GPL-3\.0-or-later|CC0-1\.0)\b')
TRANSLATED = re.compile(r'(?<![\w"])(?:_|N_|C_|NC_|gettext|dgettext|ngettext|g_dngettext|g_dpgettext2?)\s*\(\s*(?:"|GETTEXT_PACKAGE)')
TRANSLATED_XML = re.compile(r'translatable\s*=\s*"(?:yes|true)"')


def licences(tree):
    """Each file says its licence."""
    breaches = []
    for path in tree.paths:
        text = tree.text(path)
        if not text or NOT_OURS.match(path):
            continue
        is_script = text.startswith('#!')
        if (LICENCED.match(path) or is_script) and not SPDX.search('\n'.join(text.splitlines()[:12])):
            breaches.append(Breach(path, 1, 'has no line "SPDX-License-Identifier: GPL-3.0-or-later" at its top'))
    if 'GNU GENERAL PUBLIC LICENSE' not in (tree.text('LICENSE') or ''):
        breaches.append(Breach('LICENSE', 1, 'is missing, or is not the GNU General Public License'))
    return breaches


def first_lines(tree):
    """Each file's first line names it and says what it is for."""
    breaches = []
    for path in tree.paths:
        name, text = os.path.basename(path), tree.text(path)
        if not text:
            continue
        lines = text.splitlines() + ['', '']
        if re.match(r'(?:src|tests|ui)/.+\.(?:c|h|[ch]pp|css)$', path):
            if not re.match(r'/\* ' + re.escape(name) + r': \S', lines[0]):
                breaches.append(Breach(path, 1, f'begins otherwise than "/* {name}: what this file is for"'))
        elif path.endswith(('.py', '.sh')) or lines[0].startswith('#!'):
            line = lines[1] if lines[0].startswith('#!') else lines[0]
            shown = {name, path, 'What this file is for'}
            if not any(line.startswith(f'# {known}: ') for known in shown):
                breaches.append(Breach(path, 1, f'begins otherwise than "# {name}: what this file is for"'))
    return breaches


def _is_translated(path, text):
    if re.match(r'src/.+\.(?:c|h|[ch]pp)$', path):
        return TRANSLATED.search(text) is not None
    if re.match(r'(?:ui|data)/.+\.(?:ui|gschema\.xml)$', path):
        return TRANSLATED_XML.search(text) is not None or '<summary>' in text
    return re.match(r'data/.+\.(?:desktop|metainfo\.xml)\.in$', path) is not None


def potfiles(tree):
    """Each file with words for the officer is known to the translators."""
    potfiles_path = 'po/POTFILES'
    text = tree.text(potfiles_path)
    wanted = [path for path in tree.paths if tree.text(path) and _is_translated(path, tree.text(path))]
    if text is None:
        return [Breach(potfiles_path, 1, 'is missing')] if wanted else []
    listed = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith('#')]
    breaches = [Breach(potfiles_path, 1, f'lacks {path}') for path in wanted if path not in listed]
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith('#') and tree.text(line.strip()) is None:
            breaches.append(Breach(potfiles_path, number, f'names {line.strip()}, which is not there'))
    if listed != sorted(listed):
        breaches.append(Breach(potfiles_path, 1, 'is not sorted (LC_ALL=C sort)'))
    return breaches


def one_version(tree):
    """meson.build's version is everybody's."""
    project = re.search(r"version: '([^']+)'", tree.text('meson.build') or '')
    if not project:
        return [Breach('meson.build', 1, 'names no version')]
    version, breaches = project.group(1), []

    def compare(path, pattern, what):
        for number, line in enumerate((tree.text(path) or '').splitlines(), 1):
            match = re.search(pattern, line)
            if match:
                if match.group(1) != version:
                    breaches.append(Breach(path, number, f'{what} {match.group(1)}, but meson.build has {version}'))
                return

    for path in tree.matching(r'data/.*metainfo\.xml'):
        compare(path, r'<release version="([^"]+)"', 'its newest release is')
    for path in tree.matching(r'data/.+\.[15]$'):
        compare(path, r'^\.TH .*"bolo ([^"]+)"', 'is the page of')
    return breaches


def one_application_id(tree):
    """meson.build's application id is everybody's."""
    project = re.search(r"application_id = '([\w.]+)'", tree.text('meson.build') or '')
    if not project:
        return [Breach('meson.build', 1, 'names no application_id')]
    identity, breaches = project.group(1), []
    looked_at = (
        (r'data/.+\.desktop(?:\.in)?$', r'^Icon=([\w.]+)'),
        (r'data/.+\.metainfo\.xml(?:\.in)?$', r'<id>([\w.]+)</id>'),
        (r'data/.+\.gschema\.xml$', r'<schema[^>]*\bid="([\w.]+)"'),
        (r'flatpak/.+\.json$', r'"(?:app-)?id"\s*:\s*"([\w.]+)"'),
    )
    for files, pattern in looked_at:
        for path in tree.matching(files):
            match = re.search(pattern, tree.text(path), re.MULTILINE)
            line = tree.text(path).count('\n', 0, match.start()) + 1 if match else 1
            found = match.group(1) if match else 'none'
            if found != identity:
                breaches.append(Breach(path, line, f'has the application id {found}, but meson.build has {identity}'))
            name = os.path.basename(path)
            if not name.startswith(identity + '.'):
                breaches.append(Breach(path, 1, f'is not named {identity}.…, after the application id'))
    for path in tree.matching(r'icons/.*/apps/[^/]+\.svg$'):
        if not re.match(re.escape(identity) + r'(?:-symbolic)?\.svg$', os.path.basename(path)):
            breaches.append(Breach(path, 1, f'is not named {identity}, after the application id'))
    return breaches
