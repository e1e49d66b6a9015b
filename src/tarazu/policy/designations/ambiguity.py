"""Which names of an entity are ordinary words too, and which words beside them decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tarazu.policy.designations.entity import Alias, Entity
from tarazu.policy.designations.languages import guess
from tarazu.safe import tree

Named = tuple[tuple[str, tuple[str, ...]], ...]  # what is ambiguous, with its context words


def named_in(fields: tree.Map) -> Named:
    """What an entity of a file calls ambiguous; the entity's own `context` goes with each."""
    node, shared = fields.get("ambiguous"), fields.get("context")
    common = shared.texts() if shared else ()
    named: list[tuple[str, tuple[str, ...]]] = []
    if isinstance(node, tree.Map):
        named = [(text, words.texts()) for text, words in node]
    elif node is not None:
        for one in node.items() if isinstance(node, tree.Seq) else (node,):
            if isinstance(one, tree.Map):
                item = one.map(known=("alias", "context"), required=("alias",))
                text = item.nodes["alias"].text() if "alias" in item else None
                words = item.nodes["context"].texts() if "context" in item else ()
                named += [(text, words)] if text is not None else []
            elif (text := one.text()) is not None:
                named.append((text, ()))
    return tuple((text, (*words, *common)) for text, words in named)


def marked(drafts: Sequence[tuple[Entity, Named]]) -> tuple[Entity, ...]:
    """The entities with those aliases marked that equal, once folded, what is named; what is new is added."""
    from tarazu.policy.designations.ordinary import folded

    # All at once: folding is cheap by the text, dear by the call.
    unsure = [(entity, named) for entity, named in drafts if named]
    texts = {text for entity, named in unsure for text, _ in named}
    texts |= {alias.text for entity, _ in unsure for alias in entity.aliases}
    keys = dict(zip(texts, folded(list(texts)), strict=True)) if texts else {}
    return tuple(_marked(entity, named, keys) if named else entity for entity, named in drafts)


def _marked(entity: Entity, named: Named, keys: dict[str, str]) -> Entity:
    contexts: dict[str, tuple[str, ...]] = {}
    new: dict[str, str] = {}
    written = {keys[alias.text] for alias in entity.aliases}
    for text, words in named:
        key = keys[text]
        contexts[key] = tuple(dict.fromkeys((*contexts.get(key, ()), *words)))
        if key not in written:
            new.setdefault(key, text)
    own = [
        replace(alias, ambiguous=True, context=contexts[keys[alias.text]])
        if keys[alias.text] in contexts
        else alias
        for alias in entity.aliases
    ]
    added = [
        Alias(text=text, lang=guess(text), ambiguous=True, context=contexts[key]) for key, text in new.items()
    ]
    return replace(entity, aliases=(*own, *added))
