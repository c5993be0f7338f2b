"""The life of an item from its first draft to its retirement."""
