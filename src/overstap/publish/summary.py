"""The management summary: the main findings of a study, or of one topsector of it, and the others behind them."""

from __future__ import annotations

from functools import cached_property

from overstap.pipeline import Study
from overstap.publish import words
from overstap.publish.caution import caution_of
from overstap.publish.findings import Finding, main_findings
from overstap.publish.findings_ahead import AheadFindings
from overstap.publish.findings_demand import DemandFindings
from overstap.publish.labels import Translator
from overstap.publish.report_data import topsectors_of
from overstap.publish.tables import select
from overstap.schema.out import ALL


class SummaryChapter:
    """The findings of a study in the language of `t`; made when asked for."""

    def __init__(self, study: Study, t: Translator, topsector: str = ALL) -> None:
        self._study, self.t, self.topsector = study, t, topsector

    def opening(self) -> list[words.Sentence]:
        """What the findings rest on: the vacancies by year and, of all sectors, the shares of ICT functions."""
        study, t, sector = self._study, self.t, self.topsector
        years = select(study, "out_volume", period_kind="year", topsector=sector).to_pylist()
        said = [words.volume_sentence(t, years, bool(caution_of(study)))]
        if sector == ALL:
            ict = {"item_kind": "function_group", "item_id": "ict", "topsector": topsectors_of(study)}
            rows = select(study, "out_demand", period_kind="all", **ict).to_pylist()
            said.append(words.spread_sentence(t, rows))
        return list(dict.fromkeys(said))

    @cached_property
    def _split(self) -> tuple[list[Finding], list[Finding]]:
        made = (kind(self._study, self.t, self.topsector) for kind in (DemandFindings, AheadFindings))
        return main_findings([one for candidates in made for one in candidates.candidates()])

    @property
    def main(self) -> list[Finding]:
        """The main findings, at most five, in the order of themes."""
        return self._split[0]

    @property
    def others(self) -> list[Finding]:
        """The other findings, ranked; what is unknown comes last."""
        return [one for one in self._split[1] if one.standing != "unknown"]

    @property
    def unknown(self) -> list[Finding]:
        """What the study cannot tell, and why as far as it is known."""
        return [one for one in self._split[1] if one.standing == "unknown"]
