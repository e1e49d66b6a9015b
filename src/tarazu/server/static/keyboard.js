"use strict";
// Keys: every control that has one says so itself (`data-key`). None works while somebody writes, and all can be
// switched off. A letter counts by its place where the keyboard has other letters (Persian, Arabic).
const keysOn = document.documentElement.dataset.keys !== "off";
const dialog = document.getElementById("keys");

function letter(event) {
  if (/^[a-z?/]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === "؟") return "?";
  const place = /^Key([A-Z])$/.exec(event.code || "");
  if (place) return place[1].toLowerCase();
  return event.key === "Enter" || event.key === "Escape" ? event.key : "";
}

const WRITES = 'textarea, select, input:not([type="radio"]):not([type="checkbox"]):not([type="button"]):not([type="submit"])';
const shown = (node) => node.getClientRects().length > 0;
const controls = (key) => [...document.querySelectorAll("[data-key]")].filter((node) => node.dataset.key === key && shown(node));

// Lines of a list: j and k go through them, Enter opens the one at hand.
function lines() {
  return [...document.querySelectorAll("[data-row] [data-open]")];
}
function step(by) {
  const all = lines();
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(node) {
  if (node.matches('input[type="radio"]')) {
    node.checked = true;
    node.dispatchEvent(new Event("change", { bubbles: true }));
    // What is still missing comes first; else one more key, Enter, decides.
    const form = node.form;
    const missing = [...form.elements].find((field) => field.required && field.type !== "radio" && !field.value);
    const next = missing || form.querySelector("#submit") || node;
    next.focus();
  } else if (node.matches("input, select, textarea")) {
    node.focus();
    if (node.select) node.select();
  } else {
    node.click();
  }
}

function list() {
  const place = document.getElementById("keys-list");
  const rows = new Map();
  if (lines().length) rows.set("j / k", dialog.dataset.lines || "↓ / ↑");
  for (const node of document.querySelectorAll("[data-key]")) {
    if (shown(node) && !rows.has(node.dataset.key)) rows.set(node.dataset.key, node.dataset.keyLabel || node.textContent.trim());
  }
  if (document.getElementById("submit")) rows.set("Enter", document.getElementById("submit").firstChild.textContent.trim());
  rows.set("?", document.getElementById("keys-title").textContent);
  place.replaceChildren(...[...rows].map(([key, says]) => {
    const row = document.createElement("div");
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = says;
    row.append(dt, dd);
    return row;
  }));
  dialog.showModal();
}

if (keysOn && dialog) {
  const button = document.getElementById("show-keys");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", list);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || event.defaultPrevented) return;
    const key = letter(event);
    if (!key || dialog.open) return;
    const at = event.target;
    if (at.matches && at.matches(WRITES)) {
      if (key === "Escape") at.blur();
      return;
    }
    if (key === "?") list();
    else if (key === "j" || key === "k") { if (!step(key === "j" ? 1 : -1)) return; }
    else {
      const node = controls(key)[0];
      if (!node) return;
      press(node);
    }
    event.preventDefault();
  });
}
