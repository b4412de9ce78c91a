# What this file is for: who issues a plate: the codes that the reader says, and which countries use which layout.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last class, NOT_READ, is an answer too: no plate, or one of a country that is not listed. What cannot be told from the
picture (a layout that several countries share, no band) comes out as the chances that the drawn plates have."""

CODES = ("GB IE FR DE IT ES PT NL BE LU CH AT PL CZ SK HU RO BG SI HR GR MT CY SE NO DK FI EE LV LT TR US BR").split()
NOT_READ = len(CODES)
COUNT = len(CODES) + 1
IGNORE = -100

# What stands in the band.
SIGNS = {"GB": "GB", "IE": "IRL", "FR": "F", "DE": "D", "IT": "I", "ES": "E", "AT": "A", "HU": "H", "SI": "SLO", "MT": "M", "SE": "S",
         "NO": "N", "FI": "FIN", "EE": "EST", "PT": "P", "BE": "B", "LU": "L", "PL": "PL"}
BANDED = 0.15            # of the countries without a band, a share has one all the same: an importer's, a club's

# Layout: countries that issue it, one as often as it is named. Others are nobody's: random letters in the band, not read.
ISSUERS_TEXT = """L|LL DDDD:DE;LL|LL DDD:DE;LLL|LL DD:DE;LLL|L DDDD:DE;LLL|LL DDD:DE;L|L DDDD:DE;LL|L DDDD:DE;LL-DDD-LL:FR FR FR FR IT;
DDDD LL DD:FR;DDD LLL DD:FR;LL DDDLL:IT IT IT PL;DDDD LLL:ES;L DDDD LL:ES;DD-LLL-D:NL;D-LLL-DD:NL;LL-DDD-L:NL;LL-LL-DD:NL;DD-LL-LL:NL;
LLL DDDDD:PL;LL DDDDD:PL PL NO NO DK;LL DDDDL:PL;LLL DDDLL:PL;LLL LDDDD:PL;LL|DDDLL:SK AT;L|DDDDDD:AT;L|LLLL:AT;L DD LLL:RO;
LL DD LLL:RO;L DDD LLL:RO;LL|DDDD LL:HR HR BG;LL DDDD L:ES BG;DLD|DDDD:CZ;DLL|DDDD:CZ;LL|DD-DDD:SI;LLL-DDD:BE HU FI EE;
LL|DDDDL:AT;L|DDDDDL:AT;D-LLL-DDD:BE;DDD-LLL:BE;DD-DD-LL:PT NL;LL-DD-DD:PT;DD-LL-DD:PT NL;LLL DDD:SE LT HU MT CY;LLL DDL:SE;LL DD DDD:DK;
DDD-L-DDDD:IE;DDD-LL-DDD:IE;LL|DDDDDD:CH;LL|DDDDD:CH;LL|DDDD:CH DE;LLL-DDDD:GR;LL-DDDD:LV;DDD LLL:EE;LL DDDD LL:BG;LL DDDD:LU LU CH;
DD LLL DD:TR;DD LL DDD:TR;DD L DDDD:TR;LL LL-DDD:SI;DDDDD:LU;LL|DDD LL:HR;LL DDD LL:SI"""
ISSUERS = {layout: codes.split() for layout, codes in (part.strip().split(":") for part in ISSUERS_TEXT.replace("\n", "").split(";"))}

# As data sets of real pictures write it.
NAMES = {"United States": "US", "Brazil": "BR", "Germany": "DE", "Spain": "ES", "Latvia": "LV", "France": "FR", "Netherlands": "NL",
         "Norway": "NO", "Italy": "IT", "Switzerland": "CH", "Sweden": "SE", "Finland": "FI", "Denmark": "DK", "Hungary": "HU",
         "Ireland": "IE", "Belgium": "BE", "Greece": "GR", "Lithuania": "LT", "Austria": "AT", "Romania": "RO", "Malta": "MT",
         "Estonia": "EE", "Portugal": "PT", "Cyprus": "CY", "Poland": "PL", "Czech Republic": "CZ", "Bulgaria": "BG",
         "Luxembourg": "LU", "Turkey": "TR", "United Kingdom": "GB"}


def draw(layout, rng):
    """The code of a country that issues this layout, None if nobody does."""
    codes = ISSUERS.get(layout)
    return codes[rng.integers(len(codes))] if codes else None


def get_class(code):
    return CODES.index(code) if code in CODES else NOT_READ


def get_class_of_label(country):
    """Of what a data set says: a code or auto:NAME; unknown: not to be learnt from."""
    if not country:
        return IGNORE
    if country.startswith("auto:"):
        country = NAMES.get(country[len("auto:"):], "other")
    return get_class(country)
