"""How the author of a post stands toward an entity it names, and what the post is for."""
