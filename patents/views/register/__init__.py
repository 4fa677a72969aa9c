"""The register of rights: lists, a right's page, entering, changing, figures."""
