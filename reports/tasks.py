"""Importing the jobs of this app makes their kinds known to every worker."""

from reports.actions import documents

JOBS = (documents.KIND,)
