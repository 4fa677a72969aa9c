"""Reach of alerts for officials, and what an enterprise watches."""
