// Wiring: pointer, wheel, touch, keys, deep links.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const [canvas, tip, hint, panel, stage, find, help] = ["sky", "tip", "hint", "panel", "", "find", "help"].map((id) => (id ? byId(id) : document.querySelector(".stage")));
document.querySelector(".tools").hidden = false;
document.querySelector(".sky").hidden = false;

let cards = null;
const sky = new Sky(canvas, data, {
  name: (i) => cards ? cards.name(i) : "",
  drawn(lines, cut) {
    const of = `${count(lines)} of ${count(data.allPairs)} pairs`;
    const all = lines === data.allPairs ? `All ${plural(lines, "pair")} are drawn. ` : `${of} are in view, all drawn. `;
    byId("drawn").textContent = cut ? `${of} are drawn, each account’s strongest first; zoom in for more. ` : all;
  },
});
const act = {
  account(i, show) {
    sky.chosen = i;
    sky.line = -1;
    cards.account(i);
    open();
    if (show) sky.show(i);
    else sky.keep(i);
  },
  pair(i) {
    sky.line = i;
    cards.pair(i);
    open();
    sky.keep(sky.chosen === sky.s[i] ? sky.t[i] : sky.s[i]);
  },
  close() {
    sky.chosen = sky.line = -1;
    panel.hidden = true;
    stage.classList.remove("open");
    sky.resize();
    canvas.focus({ preventScroll: true });
    sky.ask();
  },
};
cards = new Cards(panel, data, sky, act);
const ids = new Map(data.accounts.id.map((id, i) => [id, i]));

function open() {
  panel.hidden = false;
  stage.classList.add("open");
  sky.resize();
}

// Pointers: one drags or chooses, two pinch.
const held = new Map();
let moved = 0;
const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  held.set(event.pointerId, place(event));
  if (held.size === 1) moved = 0;
  else moved = 99;
  tip.hidden = true;
});
canvas.addEventListener("pointermove", (event) => {
  const now = place(event);
  const before = held.get(event.pointerId);
  if (!before) return hover(now);
  if (held.size === 1) {
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (moved > 3) {
      canvas.classList.add("held");
      sky.pan(now[0] - before[0], now[1] - before[1]);
    }
  } else if (held.size === 2) {
    const other = [...held].find(([id]) => id !== event.pointerId)[1];
    const gap = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
    sky.zoom(gap(now) / gap(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    sky.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }
  held.set(event.pointerId, now);
});
const release = (event) => {
  if (!held.delete(event.pointerId)) return;
  canvas.classList.remove("held");
  if (event.type === "pointerup" && moved <= 3) choose(place(event));
};
canvas.addEventListener("pointerup", release);
canvas.addEventListener("pointercancel", release);
canvas.addEventListener("pointerleave", () => {
  tip.hidden = true;
  hint.hidden = true;
  sky.over = -1;
  sky.ask();
});

function choose([px, py]) {
  const account = sky.account(px, py);
  if (account >= 0) return act.account(account);
  const pair = sky.pair(px, py);
  if (pair >= 0) return act.pair(pair);
  if (!panel.hidden) act.close();
}

function hover([px, py]) {
  const account = sky.account(px, py);
  const pair = account < 0 ? sky.pair(px, py) : -1;
  canvas.classList.toggle("over", account >= 0 || pair >= 0);
  if (account !== sky.over) {
    sky.over = account;
    sky.ask();
  }
  tip.hidden = account < 0 && pair < 0;
  if (tip.hidden) return;
  if (account >= 0) tip.replaceChildren(el("bdi", {}, cards.name(account)), ` · ${data.networks[sky.home[account]].id}, ${plural(data.accounts.degree[account], "partner")}`);
  else tip.replaceChildren(el("bdi", {}, cards.name(sky.s[pair])), " and ", el("bdi", {}, cards.name(sky.t[pair])));
  const left = Math.min(px + 14, sky.width - tip.offsetWidth - 6);
  tip.style.transform = `translate(${Math.max(4, left)}px, ${py > 40 ? py - 34 : py + 18}px)`;
}

canvas.addEventListener("wheel", (event) => {
  // The page must stay scrollable: the wheel zooms only once the reader has turned to the drawing.
  if (!event.ctrlKey && document.activeElement !== canvas) {
    hint.hidden = false;
    setTimeout(() => (hint.hidden = true), 1500);
    return;
  }
  event.preventDefault();
  sky.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...place(event));
}, { passive: false });

// Keys.
let partner = -1;
function step(by) {
  partner = -1;
  const n = data.accounts.id.length;
  act.account((sky.chosen < 0 ? (by > 0 ? 0 : n - 1) : sky.chosen + by + n) % n, true);
}
const onSky = {
  ArrowLeft: () => sky.pan(60, 0), ArrowRight: () => sky.pan(-60, 0), ArrowUp: () => sky.pan(0, 60), ArrowDown: () => sky.pan(0, -60),
  "+": () => sky.zoom(1.3), "=": () => sky.zoom(1.3), "-": () => sky.zoom(1 / 1.3), "0": () => sky.fit(),
  n: () => step(1), p: () => step(-1),
  e: () => {
    const pairs = sky.of(sky.chosen);
    if (sky.chosen < 0 || !pairs.length) return;
    partner = (partner + 1) % pairs.length;
    act.pair(pairs[partner]);
  },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === "Escape" && !help.open && !panel.hidden) return act.close();
  if (typing) return;
  if (event.key === "?") {
    event.preventDefault();
    return help.open ? help.close() : help.showModal();
  }
  if (help.open) return;
  if (event.key === "/") {
    event.preventDefault();
    return find.focus();
  }
  const does = onSky[event.key];
  const near = document.activeElement === canvas || panel.contains(document.activeElement) || document.activeElement === document.body;
  if (!does || (event.key.startsWith("Arrow") ? document.activeElement !== canvas : !near)) return;
  event.preventDefault();
  does();
});
byId("in").addEventListener("click", () => sky.zoom(1.4));
byId("out").addEventListener("click", () => sky.zoom(1 / 1.4));
byId("fit").addEventListener("click", () => sky.fit());
byId("keys").addEventListener("click", () => help.showModal());

// Find: the first account whose name, handle or id has the words.
let found = -1;
function search(from) {
  const wanted = find.value.trim().replace(/^@/, "").toLocaleLowerCase();
  if (!wanted) return;
  const a = data.accounts;
  const n = a.id.length;
  for (let k = 0; k < n; k++) {
    const i = (from + k) % n;
    if ([a.name[i], a.handle[i], a.id[i]].some((v) => v && v.toLocaleLowerCase().includes(wanted))) {
      found = i;
      find.removeAttribute("aria-invalid");
      return act.account(i, true);
    }
  }
  find.setAttribute("aria-invalid", "true");
}
find.addEventListener("input", () => search(0));
find.addEventListener("keydown", (event) => event.key === "Enter" && search(found + 1));

// Names anywhere on the page open the account's card.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("button[data-account]");
  if (!button) return;
  const i = ids.get(button.dataset.account);
  if (i === undefined) return;
  act.account(i, true);
  byId("drawing").scrollIntoView({ block: "start" });
  canvas.focus({ preventScroll: true });
});

// #N1 leads to the section and moves the drawing to that network.
function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  const index = data.networks.findIndex((n) => n.id === id);
  if (index >= 0) sky.showNetwork(index);
}
window.addEventListener("hashchange", follow);
follow();
tables();
