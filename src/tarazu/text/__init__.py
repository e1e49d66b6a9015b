"""Facts about words: normal forms, canonical links, shingles, near-duplicates. No opinions."""
