"""The portal: the pages that a customer sees and clicks.

`site` finds the page of a request, `handlers` answer it, `views` hold what it shows,
`texts` in which words, and `pages` make HTML of that with the templates. `preview`
draws the same pages of a configuration alone, for reviews.

May import `addresses`, `billing`, `data` and `portal_session`.
"""
