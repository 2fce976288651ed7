"""The server, and the way of a request: key, faults, parameters, handler, log.

May import `addresses`, `billing`, `data`, `errors`, `evidence`, `objects`, `portal`,
`portal_session` and `routes`.
"""
