"""The report as files for an office: PDF, Word, slides and workbook, all from the chapters of the one HTML report."""
