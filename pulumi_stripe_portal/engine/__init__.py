"""The two doors to Pulumi's engine, and what providers ask of it through either.

`call` is the one interface; `dynamic` fulfils it for Python's dynamic resources, with
private parts of Pulumi's SDK, and `plugin` for a plugin, which serves its calls itself.
Both reach the engine through `host`; `wire` and `values` say how values travel, `urn`
what resources are called, and `options` how the program's language spells what it is to
write. May import `errors` alone.
"""
