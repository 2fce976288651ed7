"""The server, and the way of a request: key, faults, parameters, handler, log.

May import what is below it: `billing`, `data`, `errors`, `objects`, `portal`,
`portal_session`, `routes` and `webhooks`.
"""
