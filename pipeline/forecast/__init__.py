"""Demand and spend, forecast: rates from SQL, a monthly cohort in numpy, a backtest of both."""
