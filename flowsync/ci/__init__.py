"""Talking to the service that runs a job: comments, issues and outputs of GitHub Actions.

Nothing here knows flows or plans; what is written comes as text that `render` made harmless.
"""
