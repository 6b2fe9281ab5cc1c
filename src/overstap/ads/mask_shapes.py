"""What a person's name looks like: forms of address, initials, particles and capitalised words."""

from __future__ import annotations

import re

UP, LOW = "A-ZÀ-ÖØ-ÞŠŽĆČŁİŞĞŚŹŻŘĎŤŇĐ", "a-zß-öø-ÿšžćčłışğąęńőűřůśźżěďťňľăāēīūđ"
CAP = (
    rf"[{UP}](?:['’][{UP}])?[{LOW}]+(?:['’][{LOW}]+)?(?:[{UP}][{LOW}]+)?"
    rf"(?:-(?:[{UP}]['’])?[{UP}]?[{LOW}]+(?:[{UP}][{LOW}]+)?)*"
)
PARTICLE = (
    r"(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Tt]er|[Tt]en|[Tt]e|het|['’]t|von|zu|el|al|bin|ben|da|dos|la|le|di|du"
    r"|(?:[Ii]n|[Oo]p)(?=[ ](?:['’]t|de[nr]?|het)[ ]))[ ])"
)
TITLE = (
    r"(?:(?:[Dd]e [Hh]eer|[Mm]evrouw|[Mm]eneer|[Mm]evr\.?|[Dd]hr\.?|[Mm]w\.?|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|"
    r"[Dd]rs?\.?|[Ii]r\.|[Ii]ng\.|[Pp]rof\.?|[Pp]rofessor|[Ss]ister|[Ff]rau|[Hh]err)[ ])"
)
_MORE = rf"[ ]{PARTICLE}{{0,3}}(?:{CAP}|[{UP}]\.)"
_CAPITALS, _SECOND = rf"(?:[ ][{UP}]{{3,}})?", rf"(?:[ ][-–][ ]{PARTICLE}{{1,3}}{CAP})?"  # VRIES; - van Bavel
NAME = re.compile(
    rf"(?P<title>{TITLE}{{0,3}})(?:(?P<initials>(?:[{UP}]\.[ ]?|[{UP}][ ]){{1,5}})(?:\((?P<nick>{CAP})\)[ ])?"
    rf"(?={PARTICLE}{{0,3}}{CAP}))?(?P<words>{PARTICLE}{{0,3}}{CAP}(?:(?:{_MORE}){{1,4}}{_CAPITALS}{_SECOND}|{_CAPITALS}))"
)
# A word that joins two names; not the English 'of' of a function, nor '&' behind one ("Speech & Language Therapist").
JOINED = re.compile(
    rf"(?:\b(?:(?<!ead )(?<!irector )(?<!anager )(?<!rofessor )(?<!hief )(?<!ember )(?<!chool )(?<!epartment )of"
    rf"|or|en|and|und|en/of|and/or)|(?:\A|\))[^{UP}]*[&/])\s*(?:(?:with|met|bij|to) )?\Z"
)
NEXT_WORD = re.compile(r"[ ]([^\s,;:()\[\]]+)")
