"""Where the answers to `data_exchange` come from while a flow is tried on this machine.

From fixtures beside the definition, from an endpoint that speaks plain JSON, or from one that
speaks the encrypted protocol of the platform; each with faults on demand. All are an `Endpoint` to
the engine (`preview.engine.exchange`).
"""
