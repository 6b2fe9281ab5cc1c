"""Contracts of `raw_` tables: what was received, cleaned of markup and masked of personal data before it is stored."""

import pyarrow as pa

from overstap.schema.spec import col, table

_S = pa.string()

RAW_ADS = table(
    "raw_ads",
    "Ads as received: one row per readable ad, text without markup, personal data masked",
    "Advertenties zoals ontvangen: één rij per leesbare advertentie, tekst zonder opmaak, persoonsgegevens gemaskeerd",
    [
        col("ad_id", _S, "Ad", "Advertentie", key=True),
        col("source_id", _S, "Source in the study file", "Bron in het onderzoeksbestand", null=False),
        col("file", _S, "File", "Bestand", null=False),
        col(
            "line_number",
            pa.int64(),
            "Line or record number in the file, from 1",
            "Regel- of recordnummer in het bestand, vanaf 1",
            null=False,
        ),
        col("title", _S, "Job title as posted", "Functietitel zoals geplaatst"),
        col("text", pa.large_string(), "Text, cleaned and masked", "Tekst, opgeschoond en gemaskeerd", null=False),
        col("posted_date", pa.date32(), "Date posted", "Datum van plaatsing"),
        col("company", _S, "Employer as posted", "Werkgever zoals geplaatst"),
        col("place", _S, "Place as posted", "Plaats zoals geplaatst"),
        col("sector_text", _S, "Sector as the feed words it", "Sector in de woorden van de bron"),
        col(
            "sbi_code",
            _S,
            "SBI 2008 code given by the feed, digits only",
            "SBI 2008-code volgens de bron, alleen cijfers",
        ),
        col("salary_text", _S, "Pay as the feed words it", "Salaris in de woorden van de bron"),
        col("contract_text", _S, "Contract as the feed words it", "Contract in de woorden van de bron"),
        col("education_text", _S, "Education as the feed words it", "Opleiding in de woorden van de bron"),
        col("hours_text", _S, "Hours as the feed words it", "Uren in de woorden van de bron"),
        col("occupation_text", _S, "Occupation as the feed words it", "Beroep in de woorden van de bron"),
        col("url", _S, "Address of the ad", "Adres van de advertentie"),
        col("masked_n", pa.int32(), "Personal data masked", "Gemaskeerde persoonsgegevens", "spans", null=False),
    ],
)

RAW_QUARANTINE = table(
    "raw_quarantine",
    "Rows that could not be used, with file, line and reason",
    "Rijen die niet bruikbaar waren, met bestand, regel en reden",
    [
        col("source_id", _S, "Source in the study file", "Bron in het onderzoeksbestand", key=True),
        col("file", _S, "File", "Bestand", key=True),
        col(
            "line_number",
            pa.int64(),
            "Line or record number in the file, from 1",
            "Regel- of recordnummer in het bestand, vanaf 1",
            key=True,
        ),
        col("reason_code", _S, "Kind of fault", "Soort fout", null=False),
        col("field", _S, "Field", "Veld"),
        col("reason", _S, "What was wrong, without ad text", "Wat er mis was, zonder advertentietekst", null=False),
    ],
)

TABLES = (RAW_ADS, RAW_QUARANTINE)
