"""The story of ``overt demo``: a private desktop, local pages, a scripted person; drives the CLI as a user would."""
