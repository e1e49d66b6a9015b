"""Banks as files that others read and write: ThreatExchange, HMA, CSV."""
