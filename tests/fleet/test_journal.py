"""Which stacks are done is known for the same program, settings and accounts."""

from __future__ import annotations

from pathlib import Path

from pulumi_stripe_portal.fleet.journal import Journal
from pulumi_stripe_portal.fleet.outcomes import Outcome
from pulumi_stripe_portal.fleet.project import Shard, read_project


def shards(folder: Path, name: str = "A") -> list[Shard]:
    """Return two stacks of a fleet."""
    project = read_project("test", folder)
    accounts = {"acct_1": {"name": name}, "acct_2": {"name": "B"}}
    return [
        project.shard(number, (account,), accounts, "accounts")
        for number, account in enumerate(accounts, 1)
    ]


def journal(folder: Path) -> Journal:
    """Return what is known of an `up`."""
    return Journal(read_project("test", folder), "up")


def test_what_is_done_is_known(tmp_path: Path) -> None:
    """A failed stack is not done, nor one whose program or settings are others now."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    program = tmp_path / "__main__.py"
    program.write_text("1\n")
    one, two = shards(tmp_path)
    done = [Outcome("acct_1", one.stack, "created", "", (("money", "More."),))]
    book = journal(tmp_path)
    assert book.read([one, two]) == {}

    book.begin(fresh=True)
    book.add(one, done)
    book.add(two, [Outcome("acct_2", two.stack, "failed", "no")])
    (file,) = (tmp_path / ".fleet").glob("test-up")
    file.write_text(file.read_text() + '{"digest": "half a li')

    assert journal(tmp_path).read([one, two]) == {one.stack: done}
    assert journal(tmp_path).read(shards(tmp_path, "Another name")) == {}
    program.write_text("2\n")
    assert journal(tmp_path).read([one, two]) == {}
    program.write_text("1\n")
    journal(tmp_path).begin(fresh=False)
    more = [Outcome("acct_2", two.stack, "unchanged")]
    journal(tmp_path).add(two, more)
    found = {one.stack: done, two.stack: more}
    assert journal(tmp_path).read([one, two]) == found
    journal(tmp_path).begin(fresh=True)
    assert journal(tmp_path).read([one, two]) == {}
