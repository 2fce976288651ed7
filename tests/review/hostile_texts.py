"""Texts made to break out of a comment or a page."""

__all__ = ["EVIL"]

EVIL = [
    "</details><script>alert(1)</script>",
    "--> <!-- <img src=x onerror=alert(1)>",
    "`` ` ``` code `",
    "| a \\| b \\\\| c |\n| --- |",
    "*bold* **bold** _x_ __y__ ~~z~~ # h",
    "[link](http://evil.example) ![image](http://evil.example/i.png) <http://e.vil>",
    "http://evil.example www.evil.example me@evil.example @acme/admins #123 GH-7",
    "a\n\n# Heading\r\n- list\n\n```\nfence\n\u2028***",
    "\u202eevil\u202c \u200b\u2066x\u2069 \x00\x07\x1b[31m \ud800",
    "שלום עולם (1) مرحبا",
    "x" * 10_000,
    "\\",
    "*",
    "&lt;script&gt; &#64;acme &amp;",
    "$x^2$ :tada: {{ 7*7 }} {% raw %}",
    " ",
    "\u00a0\u3000",
    "1. one\n2. two",
    "***",
]
