"""Who examines whom, where and when: values, the judge of a roster, its builder, bounds, and repair on the day."""
