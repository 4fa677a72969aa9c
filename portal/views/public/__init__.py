"""Pages anybody may read (home, calls, notices, recognitions, search, tools, statements), and the audit."""
