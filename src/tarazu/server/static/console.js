"use strict";
// Requests that htmx sends carry the token of the session, as forms do.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf"]');
  if (token) event.detail.headers["X-CSRF"] = token.content;
  if (event.detail.elt.id === "hold") event.detail.parameters.seconds = String(work.take());
});

// Filters apply when they are chosen; the button is for who has no script.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.classList.add("auto");
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

// Time on a case counts only while somebody is at it: a minute without a sign of them counts no further.
const work = {
  since: Date.now(),
  seconds: 0,
  last: Date.now(),
  sign() {
    const now = Date.now();
    if (document.visibilityState === "visible") this.seconds += Math.min((now - this.last) / 1000, 60);
    this.last = now;
  },
  take() {
    this.sign();
    const whole = Math.floor(this.seconds);
    this.seconds -= whole;
    return whole;
  },
};

// The case is held for who works on it, and let go some minutes after they stopped.
const RENEW = 60000;
let renewed = 0;
function hold() {
  return document.getElementById("hold");
}
function renew() {
  const box = hold();
  if (!box || !box.hasAttribute("hx-post") || Date.now() - renewed < RENEW) return;
  renewed = Date.now();
  window.htmx.trigger(box, "take-hold");
}
function countDown() {
  const box = hold();
  const place = box && box.querySelector(".count-down");
  if (!place) return;
  const minutes = Math.max(0, Math.ceil((Date.parse(box.dataset.until) - Date.now()) / 60000));
  const shown = new Intl.NumberFormat(document.documentElement.lang).format(minutes);
  place.textContent = `${shown} ${box.dataset.unit}`;
}
if (hold()) {
  document.addEventListener("htmx:afterSwap", countDown);
  countDown();
  // Once htmx has read the page.
  document.addEventListener("DOMContentLoaded", () => setTimeout(renew));
  setInterval(countDown, 15000);
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    document.addEventListener(kind, () => { work.sign(); renew(); }, { passive: true });
  }
}

// The form that decides: a suggestion for the action chosen, the words of the clause chosen.
const decide = document.getElementById("decide");
if (decide) {
  const reason = decide.elements.reason;
  const clause = decide.elements.clause;
  const ways = [...decide.querySelectorAll('[name="action"]')];
  const suggested = new Set(ways.map((way) => way.dataset.suggestion));
  const show = () => {
    for (const text of decide.querySelectorAll("[data-clause]")) text.hidden = text.dataset.clause !== clause.value;
  };
  const choose = (way) => {
    if (reason.value === "" || suggested.has(reason.value)) reason.value = way.dataset.suggestion;
    reason.required = way.hasAttribute("data-reason");
    clause.required = !way.hasAttribute("data-no-clause");
    for (const part of decide.querySelectorAll("[data-of-clause], [data-clause]")) part.classList.toggle("idle", !clause.required);
  };
  clause.addEventListener("change", show);
  for (const way of ways) way.addEventListener("change", () => choose(way));
  const chosen = ways.find((way) => way.checked);
  if (chosen) choose(chosen);
  show();
  const fault = document.getElementById("fault");
  if (fault) fault.focus();
}

// After a picture was looked at or hidden, the keyboard stays where it was.
document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.detail.elt && event.detail.elt.closest ? event.detail.elt.closest(".picture") : null;
  const button = box && box.querySelector("[data-look]");
  if (button) button.focus({ preventScroll: true });
});
