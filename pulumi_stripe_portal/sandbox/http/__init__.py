"""The server, and the way of a request: key, faults, parameters, handler, log.

May import `billing`, `data`, `errors`, `objects`, `portal`, `portal_session` and
`routes`.
"""
