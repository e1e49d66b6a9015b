// Numbers in plain words; report/words.py says the same, and a test holds them together.
const upper = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const count = (n) => n.toLocaleString("en-US");
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many || one + "s"}`;
function odds(p) {
  if (!(p > 1e-9)) return "less than 1 in a billion";
  if (p >= 1) return "1 in 1";
  const times = 1 / p;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1);
  return `1 in ${count(Math.floor(times / step + 0.5) * step)}`;
}
function chance(p) {
  if (p > 0.05) return `could be chance, ${odds(p)}`;
  const word = p <= 1e-9 ? "next to impossible by chance" : p <= 1e-4 ? "very unlikely by chance" : "unlikely by chance";
  return `${word}, ${odds(p)}`;
}
function span(seconds) {
  const size = Math.abs(seconds);
  if (size < 10 && size !== Math.trunc(size)) return `${(Math.floor(size * 10 + 0.5) / 10).toFixed(1)} s`;
  if (size < 120) return `${Math.round(size)} s`;
  if (size < 7200) return `${Math.round(size / 60)} min`;
  if (size < 172800) return `${Math.round(size / 3600)} h`;
  return `${count(Math.round(size / 86400))} days`;
}
const later = (seconds) => (seconds >= 0 ? "+" : "−") + span(seconds);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function clock(ms) {
  const t = new Date(ms);
  const two = (n) => String(n).padStart(2, "0");
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}, ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}`;
}

// Building elements. Text always goes in as text; nothing here parses HTML.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "class") node.className = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}
