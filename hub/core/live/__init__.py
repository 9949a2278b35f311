"""The live state: latest positions, subscriptions, and the frames owed to each client."""
