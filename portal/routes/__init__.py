"""One module of addresses per kind of user; `portal/urls.py` includes them all at the root."""
