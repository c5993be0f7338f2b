"""The task bank of the practical: tasks of the trade as values, and the use cases around them."""
