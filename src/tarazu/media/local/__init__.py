"""Finds copies that plain hashes miss: cropped, framed, on a screenshot, under caption bars, mirrored as well."""
