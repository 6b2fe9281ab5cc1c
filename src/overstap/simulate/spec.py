"""What market to simulate: size, years, language mix and dirt, all explicit and seeded."""

from __future__ import annotations

from dataclasses import dataclass, fields

from overstap.errors import StudyError

FORM_KINDS = ("plain", "variant", "paraphrase", "typo")


@dataclass(frozen=True)
class MarketSpec:
    """Settings of one simulated labour market. Equal specs give equal bytes.

    `n_vacancies` open jobs are posted between 1 January of `first_year` and 31 December of `last_year`; each gives
    about 2.2 ads. Shares lie between 0 and 1. `form_shares` splits the skill mentions over plain names, variants,
    paraphrases that no lexicon has, and misspellings. `table1_share` is the share of the ICT vacancies of 2017 that
    carry one of the nine titles of the study's Table 1 (their true share is near 0.03: too few to see in a demo).
    `clustering` is the intra-employer correlation of what is asked, on the probit scale. Raises `StudyError` on a
    value out of range.
    """

    seed: int = 20190703
    n_vacancies: int = 30_000
    first_year: int = 2012
    last_year: int = 2017
    dutch_share: float = 0.75
    form_shares: tuple[float, float, float, float] = (0.42, 0.21, 0.25, 0.12)
    distractor_share: float = 0.30
    trap_share: float = 0.12
    html_share: float = 0.25
    markdown_share: float = 0.08
    separator_share: float = 0.03
    typo_share: float = 0.20
    shout_share: float = 0.05
    missing_sbi_share: float = 0.30
    repost_share: float = 0.15
    broken_share: float = 0.003
    table1_share: float = 0.30
    clustering: float = 0.10
    n_pages: int = 36

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if (field.name.endswith("_share") or field.name == "clustering") and not 0 <= value < 1:
                raise StudyError(
                    f"MarketSpec: {field.name} is {value!r}", fix="Give a share from 0 up to, not including, 1."
                )
        if self.n_vacancies < 1:
            raise StudyError(f"MarketSpec: n_vacancies is {self.n_vacancies}", fix="Give at least 1.")
        if not 1990 <= self.first_year <= self.last_year <= 2100:
            raise StudyError(
                f"MarketSpec: years {self.first_year} to {self.last_year}", fix="Give first_year <= last_year."
            )
        if len(self.form_shares) != 4 or min(self.form_shares) < 0 or abs(sum(self.form_shares) - 1) > 1e-9:
            raise StudyError(
                f"MarketSpec: form_shares is {self.form_shares}", fix=f"Four shares for {FORM_KINDS}, sum 1."
            )
        if self.html_share + self.markdown_share + self.separator_share > 1:
            raise StudyError(
                "MarketSpec: the shares of HTML, Markdown and U+2028 add up to more than 1", fix="Lower them."
            )

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the market, in order."""
        return tuple(range(self.first_year, self.last_year + 1))
