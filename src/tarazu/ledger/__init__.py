"""The ledger: an append-only chain of entries over keyed commitments, with signed checkpoints. Pure: no database."""
