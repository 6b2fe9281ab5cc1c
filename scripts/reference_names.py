"""Names that `build_reference.py` adds to the source files: English SBI titles, NUTS codes, other names of places."""

from __future__ import annotations

# NACE Rev. 2 titles (Regulation (EC) 1893/2006); SBI 2008 has the same sections and divisions.
SECTIONS_EN = {
    "A": "Agriculture, forestry and fishing",
    "B": "Mining and quarrying",
    "C": "Manufacturing",
    "D": "Electricity, gas, steam and air conditioning supply",
    "E": "Water supply; sewerage, waste management and remediation activities",
    "F": "Construction",
    "G": "Wholesale and retail trade; repair of motor vehicles and motorcycles",
    "H": "Transportation and storage",
    "I": "Accommodation and food service activities",
    "J": "Information and communication",
    "K": "Financial and insurance activities",
    "L": "Real estate activities",
    "M": "Professional, scientific and technical activities",
    "N": "Administrative and support service activities",
    "O": "Public administration and defence; compulsory social security",
    "P": "Education",
    "Q": "Human health and social work activities",
    "R": "Arts, entertainment and recreation",
    "S": "Other service activities",
    "T": "Activities of households as employers; undifferentiated goods- and services-producing activities of "
    "households for own use",
    "U": "Activities of extraterritorial organisations and bodies",
}

_DIVISIONS = """
A 01 Crop and animal production, hunting and related service activities
A 02 Forestry and logging
A 03 Fishing and aquaculture
B 05 Mining of coal and lignite
B 06 Extraction of crude petroleum and natural gas
B 07 Mining of metal ores
B 08 Other mining and quarrying
B 09 Mining support service activities
C 10 Manufacture of food products
C 11 Manufacture of beverages
C 12 Manufacture of tobacco products
C 13 Manufacture of textiles
C 14 Manufacture of wearing apparel
C 15 Manufacture of leather and related products
C 16 Manufacture of wood and of products of wood and cork, except furniture; articles of straw and plaiting materials
C 17 Manufacture of paper and paper products
C 18 Printing and reproduction of recorded media
C 19 Manufacture of coke and refined petroleum products
C 20 Manufacture of chemicals and chemical products
C 21 Manufacture of basic pharmaceutical products and pharmaceutical preparations
C 22 Manufacture of rubber and plastic products
C 23 Manufacture of other non-metallic mineral products
C 24 Manufacture of basic metals
C 25 Manufacture of fabricated metal products, except machinery and equipment
C 26 Manufacture of computer, electronic and optical products
C 27 Manufacture of electrical equipment
C 28 Manufacture of machinery and equipment n.e.c.
C 29 Manufacture of motor vehicles, trailers and semi-trailers
C 30 Manufacture of other transport equipment
C 31 Manufacture of furniture
C 32 Other manufacturing
C 33 Repair and installation of machinery and equipment
D 35 Electricity, gas, steam and air conditioning supply
E 36 Water collection, treatment and supply
E 37 Sewerage
E 38 Waste collection, treatment and disposal activities; materials recovery
E 39 Remediation activities and other waste management services
F 41 Construction of buildings
F 42 Civil engineering
F 43 Specialised construction activities
G 45 Wholesale and retail trade and repair of motor vehicles and motorcycles
G 46 Wholesale trade, except of motor vehicles and motorcycles
G 47 Retail trade, except of motor vehicles and motorcycles
H 49 Land transport and transport via pipelines
H 50 Water transport
H 51 Air transport
H 52 Warehousing and support activities for transportation
H 53 Postal and courier activities
I 55 Accommodation
I 56 Food and beverage service activities
J 58 Publishing activities
J 59 Motion picture, video and television programme production, sound recording and music publishing activities
J 60 Programming and broadcasting activities
J 61 Telecommunications
J 62 Computer programming, consultancy and related activities
J 63 Information service activities
K 64 Financial service activities, except insurance and pension funding
K 65 Insurance, reinsurance and pension funding, except compulsory social security
K 66 Activities auxiliary to financial services and insurance activities
L 68 Real estate activities
M 69 Legal and accounting activities
M 70 Activities of head offices; management consultancy activities
M 71 Architectural and engineering activities; technical testing and analysis
M 72 Scientific research and development
M 73 Advertising and market research
M 74 Other professional, scientific and technical activities
M 75 Veterinary activities
N 77 Rental and leasing activities
N 78 Employment activities
N 79 Travel agency, tour operator and other reservation service and related activities
N 80 Security and investigation activities
N 81 Services to buildings and landscape activities
N 82 Office administrative, office support and other business support activities
O 84 Public administration and defence; compulsory social security
P 85 Education
Q 86 Human health activities
Q 87 Residential care activities
Q 88 Social work activities without accommodation
R 90 Creative, arts and entertainment activities
R 91 Libraries, archives, museums and other cultural activities
R 92 Gambling and betting activities
R 93 Sports activities and amusement and recreation activities
S 94 Activities of membership organisations
S 95 Repair of computers and personal and household goods
S 96 Other personal service activities
T 97 Activities of households as employers of domestic personnel
T 98 Undifferentiated goods- and services-producing activities of private households for own use
U 99 Activities of extraterritorial organisations and bodies
"""
DIVISIONS_EN = {line[2:4]: (line[0], line[5:]) for line in _DIVISIONS.strip().split("\n")}

# The list of codes lacks three divisions of NACE Rev. 2.
DIVISIONS_NL_MISSING = {
    "05": "Winning van steenkool en bruinkool",
    "07": "Winning van metaalertsen",
    "09": "Dienstverlening voor de winning van delfstoffen",
}

# CBS COROP region -> NUTS-3 code (NUTS 2021; the regions bear the same names).
_NUTS3 = """
NL111 NL112 NL113 NL124 NL125 NL126 NL131 NL132 NL133 NL211 NL212 NL213 NL221 NL225 NL226 NL224 NL310 NL321 NL328 NL323
NL324 NL325 NL329 NL327 NL337 NL332 NL333 NL33B NL33C NL33A NL341 NL342 NL411 NL412 NL413 NL414 NL421 NL422 NL423 NL230
"""
COROP_NUTS3 = dict(enumerate(_NUTS3.split(), 1))

# NUTS-2 code -> official name, other names, abbreviations that job boards write.
PROVINCES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "NL11": ("Groningen", ("Provincie Groningen", "Groningen Province"), ("GR",)),
    "NL12": ("Fryslân", ("Friesland", "Frisia"), ("FR",)),
    "NL13": ("Drenthe", (), ("DR",)),
    "NL21": ("Overijssel", (), ("OV",)),
    "NL22": ("Gelderland", ("Guelders",), ("GE", "GLD", "GD")),
    "NL23": ("Flevoland", (), ("FL",)),
    "NL31": ("Utrecht", ("Provincie Utrecht", "Utrecht Province"), ("UT",)),
    "NL32": ("Noord-Holland", ("North Holland", "North-Holland", "Noord Holland"), ("NH",)),
    "NL33": ("Zuid-Holland", ("South Holland", "South-Holland", "Zuid Holland"), ("ZH",)),
    "NL34": ("Zeeland", ("Zealand",), ("ZE", "ZL")),
    "NL41": ("Noord-Brabant", ("North Brabant", "North-Brabant", "Noord Brabant", "Brabant"), ("NB",)),
    "NL42": ("Limburg", ("Limburg (NL)",), ("LI", "LB")),
}

_AMSTERDAM = ("Centrum", "Noord", "Oost", "Zuid", "West", "Nieuw-West", "Zuidoost", "Westpoort")
PLACE_ALIASES: dict[str, tuple[str, ...]] = {
    "'s-Gravenhage": ("Den Haag", "The Hague", "s-Gravenhage", "'s Gravenhage", "La Haye"),
    "'s-Hertogenbosch": ("Den Bosch", "s-Hertogenbosch", "'s Hertogenbosch"),
    "Amsterdam": (
        "Amsterdam Airport",
        *(f"Amsterdam {part}" for part in _AMSTERDAM),
        *(f"Amsterdam-{part}" for part in _AMSTERDAM),
    ),
    "Rotterdam": ("Rotterdam Centrum", "Rotterdam Zuid", "Rotterdam-Zuid"),
    "Utrecht": ("Utrecht Binnenstad", "Utrecht Centrum"),
    "Schiphol": ("Schiphol Airport", "Schiphol-Rijk", "Schiphol-Oost", "Schiphol Centrum"),
    "Hengelo": ("Hengelo OV", "Hengelo (OV)", "Hengelo (O)"),
    "Leeuwarden": ("Ljouwert",),
    "Heerenveen": ("It Hearrenfean",),
    "Drachten": ("Drachten (FR)",),
    "Bergen op Zoom": ("Bergen-op-Zoom",),
    "Capelle aan den IJssel": ("Capelle a/d IJssel", "Capelle aan de IJssel"),
    "Krimpen aan den IJssel": ("Krimpen a/d IJssel", "Krimpen aan de IJssel"),
    "Alphen aan den Rijn": ("Alphen a/d Rijn", "Alphen aan de Rijn"),
    "Nieuwegein": ("Nieuwegein-Zuid", "Nieuwegein-Noord"),
    "Almere": ("Almere Stad", "Almere Buiten", "Almere Haven", "Almere Poort"),
    "Noardeast-Fryslân": ("Noordoost-Friesland",),
    "Súdwest-Fryslân": ("Súdwest Fryslân", "Zuidwest-Friesland"),
    "Vlissingen": ("Flushing",),
    "Hoek van Holland": ("Hook of Holland",),
    "Driebergen-Rijsenburg": ("Driebergen",),
    "Son en Breugel": ("Son",),
    "Nieuw-Loosdrecht": ("Loosdrecht",),
    "Katwijk": ("Katwijk aan den Rijn", "Katwijk aan Zee"),
}

# Municipalities that were merged away and whose name is not a town's: name -> (successor, NUTS-3 code).
_FORMER = """
Haarlemmerliede en Spaarnwoude|Haarlemmermeer|NL329
Beemster|Purmerend|NL329
Zeevang|Edam-Volendam|NL329
Schermer|Alkmaar|NL328
Graft-De Rijp|Alkmaar|NL328
Langedijk|Dijk en Waard|NL328
Bernisse|Nissewaard|NL33C
Westvoorne|Voorne aan Zee|NL33C
Cromstrijen|Hoeksche Waard|NL33C
Korendijk|Hoeksche Waard|NL33C
Binnenmaas|Hoeksche Waard|NL33C
Molenwaard|Molenlanden|NL33A
Giessenlanden|Molenlanden|NL33A
Zederik|Vijfheerenlanden|NL310
Lingewaal|West Betuwe|NL224
Neerijnen|West Betuwe|NL224
Rijnwaarden|Zevenaar|NL226
Menterwolde|Midden-Groningen|NL111
Hoogezand-Sappemeer|Midden-Groningen|NL111
Bellingwedde|Westerwolde|NL111
De Marne|Het Hogeland|NL113
Eemsmond|Het Hogeland|NL113
Kollumerland en Nieuwkruisland|Noardeast-Fryslân|NL124
Dongeradeel|Noardeast-Fryslân|NL124
Ferwerderadiel|Noardeast-Fryslân|NL124
Leeuwarderadeel|Leeuwarden|NL124
Littenseradiel|Leeuwarden|NL124
Nuth|Beekdaelen|NL423
Onderbanken|Beekdaelen|NL423
Maasdonk|'s-Hertogenbosch|NL413
Mill en Sint Hubert|Land van Cuijk|NL413
Landerd|Maashorst|NL413
"""
FORMER_MUNICIPALITIES = {
    name: (successor, nuts3) for name, successor, nuts3 in (line.split("|") for line in _FORMER.strip().split("\n"))
}
