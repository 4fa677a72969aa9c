"""Pages of one's own account: settings, hats, inbox, tokens, and the demo's sign-in."""
