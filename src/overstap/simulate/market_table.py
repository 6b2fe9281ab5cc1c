"""The latent numbers of the market: segments, category levels and trends, calibrated on the study of 2019.

ICT shares, the course of digital demand, the order of the top skills and the risers and fallers per topsector follow
the published findings (CentERdata for the labour-market study ICT with topsectors, 2019). Where the study gives an
order but no level, the level is ours. Segments that belong to no topsector are ours altogether.
"""

from __future__ import annotations

from dataclasses import dataclass

from overstap.simulate.concepts import DIGITAL

FAMILIES = (
    "dev",
    "data",
    "ops",
    "lead",
    "manager",
    "engineer",
    "technician",
    "science",
    "admin",
    "commercial",
    "office",
    "care",
    "education",
    "manual",
)
TOPSECTORS = ("energie", "chemie", "life_sciences", "htsm", "health")
PATH_YEARS = (2012, 2013, 2014, 2015, 2016, 2017)
VOLUME = (1.0, 0.96, 1.10, 1.32, 1.60, 1.91)
"""Vacancies per year relative to 2012; the last is the growth that Table 1's factors imply (1.9085 to 1.912)."""


@dataclass(frozen=True)
class Segment:
    """A part of the economy: share of vacancies, of ICT jobs and managers in it, and of vacancies asking digital
    skills per year."""

    id: str
    topsector: str
    share: float
    ict: float
    manager: float
    digital: tuple[float, ...]
    sbi: tuple[str, ...]
    names: tuple[str, ...]
    families: dict[str, float]


_HTSM = (0.40, 0.44, 0.48, 0.53, 0.60, 0.57)
_SOFT = (0.70, 0.72, 0.75, 0.78, 0.84, 0.82)
_SOFT_SHARE = 0.157
_IND = tuple(round((t - _SOFT_SHARE * s) / (1 - _SOFT_SHARE), 6) for t, s in zip(_HTSM, _SOFT, strict=True))
_SOFT_ICT = 0.62
_IND_ICT = (0.19 - _SOFT_SHARE * _SOFT_ICT) / (1 - _SOFT_SHARE)

SEGMENTS: tuple[Segment, ...] = (
    Segment(
        "energie",
        "energie",
        0.08,
        0.09,
        0.07,
        (0.30, 0.33, 0.36, 0.40, 0.44, 0.48),
        ("35.11", "35.12", "35.14", "06.20", "09.10"),
        ("Energie", "Power", "Netten", "Wind", "Stroom"),
        {"engineer": 4, "technician": 5, "admin": 1.5, "commercial": 2.5, "office": 1.5, "manual": 0.7, "science": 0.3},
    ),
    Segment(
        "chemie",
        "chemie",
        0.08,
        0.043,
        0.08,
        (0.26, 0.28, 0.31, 0.34, 0.40, 0.375),
        ("20.14", "20.16", "19.20", "22.22", "22.29"),
        ("Chemie", "Chemicals", "Polymeren", "Coatings", "Plastics"),
        {"engineer": 2.5, "technician": 5, "science": 3, "admin": 1, "commercial": 1, "office": 0.7, "manual": 2},
    ),
    Segment(
        "life_sciences",
        "life_sciences",
        0.08,
        0.05,
        0.07,
        (0.27, 0.29, 0.31, 0.34, 0.37, 0.40),
        ("21.20", "21.10", "72.11", "32.50"),
        ("Pharma", "Biotech", "Life Sciences", "Medical", "Diagnostics"),
        {"science": 5, "engineer": 1.5, "technician": 2.5, "admin": 1.5, "commercial": 1.5, "office": 1, "manual": 1.5},
    ),
    Segment(
        "health",
        "health",
        0.16,
        0.02,
        0.05,
        (0.053,) * 6,
        ("86.10", "87.10", "87.30", "88.10", "86.21"),
        ("Zorg", "Zorggroep", "Kliniek", "Thuiszorg", "Ziekenhuis"),
        {"care": 12, "admin": 1.5, "office": 0.8, "manual": 1.5, "science": 0.4, "education": 0.2},
    ),
    Segment(
        "htsm_industry",
        "htsm",
        0.12645,
        _IND_ICT,
        0.06,
        _IND,
        ("28.99", "26.11", "26.51", "28.22", "29.10", "30.30", "25.62", "27.11"),
        ("Techniek", "Machines", "Systems", "Metaal", "Precision", "Automotive"),
        {"engineer": 5, "technician": 6, "admin": 1, "commercial": 1.2, "office": 0.8, "manual": 2, "science": 0.3},
    ),
    Segment(
        "htsm_software",
        "htsm",
        0.02355,
        _SOFT_ICT,
        0.07,
        _SOFT,
        ("62.01",),
        ("Software", "Apps", "Labs", "Code"),
        {"admin": 1, "commercial": 4, "office": 2, "engineer": 0.5},
    ),
    Segment(
        "it_services",
        "",
        0.05,
        0.60,
        0.07,
        (0.68, 0.69, 0.70, 0.72, 0.74, 0.75),
        ("63.11", "61.10"),
        ("IT", "Solutions", "Consulting", "Telecom"),
        {"admin": 1, "commercial": 4, "office": 2},
    ),
    Segment(
        "business",
        "",
        0.12,
        0.10,
        0.08,
        (0.28, 0.30, 0.32, 0.34, 0.36, 0.37),
        ("70.22", "64.19", "65.12", "69.20", "78.20", "82.20"),
        ("Advies", "Finance", "Verzekeringen", "Accountants", "Uitzendgroep", "Contact"),
        {"admin": 4, "commercial": 5, "office": 6, "manual": 1.5},
    ),
    Segment(
        "trade",
        "",
        0.12,
        0.04,
        0.07,
        (0.16, 0.17, 0.18, 0.20, 0.21, 0.22),
        ("47.11", "46.90", "49.41", "52.10", "45.11"),
        ("Handel", "Logistiek", "Transport", "Winkels", "Groothandel"),
        {"admin": 2, "commercial": 7, "office": 0.8, "manual": 7, "technician": 0.7},
    ),
    Segment(
        "public",
        "",
        0.08,
        0.06,
        0.06,
        (0.18, 0.19, 0.20, 0.21, 0.22, 0.23),
        ("84.11", "85.31", "85.42", "85.20"),
        ("Gemeente", "Scholen", "College", "Dienst"),
        {"education": 7, "office": 4, "admin": 2.5, "care": 0.6, "manual": 0.6},
    ),
    Segment(
        "construction",
        "",
        0.04,
        0.02,
        0.06,
        (0.14, 0.15, 0.16, 0.17, 0.19, 0.20),
        ("41.20", "42.11", "43.91"),
        ("Bouw", "Installaties", "Infra"),
        {"engineer": 2, "technician": 7, "admin": 1, "commercial": 0.7, "manual": 2},
    ),
    Segment(
        "hospitality",
        "",
        0.04,
        0.01,
        0.08,
        (0.06, 0.06, 0.065, 0.07, 0.07, 0.075),
        ("56.10", "55.10", "10.71"),
        ("Horeca", "Hotels", "Bakkerij"),
        {"manual": 9, "commercial": 1.5, "admin": 0.6, "technician": 0.4},
    ),
)

_B, _R, _P, _D, _W, _C, _G, _T, _S, _I, _M = DIGITAL
DIGITAL_LEVELS: dict[str, tuple[float, ...]] = {
    # chance that a vacancy which asks any digital skill asks this category, per family, in the order of
    # concepts.DIGITAL
    "dev": (0.10, 0.12, 0.88, 0.48, 0.45, 0.02, 0.08, 0.14, 0.28, 0.05, 0.03),
    "data": (0.25, 0.25, 0.55, 0.62, 0.08, 0.01, 0.60, 0.28, 0.12, 0.01, 0.05),
    "ops": (0.30, 0.22, 0.25, 0.28, 0.10, 0.01, 0.05, 0.20, 0.75, 0.05, 0.01),
    "lead": (0.30, 0.35, 0.35, 0.28, 0.18, 0.02, 0.14, 0.25, 0.20, 0.03, 0.05),
    "manager": (0.55, 0.45, 0.05, 0.15, 0.03, 0.04, 0.10, 0.10, 0.03, 0.02, 0.08),
    "engineer": (0.40, 0.30, 0.30, 0.14, 0.02, 0.36, 0.12, 0.11, 0.04, 0.20, 0.01),
    "technician": (0.44, 0.32, 0.12, 0.09, 0.01, 0.22, 0.03, 0.05, 0.06, 0.32, 0.005),
    "science": (0.52, 0.34, 0.16, 0.25, 0.01, 0.06, 0.22, 0.07, 0.03, 0.08, 0.01),
    "admin": (0.75, 0.45, 0.03, 0.20, 0.02, 0.01, 0.05, 0.02, 0.02, 0.005, 0.04),
    "commercial": (0.60, 0.42, 0.03, 0.17, 0.05, 0.01, 0.09, 0.04, 0.02, 0.005, 0.20),
    "office": (0.65, 0.45, 0.03, 0.20, 0.02, 0.01, 0.12, 0.04, 0.02, 0.005, 0.03),
    "care": (0.75, 0.08, 0.08, 0.24, 0.01, 0.005, 0.05, 0.04, 0.05, 0.005, 0.01),
    "education": (0.70, 0.12, 0.12, 0.12, 0.06, 0.02, 0.05, 0.06, 0.03, 0.01, 0.03),
    "manual": (0.55, 0.45, 0.02, 0.06, 0.005, 0.01, 0.01, 0.02, 0.01, 0.20, 0.005),
}
DIGITAL_LOGIT = {
    "manager": 0.0,
    "engineer": 0.7,
    "technician": -0.3,
    "science": 0.2,
    "admin": 0.6,
    "commercial": -0.2,
    "office": 0.4,
    "care": -1.6,
    "education": -0.8,
    "manual": -1.8,
}
ICT_DIGITAL = 0.93
"""Chance that an ICT vacancy asks any digital skill; the other families move with their segment's path."""

SEGMENT_LEVELS: dict[tuple[str, str], float] = {
    ("energie", _G): 1.6,
    ("energie", _T): 1.8,
    ("energie", _W): 0.4,
    ("energie", _D): 1.9,
    ("energie", _P): 1.1,
    ("energie", _I): 0.6,
    ("energie", _C): 0.45,
    ("energie", _R): 1.25,
    ("energie", _B): 1.15,
    ("chemie", _G): 1.4,
    ("chemie", _T): 1.4,
    ("chemie", _W): 0.3,
    ("chemie", _C): 1.75,
    ("chemie", _D): 1.15,
    ("chemie", _P): 0.55,
    ("chemie", _I): 0.7,
    ("chemie", _R): 1.25,
    ("chemie", _B): 1.2,
    ("life_sciences", _P): 1.0,
    ("life_sciences", _W): 0.4,
    ("life_sciences", _R): 1.25,
    ("life_sciences", _D): 1.4,
    ("life_sciences", _G): 0.8,
    ("life_sciences", _C): 0.6,
    ("life_sciences", _I): 0.7,
    ("life_sciences", _B): 1.1,
    ("health", _R): 0.36,
    ("health", _P): 1.3,
    ("health", _D): 1.2,
    ("htsm_industry", _P): 2.6,
    ("htsm_industry", _B): 0.92,
    ("htsm_industry", _R): 1.12,
    ("htsm_industry", _D): 1.7,
    ("htsm_industry", _C): 0.7,
    ("htsm_industry", _I): 0.75,
}
CATEGORY_TRENDS: dict[tuple[str, str], float] = {
    # growth 2012 to 2017 of a category's level among vacancies that ask digital skills; "*" is any segment
    ("*", _G): 2.6,
    ("*", _T): 3.0,
    ("energie", _M): 0.35,
    ("htsm_industry", _S): 0.45,
    ("htsm_software", _S): 0.5,
    ("health", _S): 0.45,
    ("life_sciences", _D): 1.3,
    ("health", _G): 1.2,
    ("health", _T): 1.2,
}
CONCEPT_TRENDS: dict[tuple[str, str], float] = {
    # growth 2012 to 2017 of a concept's weight within its category
    ("*", "big_data"): 3.0,
    ("*", "spark"): 8.0,
    ("*", "hadoop"): 2.5,
    ("*", "power_bi"): 6.0,
    ("*", "sas"): 0.5,
    ("*", "ai"): 3.0,
    ("*", "machine_learning"): 4.0,
    ("*", "blockchain"): 6.0,
    ("*", "iot"): 3.0,
    ("*", "docker"): 10.0,
    ("*", "kubernetes"): 10.0,
    ("*", "angular"): 3.0,
    ("*", "nodejs"): 3.0,
    ("*", "agile"): 3.0,
    ("*", "scrum"): 3.0,
    ("*", "python"): 2.5,
    ("*", "azure"): 3.0,
    ("*", "aws"): 3.0,
    ("*", "windows_use"): 0.5,
    ("chemie", "sap"): 4.0,
    ("chemie", "scada"): 0.2,
    ("energie", "matlab"): 4.0,
    ("energie", "ai"): 4.0,
    ("energie", "data_analysis"): 2.0,
    ("energie", "machine_learning"): 4.0,
    ("energie", "sap"): 0.25,
    ("energie", "online_marketing"): 0.6,
    ("htsm_industry", "machine_learning"): 4.0,
    ("htsm_industry", "matlab"): 3.0,
    ("htsm_industry", "test_automation"): 3.0,
    ("htsm_industry", "sap"): 3.0,
    ("htsm_industry", "server_admin"): 0.8,
    ("htsm_software", "server_admin"): 0.8,
    ("htsm_software", "test_automation"): 3.0,
    ("htsm_software", "matlab"): 3.0,
    ("htsm_software", "sap"): 3.0,
    ("life_sciences", "sap"): 3.0,
    ("life_sciences", "erp"): 2.0,
    ("life_sciences", "database_general"): 2.5,
    ("life_sciences", "data_analysis"): 2.2,
    ("life_sciences", "cnc"): 4.0,
    ("health", "general_computer"): 4.0,
    ("health", "server_admin"): 0.8,
    ("health", "windows_server"): 0.5,
}
LAST_YEAR_FADE = {"excel": 0.6, "word": 0.5, "ms_office": 0.8, "powerpoint": 0.8}
"""From 2017 on these are named less in htsm and chemie ads, though not needed less (the study's reporting artefact)."""

OTHER_LEVELS = (0.42, 0.33, 0.27, 0.22, 0.08, 0.14, 0.13, 0.13, 0.06, 0.05)
"""Chance that a vacancy asks this category, in the order of concepts.OTHER, before the factors below."""
OTHER_FAMILY: dict[str, tuple[float, ...]] = {
    "dev": (0.9, 0.9, 0.9, 1.0, 0.5, 0.7, 1.7, 0.6, 1.2, 2.0),
    "data": (0.9, 0.9, 0.9, 0.9, 0.5, 0.7, 1.9, 0.6, 1.2, 2.2),
    "ops": (1.0, 0.9, 0.9, 0.9, 0.5, 1.0, 1.5, 1.3, 0.7, 1.3),
    "lead": (1.2, 1.3, 1.0, 1.0, 1.2, 0.8, 1.4, 0.9, 1.0, 1.4),
    "manager": (1.2, 1.2, 1.0, 0.9, 4.0, 0.8, 1.0, 1.0, 1.2, 0.8),
    "engineer": (1.0, 1.0, 0.9, 1.0, 0.8, 0.8, 1.6, 0.6, 1.1, 1.3),
    "technician": (0.8, 0.9, 1.0, 1.0, 0.6, 1.2, 1.2, 0.8, 0.5, 0.7),
    "science": (1.0, 1.1, 1.0, 1.0, 0.7, 0.8, 1.3, 0.6, 1.1, 1.3),
    "admin": (1.1, 1.4, 1.0, 0.8, 0.4, 1.0, 0.6, 1.2, 0.6, 0.6),
    "commercial": (1.2, 0.9, 1.0, 0.8, 0.6, 1.0, 0.6, 1.6, 1.1, 0.5),
    "office": (1.2, 1.1, 1.0, 0.9, 0.8, 0.8, 1.0, 0.9, 0.9, 0.9),
    "care": (1.0, 0.9, 1.0, 1.0, 1.0, 1.0, 0.8, 1.0, 0.7, 0.5),
    "education": (1.1, 1.0, 0.9, 1.1, 0.9, 0.9, 0.7, 0.7, 1.4, 0.6),
    "manual": (0.6, 0.7, 0.9, 0.9, 0.5, 1.3, 0.4, 0.9, 0.4, 0.3),
}
OTHER_SEGMENT: dict[str, tuple[float, ...]] = {
    "chemie": (1.0, 1.0, 0.62, 1.35, 1.7, 1.0, 1.0, 0.5, 1.0, 1.0),
    "htsm_industry": (1.0, 1.0, 1.0, 1.05, 1.0, 0.9, 1.25, 0.5, 1.0, 1.0),
    "health": (0.85, 0.5, 1.55, 1.02, 1.5, 1.85, 0.5, 1.7, 1.0, 0.5),
}
OTHER_TREND = 1.2
LANGUAGE_LEVELS = {"english": (0.35, 0.10), "german": (0.06, 0.05), "dutch": (0.12, 0.14), "french": (0.02, 0.02)}
"""Chance that a language is asked: in ICT jobs, in all other jobs."""
FAMILY_ASKS = {
    "manager": {"budgeting": 0.10, "project_management": 0.12},
    "lead": {"project_management": 0.2},
    "engineer": {"project_management": 0.12, "quality_systems": 0.06},
    "office": {"project_management": 0.05},
}
ENGLISH_FACTORS = {
    "dev": 2.0,
    "data": 2.2,
    "ops": 1.3,
    "lead": 1.8,
    "engineer": 1.8,
    "science": 2.0,
    "manager": 1.2,
    "care": 0.15,
    "manual": 0.5,
    "education": 0.5,
    "technician": 0.7,
}
