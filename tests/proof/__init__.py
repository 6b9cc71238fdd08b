"""The engine proven equal to the law: an oracle, a state machine, two-session schedules, metamorphic laws."""
