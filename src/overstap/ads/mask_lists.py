"""Words that lead to a contact's name, stand beside one or are a part of one; `names` has the names themselves."""

from __future__ import annotations

from overstap.ads.names import word_set

# Trigger → whether an unknown pair of words right after it is a name (strong) or needs a phone or e-mail beside it.
# Each stands at the start of a word; a trailing space or sign means that the word ends there.
TRIGGERS: dict[str, bool] = {
    " contact": True, " bel ": False, " bel:": False, " bellen ": False, " mail": False, " app ": False,
    " appen ": False,
    " call": False, " phone": False, " email": False, " e-mail": False, " vragen": False, " vraag": False,
    " informati": False, " inlichting": False, " terecht bij ": True, " recruiter": False, " intercedent": False,
    " t.a.v.": True, " attentie van ": True, " attention of ": True, " richt": False, " gericht aan ": True,
    " richten aan ": True, " sollicitatie aan ": True, " motivatie aan ": True, " weten?": False, " spreken met ": True,
    " overleggen met ": True, " groet": True, " regards": True, " reach out to ": True, " speak to ": True,
    " speak with ": True, " talk to ": True, " chat with ": True, " touch with ": True, " discussion with ": True,
    " enquiries": False, " inquiries": False, " queries": False, " questions": False, " informal ": False,
    " hiring manager": False, " name:": True, " naam:": True, " cv to ": True, " spreek ": False, " brief aan ": True,
    " overleg met ": False, " beantwoordt ": False, " beantwoorden ": False, " write to ": False, " letter to ": True,
    " stellen aan ": True, " gerust aan ": True, " en vraag naar ": True, " and ask for ": True,
    " application to ": True,
    " vraag het ": True, " reageer ": False, " reageren ": False, " solliciteer ": False, " apply ": False,
    " sincerely": True, " faithfully": True, " hoogachtend": True, " line manager": True, " vacaturehouder": True,
    " leidinggevende": False, " aanspreekpunt": True, " begeleider": False, " meer info": False, " details ": False,
    " message to ": True, " berichtje naar ": True, " bericht naar ": True, " whatsapp": False, " achter bij ": True,
    " team van ": False, " give ": False, " aanmelding": False, " sturen naar ": True,
    " reporting to ": True, " report to ": True, " reports to ": True, " rapporteert aan ": True,
    " rapporteer je aan ": True, " led by ": True, " leiding van ": True, " supervised by ": True,
    " supervision of ": True, " supervisor": False, " promotor": False, " begeleid door ": True,
    " begeleiding van ": True, " founded by ": True, " opgericht door ": True, " addressed to ": True,
    " aanspreekpersoon": True, " gesprek met ": True, " interview with ": True, " kennis met ": True,
    " sparren met ": True, " koffie met ": True, " coffee with ": True, " meeting with ": True,
    " conversation with ": True, " posted by ": True, " geplaatst door ": True, " consultant:": True,
    " leave a message for ": True, " namens ": False, " behalf of ": False, " handled by ": True,
    " in handen van ": True, " consists of ": False, " bestaat uit ": False, " deze vacature:": True,
    " this vacancy:": True, " get hold of ": True, " available from ": False, " valt onder ": False,
    " rechtstreeks onder ": True, " doe je bij ": True, " ask for ": True, " speak to:": True, " cheers": False,
    " hele team,": True, " raadpleeg ": True, " laat het ": False, " let ": False, " stuur ": False, " ring ": False,
    " drop ": False, " salaris gaat ": True, " te sturen aan ": True, " sending to ": True, " procedure:": True,
    " sollicitatieprocedure:": True,
    " arranged through ": True, " arranged with ": True, " word with ": True, " afspraak met ": True,
    " gesprekken met ": True, " vakantie van ": True, " t.n.v.": False, " collega's ": False,
    " my name is ": True, " mijn naam is ": True, " ik ben ": True,
}  # fmt: skip
# Forms of address: a name is looked for from the word itself on.
ADDRESSES = (
    " dhr ", " de heer ", " heer ", " mevr ", " mevrouw ", " mw ", " meneer ", " mr ", " mrs ", " ms ", " miss ",
    " dr ", " drs ", " prof ", " professor ", " ir ", " ing ",
)  # fmt: skip

# A trigger stands at the start of a word; a space, dot or hyphen in it is any of the signs that part words.
BESIDE = " \n\t(/.-"
REST_OF_WORD = ["persoon", "personen", "gegevens", "eer", "en", "ie", "ion", "je", "jes", "e", "s"]
FILLERS = word_set(
    """
    aan ask bij chat colleague collega collega's contact contactpersoon deze dan de der direct discussion dit either
    en en/of enquiries even for functie further gerust het informal informatie information inhoudelijke is je jou jouw
    kan kun kunt me meer met mij more my naar neem of on ons onze op opneemt opnemen or ook our over per please
    procedure rechtstreeks role rol sollicitatieprocedure stel tel te nemen terecht the this to u via visit voor
    vragen vacature with ze zijn position post proces or/and zich vriendelijke kind best warm warme hartelijke senior
    junior interim stellen gerust mag kunnen brief motivatiebrief sollicitatie motivatie cv letter nadere verdere
    graag details
    will be is are was has have been can could would should do does not also first main point only both all any
    wordt worden zijn heeft hebben kunnen zal zullen niet nog steeds altijd alvast eens eerst eerste zo daar daarvoor
    hiervoor hierover daarover ook alle allebei heet namelijk uw als dat die wie waar hoe hier er om uit
    contacten contactpersonen sturen send stuurt gaat gaan komt kom krijg krijgt vind vindt
    """
)
COMPANIES = frozenset((
    "albert heijn", "jan linders", "john lewis", "johnson matthey", "morgan stanley", "oliver wyman",
    "michael page", "robert walters", "robert half", "hugo boss", "calvin klein", "tommy hilfiger",
    "thomas cook", "page personnel", "van lanschot", "max planck", "erasmus mc", "erasmus universiteit",
    "charles river", "ernst young", "marks spencer", "hoek holland", "avery dennison", "leen bakker", "hans anders",
    "douwe egberts",
    "barry callebaut", "pieter baan", "donald duck", "mario kart", "ann arbor", "sue ryder", "marie curie",
    "virginia mason", "florence nightingale", "albert schweitzer", "betty blocks", "jack wolfskin", "michael kors",
    "karl lagerfeld", "kenneth cole", "antoni leeuwenhoek", "elisabeth twee", "huis heide", "philip morris",
    "ralph lauren",
    "louis vuitton", "yves rocher", "paul smith", "ted baker", "stella mccartney", "vivienne westwood", "hugo boss",
    "christian dior", "jan tinbergen", "tim hortons", "ben jerry", "dolly parton", "aldi nord", "st john", "notre dame",
    "anne frank", "frans hals", "piet hein", "willem twee", "anna paulowna", "johan cruijff", "johan cruyff",
    "john radcliffe", "anthony nolan", "james paget", "robert jones", "agnes hunt", "james cook", "william harvey",
))  # fmt: skip
# First names that are also words: alone they are no name.
DOUBTFUL = word_set(
    """
    april bill dean floor grace jet lies may mark rob rose sue ton wil will ans les ruby
    logan harvey lewis mason jade amber mo rik sem max charlie ben
    """
)
LEADS = word_set(
    """
    heer mevrouw meneer mevr mevr. dhr dhr. mw mw. mr mr. mrs ms miss dr dr. drs drs. ir. ing. prof prof. professor
    van de der den ter ten te 't von
    """
)
# Parts of a surname behind a first word: that nothing else is, and that may be something else.
SURE_PARTS = (
    "van der", "van den", "van 't", "van ’t", "ter", "ten", "el",
    "in der", "in den", "in 't", "in ’t", "op der", "op den", "op 't", "op ’t",
)  # fmt: skip
OTHER_PARTS = "van", "de", "den", "der", "von", "al", "ben", "da", "dos", "la", "le", "di", "du"
# Capitals before a sentence that are no initials: languages ("Python en R. Daarnaast"), short forms of bodies.
LANGUAGES = "C", "D", "R", "X", "Y"
SHORT_FORMS = "US", "DC", "NV", "BV", "EU", "UK", "PO", "AI", "IT", "LA", "NY", "SA", "JP", "OS", "HR"
SMALL_PARTS = word_set("van de der den ter ten te in op")
# The words of the two patterns above in lower case, for the compiled pass.
PARTICLES = word_set("van de der den ter ten te het in 't ’t von zu el al bin ben da dos la le di du op")
TITLES = word_set("heer mevrouw meneer mevr dhr mw mr mrs ms miss dr drs ir ing prof professor sister frau herr")
ABBREVIATIONS = word_set("dhr mevr mw mr mrs ms dr drs ir ing prof tel nr evt")
BESIDE_WORDS = word_set("op via on at by per tel telefoon mail email telefoonnummer phone nummer number of or")
