"""The hub that the programs of docs/clients.md talk to."""

from tests.clients.conftest import hub as hub
