"""The portal in Chromium: the story in five ways, accessibility, links, and what the scripts add."""
