"""A flow as a person with a phone would meet it: an engine without a page, and a page over it.

The engine is in Python, once: it reads bindings with the module that the validator uses, and
`flowsync test` runs it without a browser. The page draws what the engine gives and sends back what
a person does; it knows nothing of the rules.
"""
