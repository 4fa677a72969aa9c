"""The applicant's pages: my applications, filling in, submitting, the case, correcting, the enterprise's home."""
