"""The officials' workbench: absences with deputies, assignment rules, templates of reasons."""
