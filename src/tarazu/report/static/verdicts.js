// The style hides what was not chosen; this says how many are left, and folds the heads of empty parts.
const pick = document.getElementById("pick");
const tally = document.getElementById("tally");
const cards = [...document.querySelectorAll(".judged")];
function count() {
  const shown = cards.filter((card) => getComputedStyle(card).display !== "none").length;
  const all = shown === cards.length;
  tally.textContent = all ? "" : `${shown} of ${cards.length} shown`;
  for (const part of document.querySelectorAll(".outcomes")) {
    const own = [...part.querySelectorAll(".judged")];
    part.hidden = !all && own.every((card) => getComputedStyle(card).display === "none");
  }
}
if (pick) {
  pick.addEventListener("change", count);
  pick.addEventListener("reset", () => setTimeout(count));
  pick.addEventListener("submit", (event) => event.preventDefault());
  count();
}
