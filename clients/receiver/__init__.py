"""A receiver of webhooks for trying them."""
