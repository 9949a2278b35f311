"""The hub of each module; ``tests.support.edge_hub`` says more."""

from tests.support.edge_hub import hub as hub
