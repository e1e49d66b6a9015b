"""From a post to a verdict: designations, mentions, stance, clauses."""
