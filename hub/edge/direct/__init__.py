"""The direct path: requests of the few routes that phones and dispatchers ask all the time go from the parser to the
endpoint, and the answer from there to the transport, without uvicorn's cycle, the middleware and Starlette's routing.
"""
