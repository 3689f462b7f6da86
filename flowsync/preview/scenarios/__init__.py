"""Walks through a flow that are written down: what a person does, and what must come of it.

They stand beside the definition (`flows/booking.scenarios.yaml`), are run on the engine without a
browser, and can be recorded while a flow is tried in the preview.
"""
