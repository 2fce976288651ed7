"""Pulumi's stacks as its command line tells them: states, previews, settings.

`pulumi_cli` runs commands, `recorded` reads states, `holders` says which resource of
the stack holds an object, `printed` finds JSON in what a command prints, `preview`
reads that of a preview, `project_file` reads `Pulumi.yaml`. May import `schema`,
`stripe_api`, `engine` and `errors`.
"""
