"""How well the judge does on posts whose truth is known: by language, by form, by entity, in disguise."""
