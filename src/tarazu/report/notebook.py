"""The result inside a notebook: the still drawing and a table of the networks; no script, no style sheet."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from tarazu.report import markup, palette, words
from tarazu.report.scene import scene
from tarazu.report.still import still
from tarazu.report.view import Findings

EDGES = 800  # pairs drawn: notebooks keep their output
SHOWN = 12  # networks in the table


def repr_html(result: Findings) -> str:
    """The result as a fragment of HTML."""
    total = max(int(result.counts.get("accounts", 0)), result.accounts.height)
    found = len(result.networks)
    title = f"{words.count(found) if found else 'No'} coordinated {'network' if found == 1 else 'networks'} among {words.plural(total, 'account')}"
    care = "".join(
        f"<li>take care: {markup.escape(line.line)}</li>" for line in result.health.lines if not line.ok
    )
    parts = [f'<div style="max-width:60em"><p><strong>{title}</strong></p>']
    if care:
        parts.append(f"<ul>{care}</ul>")
    if found:
        parts += [f'<div style="max-width:46em">{still(scene(result), EDGES)}</div>', _table(result)]
        parts.append("<p>The pages with every post behind it: <code>.write('report')</code></p>")
    parts.append("</div>")
    return "".join(parts)


def _table(result: Findings) -> str:
    rows = "".join(
        f'<tr><td style="text-align:left">{palette.mark(index)} {markup.bdi(network.id)}</td><td>{len(network.members):,}</td>'
        f'<td style="text-align:left">{markup.escape(network.label.value)}</td>'
        f'<td style="text-align:left" dir="auto">{markup.escape(markup.shorten(markup.clean(network.reason), 160))}</td>'
        f'<td style="text-align:left">{words.chance(network.p_value)}</td></tr>'
        for index, network in enumerate(result.networks[:SHOWN])
    )
    left = len(result.networks) - SHOWN
    more = f"<p>and {left:,} more, in <code>.networks</code></p>" if left > 0 else ""
    return (
        "<table><thead><tr><th>network</th><th>accounts</th><th>read as</th><th>why</th><th>by chance</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}"
    )
