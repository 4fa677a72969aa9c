"""The project and everything its workstreams share."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
