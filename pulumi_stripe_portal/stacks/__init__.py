"""Pulumi's stacks as its command line tells them: states, previews, settings.

`pulumi_cli` runs commands, `recorded` reads states, `holders` says which resource of
the stack holds an object, `printed` finds JSON in what a command prints, `preview`
reads that of a preview, `project_file` is `Pulumi.yaml` and the files of stacks;
`commands`, `files` and `reading` are for any program's. May import `schema`,
`stripe_api`, `engine` and `errors`.
"""
