"""The labour market ahead: openings and shortages by occupation, age, scenarios, and countries side by side."""
