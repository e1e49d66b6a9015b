// The drawing: a canvas that never works longer than a slice of a frame. The whole picture is drawn into a sheet
// larger than the view, a slice at a time; moving only copies the sheet. When it is done it replaces the old one.
const SLICE = 7; // ms of drawing in one frame
const AROUND = 0.3; // the sheet reaches this far beyond the view on each side
const MOST = [3000, 9000, 40000]; // lines drawn when far, nearer, near

class Sky {
  constructor(canvas, data, on) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.data = data;
    this.on = on;
    this.ink = {};
    this.view = { x: 0, y: 0, k: 1 };
    this.sheet = null; // {bitmap, view, width, height}
    this.work = null; // the sheet being drawn
    this.chosen = -1;
    this.line = -1;
    this.over = -1;
    this.pending = false;
    const a = data.accounts;
    this.x = Float32Array.from(a.x);
    this.y = Float32Array.from(a.y);
    this.r = Float32Array.from(a.r);
    this.s = Int32Array.from(data.pairs.s);
    this.t = Int32Array.from(data.pairs.t);
    this.rank = Int32Array.from(data.pairs.rank);
    this.level = Uint8Array.from(data.pairs.level);
    this.home = Int32Array.from(a.network);
    this.paths = data.networks.map((n) => this.outline(n.shape));
    this.index();
    this.partners = null;
    this.resize();
    this.theme();
    new ResizeObserver(() => this.resize()).observe(canvas);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.theme());
  }

  outline(shape) {
    const points = this.data.outlines[shape];
    return points || null;
  }

  // Accounts by square of the plane, to find the one under a pointer.
  index() {
    this.cell = 40;
    this.squares = new Map();
    for (let i = 0; i < this.x.length; i++) {
      const key = `${Math.floor(this.x[i] / this.cell)},${Math.floor(this.y[i] / this.cell)}`;
      const list = this.squares.get(key);
      if (list) list.push(i);
      else this.squares.set(key, [i]);
    }
    const n = this.data.networks;
    const edge = (f, g) => n.reduce((m, d) => f(m, g(d)), f === Math.min ? Infinity : -Infinity);
    this.world = {
      left: edge(Math.min, (d) => d.x - d.r) - 24,
      right: edge(Math.max, (d) => d.x + d.r) + 24,
      top: edge(Math.min, (d) => d.y - d.r) - 44,
      bottom: edge(Math.max, (d) => d.y + d.r) + 24,
    };
  }

  of(account) {
    if (!this.partners) {
      this.partners = Array.from({ length: this.x.length }, () => []);
      for (let i = 0; i < this.s.length; i++) {
        this.partners[this.s[i]].push(i);
        this.partners[this.t[i]].push(i);
      }
    }
    return this.partners[account] || [];
  }

  theme() {
    const style = getComputedStyle(document.documentElement);
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    for (const name of ["paper", "sheet", "ink", "soft", "line", "accent"]) this.ink[name] = style.getPropertyValue(`--${name}`).trim();
    this.shades = dark ? [0.2, 0.36, 0.6] : [0.14, 0.28, 0.5];
    this.sheet = null;
    this.ask();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    const first = !this.width;
    // What is on the screen stays where it is when a card opens beside it.
    if (!first) this.view.x += (box.width - this.width) / 2 / this.view.k;
    this.width = box.width;
    this.height = box.height;
    this.canvas.width = Math.round(box.width * this.ratio);
    this.canvas.height = Math.round(box.height * this.ratio);
    if (first) this.fit();
    this.sheet = null;
    this.work = null;
    this.ask();
  }

  fit() {
    const w = this.world;
    this.view.k = Math.min(this.width / (w.right - w.left), this.height / (w.bottom - w.top), 3);
    this.view.x = (w.left + w.right) / 2;
    this.view.y = (w.top + w.bottom) / 2;
    this.least = this.view.k * 0.5;
    this.ask();
  }

  // Zoom keeping the point (px, py) of the canvas where it is.
  zoom(by, px = this.width / 2, py = this.height / 2) {
    const k = Math.max(this.least || 0.01, Math.min(this.view.k * by, 12));
    const wx = this.view.x + (px - this.width / 2) / this.view.k;
    const wy = this.view.y + (py - this.height / 2) / this.view.k;
    this.view = { x: wx - (px - this.width / 2) / k, y: wy - (py - this.height / 2) / k, k };
    this.ask();
  }

  pan(dx, dy) {
    const w = this.world;
    const keep = (v, low, high) => Math.max(low, Math.min(high, v));
    this.view = {
      x: keep(this.view.x - dx / this.view.k, w.left, w.right),
      y: keep(this.view.y - dy / this.view.k, w.top, w.bottom),
      k: this.view.k,
    };
    this.ask();
  }

  // Bring an account into view, near enough to tell it from its neighbours.
  show(account) {
    const k = Math.max(this.view.k, 1.6);
    this.view = { x: this.x[account], y: this.y[account], k };
    this.ask();
  }

  // Bring a chosen account into view only if it is not.
  keep(account) {
    const [px, py] = this.screen(account);
    if (px < 20 || py < 20 || px > this.width - 20 || py > this.height - 20) this.show(account);
  }

  showNetwork(index) {
    const n = this.data.networks[index];
    this.view = { x: n.x, y: n.y, k: Math.min(4, Math.min(this.width, this.height) / (2.3 * n.r)) };
    this.ask();
  }

  at(px, py) {
    return [this.view.x + (px - this.width / 2) / this.view.k, this.view.y + (py - this.height / 2) / this.view.k];
  }

  screen(i) {
    return [(this.x[i] - this.view.x) * this.view.k + this.width / 2, (this.y[i] - this.view.y) * this.view.k + this.height / 2];
  }

  account(px, py) {
    const [wx, wy] = this.at(px, py);
    const reach = 7 / this.view.k;
    let best = -1;
    let least = Infinity;
    const span = Math.ceil((reach + 7) / this.cell);
    const cx = Math.floor(wx / this.cell);
    const cy = Math.floor(wy / this.cell);
    if (span > 12) return -1;
    for (let gx = cx - span; gx <= cx + span; gx++) {
      for (let gy = cy - span; gy <= cy + span; gy++) {
        for (const i of this.squares.get(`${gx},${gy}`) || []) {
          const d = Math.hypot(this.x[i] - wx, this.y[i] - wy) - Math.max(this.r[i], reach);
          if (d <= 0 && Math.hypot(this.x[i] - wx, this.y[i] - wy) < least) {
            least = Math.hypot(this.x[i] - wx, this.y[i] - wy);
            best = i;
          }
        }
      }
    }
    return best;
  }

  pair(px, py) {
    const [wx, wy] = this.at(px, py);
    let least = 6 / this.view.k;
    let best = -1;
    const { x, y, s, t } = this;
    const consider = (i) => {
      const ax = x[s[i]], ay = y[s[i]], bx = x[t[i]], by = y[t[i]];
      if (wx < Math.min(ax, bx) - least || wx > Math.max(ax, bx) + least || wy < Math.min(ay, by) - least || wy > Math.max(ay, by) + least) return;
      const dx = bx - ax, dy = by - ay;
      const along = Math.max(0, Math.min(1, ((wx - ax) * dx + (wy - ay) * dy) / (dx * dx + dy * dy || 1)));
      const d = Math.hypot(ax + along * dx - wx, ay + along * dy - wy);
      if (d < least) {
        least = d;
        best = i;
      }
    };
    // The lines of a chosen account are drawn on top, so they are found first.
    if (this.chosen >= 0) this.of(this.chosen).forEach(consider);
    const limit = this.limit();
    if (best < 0) for (let i = 0; i < s.length; i++) if (this.rank[i] < limit) consider(i);
    return best;
  }

  // How many lines a sheet has at this distance: few when far, all when near.
  limit() {
    const near = this.view.k;
    return Math.min(this.s.length, near < 0.9 ? MOST[0] : near < 1.8 ? MOST[1] : MOST[2]);
  }

  ask() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.frame();
    });
  }

  frame() {
    if (!this.width) return;
    const begin = performance.now();
    if (!this.sheet && !this.work) this.start();
    if (this.work) this.step(begin + (this.sheet ? SLICE : 4 * SLICE));
    this.copy();
    const s = this.sheet && this.sheet.view;
    const fresh = s && s.k === this.view.k && s.x === this.view.x && s.y === this.view.y;
    if (!this.work && !fresh && this.due()) this.start();
    if (this.work || !this.sheet) this.ask();
  }

  // A new sheet is needed when the view nears the rim of the old one or its scale has changed.
  due() {
    const s = this.sheet.view;
    const scale = this.view.k / s.k;
    const dx = Math.abs(s.x - this.view.x) * this.view.k;
    const dy = Math.abs(s.y - this.view.y) * this.view.k;
    return scale !== 1 || dx > this.width * AROUND * 0.4 || dy > this.height * AROUND * 0.4;
  }

  start() {
    const width = Math.round(this.width * (1 + 2 * AROUND));
    const height = Math.round(this.height * (1 + 2 * AROUND));
    const spare = this.spare;
    const bitmap = spare && spare.width === width * this.ratio && spare.height === height * this.ratio ? spare : document.createElement("canvas");
    if (bitmap !== spare) {
      bitmap.width = width * this.ratio;
      bitmap.height = height * this.ratio;
      bitmap.getContext("2d", { alpha: false, willReadFrequently: true });
    }
    this.spare = null;
    this.work = { bitmap, width, height, view: { ...this.view } };
    this.work.steps = this.draw(this.work);
  }

  step(until) {
    const pen = this.work.bitmap.getContext("2d");
    let turn = 0;
    while (performance.now() < until) {
      // A canvas only notes what to draw; reading one pixel makes it draw now, so that the slice pays for it.
      if (++turn % 4 === 0) pen.getImageData(0, 0, 1, 1);
      if (this.work.steps.next().done) {
        pen.getImageData(0, 0, 1, 1);
        if (this.sheet) this.spare = this.sheet.bitmap;
        this.sheet = this.work;
        this.work = null;
        this.on.drawn(this.sheet.lines, this.limit() < this.s.length);
        return;
      }
    }
  }

  *draw(work) {
    const pen = work.bitmap.getContext("2d");
    const { view, width, height } = work;
    const { x, y, s, t, rank, home, ratio } = this;
    const k = view.k;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.globalAlpha = 1;
    pen.fillStyle = this.ink.sheet;
    pen.fillRect(0, 0, width, height);
    const ox = width / 2 - view.x * k;
    const oy = height / 2 - view.y * k;
    pen.lineWidth = 1;
    pen.strokeStyle = this.ink.line;
    for (const n of this.data.networks) {
      const px = n.x * k + ox, py = n.y * k + oy, pr = n.r * k;
      if (px + pr < 0 || px - pr > width || py + pr < 0 || py - pr > height) continue;
      pen.beginPath();
      pen.arc(px, py, pr, 0, 7);
      pen.stroke();
    }
    yield;
    // Lines, the weakest first so that the strongest lie on top; one path for a run of the same colour and shade.
    const limit = this.limit();
    let lines = 0;
    for (let step = 0; step < 3; step++) {
      pen.globalAlpha = this.shades[step];
      pen.lineWidth = step === 2 ? 1.2 : 1;
      for (let n = 0; n < this.data.networks.length; n++) {
        const list = this.bundle(step, n);
        if (!list.length) continue;
        const d = this.data.networks[n];
        const px = d.x * k + ox, py = d.y * k + oy, pr = d.r * k;
        if (px + pr < 0 || px - pr > width || py + pr < 0 || py - pr > height) continue;
        pen.strokeStyle = d.colour;
        let open = 0;
        pen.beginPath();
        for (let j = list.length - 1; j >= 0; j--) {
          const i = list[j];
          if (rank[i] >= limit) continue;
          const ax = x[s[i]] * k + ox, ay = y[s[i]] * k + oy, bx = x[t[i]] * k + ox, by = y[t[i]] * k + oy;
          if ((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height)) continue;
          pen.moveTo(ax, ay);
          pen.lineTo(bx, by);
          lines++;
          if (++open === 60) {
            pen.stroke();
            pen.beginPath();
            open = 0;
            yield;
          }
        }
        pen.stroke();
        yield;
      }
    }
    work.lines = lines;
    pen.globalAlpha = 1;
    pen.lineWidth = 0.8;
    const tiny = 3.2 * k < 1.6;
    for (let i = 0; i < x.length; i++) {
      const px = x[i] * k + ox, py = y[i] * k + oy;
      if (px < -20 || py < -20 || px > width + 20 || py > height + 20) continue;
      pen.fillStyle = this.data.networks[home[i]].colour;
      if (tiny) pen.fillRect(px - 1.3, py - 1.3, 2.6, 2.6);
      else this.sign(pen, i, px, py, Math.min(this.r[i] * k, 13));
      if (i % 150 === 149) yield;
    }
    yield;
    this.names(pen, k, ox, oy, width, height);
  }

  bundle(step, network) {
    if (!this.bundles) {
      this.bundles = new Map();
      for (let i = 0; i < this.s.length; i++) {
        const key = this.level[i] * 100000 + this.home[this.s[i]];
        const list = this.bundles.get(key);
        if (list) list.push(i);
        else this.bundles.set(key, [i]);
      }
    }
    return this.bundles.get(step * 100000 + network) || [];
  }

  sign(pen, i, px, py, radius) {
    const points = this.paths[this.home[i]];
    pen.beginPath();
    if (!points) pen.arc(px, py, radius, 0, 7);
    else {
      pen.moveTo(px + points[0][0] * radius, py + points[0][1] * radius);
      for (let p = 1; p < points.length; p++) pen.lineTo(px + points[p][0] * radius, py + points[p][1] * radius);
      pen.closePath();
    }
    pen.fill();
    if (radius > 2.5) {
      pen.strokeStyle = this.ink.ink;
      pen.globalAlpha = 0.6;
      pen.stroke();
      pen.globalAlpha = 1;
    }
  }

  names(pen, k, ox, oy, width, height) {
    const few = this.data.networks.length <= 30;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.font = `600 13px ${getComputedStyle(this.canvas).fontFamily}`;
    for (const n of this.data.networks) {
      if (!few && n.r * k < 17) continue;
      const px = n.x * k + ox, py = (n.y - n.r) * k + oy - 5;
      if (px < -80 || px > width + 80 || py < -20 || py > height + 20) continue;
      const text = `${n.id} · ${count(n.n)}`;
      pen.lineWidth = 4;
      pen.strokeStyle = this.ink.sheet;
      pen.lineJoin = "round";
      pen.strokeText(text, px, py);
      pen.fillStyle = this.ink.ink;
      pen.fillText(text, px, py);
    }
    if (k < 3.4) return;
    pen.font = `12px ${getComputedStyle(this.canvas).fontFamily}`;
    pen.fillStyle = this.ink.soft;
    let named = 0;
    for (let i = 0; i < this.x.length && named < 160; i++) {
      const px = this.x[i] * k + ox, py = this.y[i] * k + oy;
      if (px < 0 || px > width || py < 0 || py > height) continue;
      named++;
      pen.fillText(this.on.name(i).slice(0, 18), px, py + Math.min(this.r[i] * k, 13) + 14);
    }
  }

  copy() {
    const { pen, ratio, width, height, view } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = this.ink.sheet;
    pen.fillRect(0, 0, width, height);
    const sheet = this.sheet;
    if (sheet) {
      const scale = view.k / sheet.view.k;
      const left = (sheet.view.x - view.x) * view.k + width / 2 - (sheet.width * scale) / 2;
      const top = (sheet.view.y - view.y) * view.k + height / 2 - (sheet.height * scale) / 2;
      pen.imageSmoothingEnabled = scale !== 1;
      if (scale === 1) {
        const round = (v) => Math.round(v * ratio) / ratio;
        pen.drawImage(sheet.bitmap, round(left), round(top), sheet.width, sheet.height);
      } else pen.drawImage(sheet.bitmap, left, top, sheet.width * scale, sheet.height * scale);
    }
    this.above(pen);
  }

  // What is chosen or under the pointer, drawn over the copied sheet.
  above(pen) {
    const point = (i) => this.screen(i);
    const ring = (i, gap, wide) => {
      const [px, py] = point(i);
      pen.beginPath();
      pen.arc(px, py, Math.min(this.r[i] * this.view.k, 13) + gap, 0, 7);
      pen.lineWidth = wide;
      pen.stroke();
    };
    pen.strokeStyle = this.ink.ink;
    if (this.chosen >= 0) {
      pen.lineWidth = 1.2;
      pen.globalAlpha = 0.75;
      pen.beginPath();
      for (const i of this.of(this.chosen).slice(0, 600)) {
        pen.moveTo(...point(this.s[i]));
        pen.lineTo(...point(this.t[i]));
      }
      pen.stroke();
      pen.globalAlpha = 1;
      ring(this.chosen, 3, 2.5);
    }
    if (this.line >= 0) {
      pen.lineWidth = 3;
      pen.beginPath();
      pen.moveTo(...point(this.s[this.line]));
      pen.lineTo(...point(this.t[this.line]));
      pen.stroke();
      ring(this.s[this.line], 3, 2);
      ring(this.t[this.line], 3, 2);
    }
    if (this.over >= 0 && this.over !== this.chosen) ring(this.over, 2.5, 1.5);
  }
}
