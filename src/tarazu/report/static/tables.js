// Tables: fold and unfold, sort by a click on a head, filter by typing. The rows are already in the page.
function tables() {
  for (const more of document.querySelectorAll("button.more")) {
    more.addEventListener("click", () => more.closest(".table").classList.add("whole"));
  }
  for (const table of document.querySelectorAll("table[data-tools]")) {
    const box = table.closest(".table");
    table.querySelectorAll("thead th").forEach((head, column) => {
      const button = el("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => sort(table, head, column));
    });
    const input = el("input", { type: "search", autocomplete: "off", spellcheck: "false", dir: "auto" });
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLocaleLowerCase();
      if (wanted) box.classList.add("whole");
      for (const row of table.querySelectorAll("tbody tr")) row.hidden = wanted !== "" && !row.textContent.toLocaleLowerCase().includes(wanted);
    });
    box.prepend(el("label", { class: "filter" }, "Filter", input));
  }
}

function sort(table, head, column) {
  const numeric = (cell) => cell.dataset.v !== undefined;
  const value = (row) => (numeric(row.cells[column]) ? Number(row.cells[column].dataset.v) : row.cells[column].textContent.trim());
  const bodies = table.tBodies;
  const rows = [...table.querySelectorAll("tbody tr")];
  if (!rows.length) return;
  const before = head.getAttribute("aria-sort");
  // Numbers start with the largest, words with the first letter.
  const up = before ? before === "descending" : !numeric(rows[0].cells[column]);
  table.querySelectorAll("thead th").forEach((th) => th.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const keyed = rows.map((row, at) => [value(row), at, row]);
  const order = new Intl.Collator().compare;
  keyed.sort((a, b) => ((typeof a[0] === "number" ? a[0] - b[0] : order(a[0], b[0])) || 0) * (up ? 1 : -1) || a[1] - b[1]);
  const first = bodies.length > 1 ? bodies[0].rows.length : keyed.length;
  bodies[0].replaceChildren(...keyed.slice(0, first).map((k) => k[2]));
  if (bodies.length > 1) bodies[1].replaceChildren(...keyed.slice(first).map((k) => k[2]));
}
