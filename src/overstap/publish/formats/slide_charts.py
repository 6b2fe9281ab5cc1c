"""Charts of PowerPoint's own: its bars, columns and lines, with the interval of every value as error bars."""

from __future__ import annotations

from typing import Any

from overstap.publish.formats.native import FEW, Native, Number, Series
from overstap.publish.formats.need import needed
from overstap.publish.theme import COLOURS

_COLOURS = COLOURS["light"]
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MARKERS = ("CIRCLE", "SQUARE", "TRIANGLE", "DIAMOND", "X", "PLUS", "STAR")
_KINDS = {"bar": "BAR_CLUSTERED", "column": "COLUMN_CLUSTERED", "line": "LINE_MARKERS"}


def draw(slide: Any, found: Native, box: tuple[Any, ...], language: str) -> Any:
    """The chart on a slide within `box` (left, top, width, height); the shape that holds it."""
    pptx = needed("pptx")
    data = pptx.chart.data.CategoryChartData(number_format="0.0" if found.decimals else "#,##0")
    data.categories = found.categories
    for series in found.series:
        data.add_series(series.name, series.values)
    shape = slide.shapes.add_chart(getattr(pptx.enum.chart.XL_CHART_TYPE, _KINDS[found.kind]), *box, data)
    chart = shape.chart
    chart.has_title, chart.has_legend = False, len(found.series) > 1
    chart.font.size, chart.font.name = pptx.util.Pt(12), "Calibri"
    chart.font.color.rgb = _rgb(_COLOURS["ink"])
    if chart.has_legend:
        chart.legend.position = pptx.enum.chart.XL_LEGEND_POSITION.RIGHT
        chart.legend.include_in_layout = False
    _axes(chart, found, pptx)
    for number, (drawn, series) in enumerate(zip(chart.plots[0].series, found.series, strict=True)):
        if found.kind == "line":
            _line(drawn, number, pptx)
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = _rgb(_COLOURS["bar"])
            drawn.invert_if_negative = False
        if any(low is not None for low in series.low):
            _intervals(drawn, series, _COLOURS["category"][number % 7] if found.kind == "line" else _COLOURS["ink"])
    _speak(chart, {"nl": "nl-NL", "en": "en-GB"}[language])
    return shape


def _axes(chart: Any, found: Native, pptx: Any) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.has_title = True
    values.axis_title.text_frame.text = found.axis
    run = values.axis_title.text_frame.paragraphs[0].runs[0] if found.axis else None
    if run is not None:
        run.font.size, run.font.bold = pptx.util.Pt(11), False
    else:
        values.has_title = False
    values.major_gridlines.format.line.color.rgb = _rgb(_COLOURS["rule"])
    values.format.line.fill.background()
    values.minimum_scale = 0
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "General", False
    if found.top is not None:
        values.maximum_scale = found.top
    if not found.decimals and max((v or 0 for one in found.series for v in one.values), default=0) < 10:
        values.major_unit = 1
    names.format.line.color.rgb = _rgb(_COLOURS["muted"])
    names.has_major_gridlines = False
    plot = chart.plots[0]
    if found.kind == "line":
        return
    few = max(0, 5 - len(found.categories))  # one bar is not as thick as the slide is high
    plot.gap_width = 60 + 60 * few if found.kind == "bar" else 12
    if found.kind == "bar":
        names.reverse_order = True
        values.tick_label_position = pptx.enum.chart.XL_TICK_LABEL_POSITION.HIGH
    if found.kind == "bar" or len(found.categories) > FEW:
        step = 1 if found.kind == "bar" else 12  # every bar its name, months a name a year
        last = names._element.find(f"{{{_C}}}noMultiLvlLbl")
        for name in ("tickLblSkip", "tickMarkSkip"):
            last.addprevious(_xml(f'<c:{name} xmlns:c="{_C}" val="{step}"/>'))


def _line(drawn: Any, number: int, pptx: Any) -> None:
    colour = _rgb(_COLOURS["category"][number % 7])
    drawn.smooth = False
    drawn.format.line.color.rgb, drawn.format.line.width = colour, pptx.util.Pt(2.25)
    drawn.marker.style = getattr(pptx.enum.chart.XL_MARKER_STYLE, _MARKERS[number % len(_MARKERS)])
    drawn.marker.size = 8
    drawn.marker.format.fill.solid()
    drawn.marker.format.fill.fore_color.rgb = colour
    drawn.marker.format.line.color.rgb = colour


def _intervals(drawn: Any, series: Series, colour: str) -> None:
    """Error bars of the series' own bounds, in the place that the schema gives them."""
    above = [_apart(high, value) for high, value in zip(series.high, series.values, strict=True)]
    below = [_apart(value, low) for low, value in zip(series.low, series.values, strict=True)]
    bars = _xml(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errDir val="y"/><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="1"/>{_numbers("plus", above)}{_numbers("minus", below)}'
        f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{colour.removeprefix("#")}"/></a:solidFill></a:ln>'
        "</c:spPr>"
        "</c:errBars>"
    )
    if drawn._element.getparent().tag.endswith("barChart"):
        bars.remove(bars[0])  # bars have one direction only
    drawn._element.find(f"{{{_C}}}cat").addprevious(bars)


def _numbers(name: str, values: list[float]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{value:.6g}</c:v></c:pt>' for i, value in enumerate(values))
    counted = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
    return f"<c:{name}><c:numLit>{counted}{points}</c:numLit></c:{name}>"


def _apart(above: Number, below: Number) -> float:
    return 0.0 if above is None or below is None else max(0.0, above - below)


def _speak(chart: Any, language: str) -> None:
    """The language of a chart's texts, and of how its numbers are written."""
    space = chart._chartSpace
    for old in space.findall(f"{{{_C}}}lang"):
        space.remove(old)
    mark = _xml(f'<c:lang xmlns:c="{_C}" val="{language}"/>')
    before = next((one for one in space if one.tag in (f"{{{_C}}}date1904",)), None)
    before.addnext(mark) if before is not None else space.insert(0, mark)


def _rgb(colour: str) -> Any:
    return needed("pptx").dml.color.RGBColor.from_string(colour.removeprefix("#").upper())


def _xml(text: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(text)
