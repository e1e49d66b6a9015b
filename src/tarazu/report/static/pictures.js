// Pictures: the browser shows and hides them; this counts what was looked at and keeps how a person wants them.
const looking = document.getElementById("looking");
if (looking) {
  const how = document.getElementById("pictures-how");
  const tally = document.getElementById("pictures-seen");
  const every = [...document.querySelectorAll(".picture")];
  const names = new Set(every.map((picture) => picture.dataset.picture));
  const seen = new Set();
  const say = () => {
    tally.textContent = seen.size ? `${seen.size} of ${names.size} looked at` : "";
  };
  // Some browsers keep nothing for a page opened from a file; then the choice lasts as long as the page.
  const keep = (value) => {
    try {
      if (value) localStorage.setItem("tarazu.pictures", value);
      return localStorage.getItem("tarazu.pictures");
    } catch {
      return null;
    }
  };
  const set = (value) => {
    document.documentElement.dataset.pictures = value;
    for (const picture of every) picture.open = value === "show";
  };
  // A toggle does not bubble, but it is caught on the way down; copies of a picture count as the picture.
  document.addEventListener("toggle", (event) => {
    const picture = event.target;
    if (!(picture instanceof HTMLDetailsElement) || !picture.open || picture.dataset.picture === undefined) return;
    seen.add(picture.dataset.picture);
    say();
  }, true);
  how.addEventListener("change", () => {
    set(how.value);
    keep(how.value);
  });
  const kept = keep();
  if ([...how.options].some((option) => option.value === kept)) {
    how.value = kept;
    set(kept);
  }
  looking.hidden = false;
}
