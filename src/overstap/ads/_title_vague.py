"""Titles that name no occupation: a wish for work, an open application, an event, a call to apply, an answer like "iets
met computers"."""

from __future__ import annotations

import re

# Words of a form of work or of an advertiser's wish, not of an occupation; the whole title.
_OPEN = re.compile(
    r"^(?:iets (?:met|in|voor) .*|something (?:with|in) .*|"
    r"(?:ik )?(?:werk|werken|werkzaam) (?:in|bij|voor|met|op) (?!.*\bals\b).*|"
    r"(?:i )?work(?:ing)? (?:in|at|for|with|on) (?!.*\bas\b).*|"
    r"open (?:sollicitatie|application|inschrijving|vacature).*|(?:spontane|algemene|blanco) sollicitatie.*|"
    r"(?:speculative|spontaneous|general) applications?.*|(?:expression|register your|express your) (?:of )?interest.*|"
    r"(?:future|job|career) opportunit(?:y|ies).*|toekomstige vacatures?.*|"
    r"(?:schrijf je (?:nu )?in|inschrijven|inschrijving|meld je (?:nu )?aan|solliciteer (?:nu|direct)).*|"
    r"(?:alle |onze |leuke |diverse |meerdere |nieuwe )*(?:vacatures?|banen|baantjes?|jobs?|vacancies)"
    r"(?: (?:in|te|bij|regio|omgeving|at|near) (?!.*\bals\b).*)?|"
    r"(?:bijverdienen|geld verdienen|extra verdienen)(?: .*)?|"
    r"(?:weet (?:ik )?(?:het )?(?:nog )?niet|geen idee|niet van toepassing|wil ik niet zeggen|prive|zeg ik niet)|"
    r"(?:niet werkzaam|werk(?:e)?loos|werkzoekend|gepensioneerd|met pensioen|in de vut|aow|arbeidsongeschikt|"
    r"geen (?:werk|baan|beroep|functie)|scholier|huisvrouw|huisman|mantelzorger|zelfstandige?|zelfstandig ondernemer|"
    r"eigen (?:bedrijf|baas|zaak)|ondernemer|in loondienst|loondienst|retired|unemployed|housewife|self employed|"
    r"stay at home (?:mom|mum|dad|parent))|"
    r"(?:job|work|baan|werk|functie|bijbaan|vakantiewerk|vakantiekracht|vakantiebaan|zomerbaan|zomerwerk|seizoenswerk|"
    r"weekendwerk|avondwerk|studentenbaan|studentenwerk|oproepkracht|uitzendkracht|zaterdagkracht|weekendkracht|"
    r"thuiswerk|thuiswerken|freelancer?|zzp er|zzp|talent|talenten|talent pool|professionals?|"
    r"young professionals?|medewerkers?|allround medewerker|algemeen medewerker|employee|collegas?|kandida(?:at|ten)|"
    r"student|studenten|specialist|expert|assistant|assistent|associate|starters?|toppers?|teamlid|team member|"
    r"werknemer|vrijwilligers?|volunteer|(?:diverse|verschillende|allerlei|various|all|multiple)"
    r"(?: (?:functies|posities|roles|positions))?|overige?|anders|onbekend|unknown|n.?a|nvt|"
    r"geen|weet niet|test|test vacature|testvacature|meerdere functies|general|algemeen|junior|medior|senior|lead|"
    r"hbo|mbo|wo|zij ?instro(?:mers?|om)|co ?ordinat(?:or|oren)|officers?|hulp|kracht|"
    r"flex(?:kracht|werker|medewerker|pool)|poolmedewerker|vakkracht|teamlead|band \d))$"
)
# An event, or a promise without a job; wherever they stand.
_EVENT = re.compile(
    r"\b(?:open dag|open avond|inloopavond|inloopdag|banenmarkt|carrieredag|meeloopdag|speeddate|webinar|"
    r"informatieavond|informatiebijeenkomst|information session|hiring event|recruitment (?:day|event)|job fair|"
    r"open day|nieuwe uitdaging|droombaan|jouw nieuwe baan|your (?:next|dream) job)\b"
)
# A call to apply: what it names is the occupation, if it names any.
_CALL = re.compile(
    r"\b(?:zoekt|zoeken|wanted|gezocht)\b|"
    r"^(?:kom|wil|ben|heb|ga|hou|houd|kun|kan|durf|help|versterk|start|maak|droom|zoek|wie|sta|vind|word|werk)"
    r" (?:jij|je|jou|jouw|u|ons|onze|het|met|bij|in|naar|als|een|wil|wordt|werken|nu|mee)\b|"
    r"^(?:join|are you|do you|want to|looking for|come|become|ready to|we are|help us|start your) \b|"
    r"\b(?:zoekt jou|jij ook|iets voor jou|wacht op jou|ons team|our team)\b"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Of each match of the two patterns above a word: most titles have none of these, and are spared the patterns.
_EVENT_WORDS = _set(
    "open inloopavond inloopdag banenmarkt carrieredag meeloopdag speeddate webinar informatieavond "
    "informatiebijeenkomst session event recruitment fair uitdaging droombaan baan job"
)
_CALL_WORDS = _set(
    "zoekt zoeken wanted gezocht kom wil ben heb ga hou houd kun kan durf help versterk start maak droom zoek wie sta "
    "vind word werk join are do want looking come become ready we jij jou team"
)


def names_no_occupation(said: str) -> bool:
    """True for a title (lower case, no signs, single spaces) that as a whole names no occupation."""
    if _OPEN.match(said):
        return True
    return not _EVENT_WORDS.isdisjoint(said.split()) and _EVENT.search(said) is not None


def is_call(said: str) -> bool:
    """True for a call to apply ("Kom jij ons team versterken?"), of which only a known title counts."""
    return not _CALL_WORDS.isdisjoint(said.split()) and _CALL.search(said) is not None
