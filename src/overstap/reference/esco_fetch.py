"""Read ESCO from its public web service (https://ec.europa.eu/esco/api, JSON HAL). Only ever called on request."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from overstap.errors import ReferenceDataError
from overstap.reference.esco_files import DOWNLOAD_PAGE
from overstap.reference.esco_model import LANGUAGES, Collector

API = "https://ec.europa.eu/esco/api"
VERSION = "v1.2.0"
_SCHEME = "http://data.europa.eu/esco/concept-scheme/member-"
_PAGE = 100
_SKILL_TYPES = {"skill": "skill/competence", "knowledge": "knowledge"}
HOW = (
    f"Open {DOWNLOAD_PAGE}, choose version 1.1.1 or 1.2, content 'classification', language Dutch (nl), format CSV, "
    "and once more for English (en); the link to each zip file comes by e-mail. Then run: "
    "overstap reference install esco --from nl.zip --from en.zip. The taxonomy 'core' works without it."
)


def collect(api: str, timeout: float) -> tuple[Collector, str]:
    """All skills and occupations of the web service, and the version asked for. `timeout` is seconds a request."""
    collected = Collector()
    for uri, entry in _resources(api, "skill", "skills", timeout):
        concept = collected.skill(uri)
        _labels(concept, entry)
        links = entry.get("_links", {})
        kind = _tail(links, "hasSkillType")
        concept.add_facts(skill_type=_SKILL_TYPES.get(kind, kind), reuse_level=_tail(links, "hasReuseLevel"))
        schemes = [link["uri"] for link in _list(links, "isInScheme")]
        if schemes:
            collected.add_schemes(uri, schemes)
        above = _list(links, "broaderSkill") + _list(links, "broaderHierarchyConcept") + _list(links, "broaderConcept")
        collected.broader[uri] = [link["uri"] for link in above]
        collected.groups |= {link["uri"] for link in _list(links, "broaderHierarchyConcept")}
        for link in above:
            if link.get("code"):
                collected.group_codes.setdefault(link["uri"], link["code"])
    for uri, entry in _resources(api, "occupation", "occupations", timeout):
        concept = collected.occupation(uri)
        _labels(concept, entry)
        links = entry.get("_links", {})
        concept.add_facts(isco08=_tail(links, "broaderIscoGroup").removeprefix("C") or str(entry.get("code", ""))[:4])
        for name, relation in (("hasOptionalSkill", "optional"), ("hasEssentialSkill", "essential")):
            collected.relations.update({(uri, link["uri"]): relation for link in _list(links, name)})
    return collected, VERSION.removeprefix("v")


def _resources(api: str, kind: str, scheme: str, timeout: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every resource of a concept scheme, page by page."""
    offset = 0
    while True:
        query = {
            "isInScheme": _SCHEME + scheme,
            "language": ",".join(LANGUAGES),
            "offset": offset,
            "limit": _PAGE,
            "selectedVersion": VERSION,
        }
        page = _get(f"{api}/resource/{kind}?{urllib.parse.urlencode(query)}", timeout)
        embedded = page.get("_embedded") or {}
        if not isinstance(embedded, dict) or not isinstance(page.get("total"), int) or (not embedded and not offset):
            raise _failed(api, f"the answer to resource/{kind} is not a page of concepts")
        yield from embedded.items()
        offset += _PAGE
        if not embedded or offset >= page["total"]:
            return


def _get(url: str, timeout: float) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "overstap"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            page = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _failed(url.split("/resource/")[0], str(getattr(error, "reason", error))) from error
    except ValueError as error:
        raise _failed(url.split("/resource/")[0], "the answer is not JSON") from error
    if not isinstance(page, dict):
        raise _failed(url.split("/resource/")[0], "the answer is not a page of concepts")
    return page


def _failed(api: str, why: str) -> ReferenceDataError:
    return ReferenceDataError(f"ESCO could not be fetched from {api}.", why=why, fix=HOW)


def _labels(concept: Any, entry: dict[str, Any]) -> None:
    preferred, alternative = entry.get("preferredLabel") or {}, entry.get("alternativeLabel") or {}
    for language in LANGUAGES:
        concept.add_labels(language, preferred.get(language, ""), alternative.get(language, []))


def _list(links: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = links.get(name) or []
    return [link for link in (value if isinstance(value, list) else [value]) if link.get("uri")]


def _tail(links: dict[str, Any], name: str) -> str:
    found = _list(links, name)
    return str(found[0]["uri"]).rsplit("/", 1)[-1] if found else ""
