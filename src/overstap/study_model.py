"""What every part of the study file is: settings that refuse a name they do not know."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Text2 = dict[Literal["nl", "en"], str]
"""A text for readers, by language."""


class Settings(BaseModel):
    """A part of the study file; each field has a description, which the documentation shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
