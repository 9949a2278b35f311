"""Several hubs behind a proxy, with every part doubled that can be: what they show together while parts fail."""
