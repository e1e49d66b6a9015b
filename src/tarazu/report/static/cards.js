// The card beside the drawing: an account with its partners, or a pair with its posts side by side.
const TIE = "acted on the same things";

class Cards {
  constructor(panel, data, sky, act) {
    this.panel = panel;
    this.data = data;
    this.sky = sky;
    this.act = act;
    this.tests = this.group(data.tests.pair, data.pairs.s.length);
    this.rows = this.group(data.rows.pair, data.pairs.s.length);
  }

  // Rows come in order of pair: where each pair's rows begin and end.
  group(pairs, n) {
    const from = new Int32Array(n + 1);
    for (const pair of pairs) from[pair + 1]++;
    for (let i = 0; i < n; i++) from[i + 1] += from[i];
    return from;
  }

  name(i) {
    const a = this.data.accounts;
    return a.name[i] || a.handle[i] || a.id[i];
  }

  who(i) {
    const button = el("button", { type: "button", class: "who-is" }, el("bdi", {}, this.name(i)));
    button.addEventListener("click", () => this.act.account(i, true));
    return button;
  }

  fill(title, ...content) {
    const close = el("button", { type: "button", class: "close", "aria-label": "Close", title: "Close (Esc)" }, "×");
    close.addEventListener("click", () => this.act.close());
    // replaceChildren would write the word "null" for what is not there.
    this.panel.replaceChildren(el("header", {}, el("h2", {}, ...title), close), ...content.filter((part) => part !== null));
    this.panel.scrollTop = 0;
  }

  account(i) {
    const a = this.data.accounts;
    const network = this.data.networks[a.network[i]];
    const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
    const role = { starts: "starts: usually first on an object", amplifies: "amplifies: usually after others", both: "no clear side" };
    const pairs = this.sky.of(i);
    this.fill(
      [el("bdi", {}, this.name(i))],
      a.handle[i] && a.name[i] ? el("p", { class: "quiet" }, el("bdi", {}, `@${a.handle[i]}`)) : null,
      el("dl", { class: "facts" },
        fact("id", el("bdi", {}, a.id[i])),
        fact("network", el("a", { href: `#${network.id}` }, `${network.id}, ${plural(network.n, "account")}`)),
        fact("role", role[a.role[i]] || a.role[i]),
        fact("acted jointly", plural(a.joint[i], "time")),
        fact("posts read", count(a.posts[i])),
        fact("alone", upper(chance(a.p[i]))),
        a.core[i] ? [] : fact("joined", "through the group, without a pair of its own")),
      el("h3", {}, `${plural(pairs.length, "partner")}, strongest first`),
      this.folded(pairs, 12, (pair) => this.partner(pair, i)),
    );
  }

  folded(items, shown, make) {
    const list = el("ul", {}, items.slice(0, shown).map((item) => el("li", {}, make(item))));
    if (items.length <= shown) return list;
    const more = el("button", { type: "button" }, `show ${count(items.length - shown)} more`);
    more.addEventListener("click", () => {
      list.append(...items.slice(shown, 2000).map((item) => el("li", {}, make(item))));
      more.remove();
    });
    return el("div", {}, list, more);
  }

  partner(pair, i) {
    const other = this.sky.s[pair] === i ? this.sky.t[pair] : this.sky.s[pair];
    const button = el("button", { type: "button", class: "partner" }, el("bdi", {}, this.name(other)), el("span", { class: "quiet" }, this.tests[pair] < this.tests[pair + 1] ? this.sentence(this.tests[pair]) : TIE));
    button.addEventListener("click", () => this.act.pair(pair));
    return button;
  }

  sentence(test) {
    const t = this.data.tests;
    const within = t.window[test] > 0 ? ` within ${span(t.window[test])}` : "";
    return `${this.data.traces[t.trace[test]].did}${within}, ${plural(t.weight[test], "time")}`;
  }

  pair(i) {
    const d = this.data;
    const t = d.tests;
    const tests = [];
    for (let k = this.tests[i]; k < this.tests[i + 1]; k++) {
      const expected = t.expected[k] === null ? "" : `; ${t.expected[k]} expected of independent accounts`;
      tests.push(el("li", {}, `${upper(this.sentence(k))}${expected}. `, el("span", { class: "quiet" }, `${upper(chance(t.p[k]))}; ${t.q[k] < 1e-4 ? "q under 0.0001" : `q ${t.q[k]}`}.`)));
    }
    if (!tests.length) tests.push(el("li", {}, `${upper(TIE)}: taken alone, this pair could be chance. It is here through the group.`));
    const rows = [];
    for (let k = this.rows[i]; k < this.rows[i + 1]; k++) rows.push(k);
    const lost = d.left[i] || 0;
    this.fill(
      [this.who(this.sky.s[i]), " and ", this.who(this.sky.t[i])],
      el("ul", { class: "tests" }, tests),
      el("h3", {}, rows.length ? "Their posts, side by side" : "No posts of this pair are in this page"),
      this.folded(rows, 6, (row) => this.posts(row, i)),
      lost ? el("p", { class: "quiet" }, `${plural(lost, "more pair")} of posts: evidence.parquet.`) : null,
    );
  }

  // A shared picture that the page has elsewhere, blurred again.
  picture(trace, object) {
    if (trace.noun !== "pictures" || object === undefined) return null;
    const found = [...document.querySelectorAll("main .network .picture")].find((node) => node.dataset.picture === object);
    const copy = found ? found.cloneNode(true) : null;
    if (copy) copy.open = document.documentElement.dataset.pictures === "show";
    return copy;
  }

  posts(row, pair) {
    const d = this.data;
    const r = d.rows;
    const first = Math.min(r.ta[row], r.tb[row]);
    const side = (post, time, account) => {
      const text = d.posts.text[post];
      return el("div", {},
        el("p", { class: "stamp" }, el("bdi", {}, this.name(account)), " ", el("span", { class: "later" }, later((time - first) / 1000))),
        text < 0 ? el("p", { class: "absent" }, "no text in the input") : el("blockquote", { class: "said", dir: "auto" }, d.texts[text]));
    };
    return el("div", { class: "pair-of-posts" },
      this.picture(d.traces[r.trace[row]], d.objects[r.object[row]]),
      r.object[row] < 0 ? null : el("p", { class: "object", dir: "auto" }, d.objects[r.object[row]]),
      el("div", { class: "two" }, side(r.a[row], r.ta[row], this.sky.s[pair]), side(r.b[row], r.tb[row], this.sky.t[pair])),
      el("p", { class: "stamp" }, `from ${clock(first)} UTC`));
  }
}
