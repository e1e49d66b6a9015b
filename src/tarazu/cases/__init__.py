"""Cases: what came in, who looks at it next, and everything a person needs to decide. No HTTP, no HTML."""
