"""Stripe as the API answers it: requests, answers, errors, settings, prices, markers.

The only place outside the sandbox that imports `stripe`. `connection` asks, by way of
`transport` and `retries`, no faster than `rate_limit` and, in a fleet, `shared_limit`
let it; `exchange` where a refusal is as good an answer as any; `answers` and
`refusals` say what came back; `params` and `views` put inputs into requests and objects
into inputs; `catalogue` finds products and prices; `markers` and `owners` are the
ownership marker. May import `schema`, `engine` and `errors`.
"""
