"""`cerco rules`: write rules, see what they do, and keep them whole.

In:    a rules folder.
Out:   the commands below, each in a module of its subject.
Never: a change to a rule that is in force, other than by the person who owns its file.
"""

import click

from cerco.cli.rules_check import check, test
from cerco.cli.rules_explain import explain
from cerco.cli.rules_new import new
from cerco.cli.rules_overlap import overlap
from cerco.cli.rules_schema import schema
from cerco.cli.rules_simulate import simulate
from cerco.cli.rules_suppress import suppress


@click.group(
    epilog="""\b
Examples:
  cerco rules check                            everything, in one sentence
  cerco rules test macau-id-card               how each example of a rule went
  cerco rules explain '身份證 1234567(8)'      which rules, why, and what is decided
  cerco rules new                              write a rule, as a draft
  cerco rules simulate --draft ./draft         what a draft would have done with past requests
  cerco rules suppress C-7K3M-9QXT --until 2027-03-31   what a rule was wrong about"""
)
def rules() -> None:
    """The rules that say what is sensitive and what happens then."""


for _command in (check, test, explain, overlap, new, simulate, suppress, schema):
    rules.add_command(_command)
