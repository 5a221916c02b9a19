// The taste map on a canvas: moved by drag, touch and keys, scaled by wheel, fingers, buttons and keys.
"use strict";

(() => {
const EDGE = 24; // pixels around the map
const NEAR = 14; // pixels from the pointer within which a film is meant
const FARTHEST = 1, NEAREST = 40;
const NAMES_FROM = 3; // how near one must be for titles to stand beside the dots
const MOST_NAMES = 60;

function open(frame) {
  frame.dataset.open = "";
  const canvas = frame.querySelector("canvas"), label = frame.querySelector(".map-label");
  const paper = canvas.getContext("2d");
  const told = document.getElementById("map-told");
  const view = read(), fingers = new Map();
  let points, mine, ringed, width, height, colours, meant = -1, moved = 0, spread = 0, waiting = false;

  fetch(frame.dataset.points).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.statusText)).then((all) => {
    points = all;
    mine = new Map(all.mine);
    ringed = new Set(all.ringed);
    canvas.hidden = false;
    frame.querySelector(".map-buttons").hidden = false;
    frame.querySelector(".map-drawn").setAttribute("hidden", "");
    new ResizeObserver(fit).observe(frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours = null; draw(); });
    fit();
  }).catch(() => {}); // the drawing of the server stays

  // The view is the middle of what is seen, in 0..1 of the map, and how near it is. It has an address.
  function read() {
    const [x, y, near] = (new URLSearchParams(location.search).get("at") || "").split(",").map(Number);
    return near >= FARTHEST ? { x, y, near: Math.min(near, NEAREST) } : { x: 0.5, y: 0.5, near: 1 };
  }
  function write() {
    const whole = view.near === 1;
    const at = `${view.x.toFixed(3)},${view.y.toFixed(3)},${view.near.toFixed(2)}`;
    history.replaceState(history.state, "", whole ? location.pathname : `${location.pathname}?at=${at}`);
  }

  function fit() {
    const box = frame.getBoundingClientRect(), dense = devicePixelRatio || 1;
    width = box.width;
    height = box.height;
    canvas.width = Math.round(width * dense);
    canvas.height = Math.round(height * dense);
    paper.setTransform(dense, 0, 0, dense, 0, 0);
    draw();
  }

  const across = () => (width - 2 * EDGE) * view.near, down = () => (height - 2 * EDGE) * view.near;
  const toX = (x) => width / 2 + (x / points.size - view.x) * across();
  const toY = (y) => height / 2 + (y / points.size - view.y) * down();

  function draw() {
    if (waiting || !points) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; paint(); });
  }

  function paint() {
    colours ??= Object.fromEntries([...document.querySelectorAll("[data-colour]")].map((one) => [one.dataset.colour, getComputedStyle(one).color]));
    const ground = getComputedStyle(frame).backgroundColor, fonts = getComputedStyle(label).fontFamily;
    paper.clearRect(0, 0, width, height);
    const size = Math.min(1.6 + Math.log2(view.near), 5), seen = [];
    paper.fillStyle = colours.film;
    paper.globalAlpha = 0.45;
    paper.beginPath();
    for (let film = 0; film < points.x.length; film++) {
      const x = toX(points.x[film]), y = toY(points.y[film]);
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      seen.push([film, x, y]);
      if (mine.has(film)) continue;
      paper.moveTo(x + size, y);
      paper.arc(x, y, size, 0, 7);
    }
    paper.fill();
    paper.globalAlpha = 1;
    regions(ground, fonts);
    for (const [film, x, y] of seen) {
      if (mine.has(film)) {
        paper.globalAlpha = 0.85;
        paper.fillStyle = colours.mine;
        circle(x, y, lit(film)).fill();
      }
      if (ringed.has(film)) {
        paper.globalAlpha = 1;
        paper.strokeStyle = colours.ring;
        paper.lineWidth = 2;
        circle(x, y, size + 4).stroke();
      }
    }
    paper.globalAlpha = 1;
    if (view.near >= NAMES_FROM) names(seen, ground, fonts);
    if (meant >= 0) {
      paper.strokeStyle = colours.ring;
      paper.lineWidth = 2;
      circle(toX(points.x[meant]), toY(points.y[meant]), lit(meant) + 3).stroke();
    }
    place();
  }
  const lit = (film) => (2 + 0.6 * (mine.get(film) || 1)) * Math.min(1 + Math.log2(view.near) / 4, 2);
  function circle(x, y, size) {
    paper.beginPath();
    paper.arc(x, y, size, 0, 7);
    return paper;
  }

  function written(text, x, y, ground, colour) {
    paper.lineJoin = "round";
    paper.lineWidth = 4;
    paper.strokeStyle = ground;
    paper.strokeText(text, x, y);
    paper.fillStyle = colour;
    paper.fillText(text, x, y);
  }
  function regions(ground, fonts) {
    paper.globalAlpha = Math.max(0.72 - 0.12 * Math.log2(view.near), 0.2);
    paper.textAlign = "center";
    paper.textBaseline = "middle";
    paper.font = `600 ${width < 500 ? 15 : 21}px ${fonts}`;
    for (const [x, y, name] of points.regions) {
      const half = paper.measureText(name).width / 2 + 8, px = toX(x);
      const inside = px > -half && px < width + half; // those at the edge are moved in whole
      written(name, inside ? Math.min(Math.max(px, half), width - half) : px, toY(y), ground, colours.ring);
    }
    paper.globalAlpha = 1;
  }
  // Titles of the most-rated films first, one's own and the ringed before all; none over another.
  function names(seen, ground, fonts) {
    const first = ([film]) => (ringed.has(film) ? 0 : mine.has(film) ? 1 : 2), taken = [];
    paper.font = `400 13px ${fonts}`;
    paper.textAlign = "left";
    for (const [film, x, y] of [...seen].sort((a, b) => first(a) - first(b) || a[0] - b[0])) {
      if (taken.length >= MOST_NAMES) break;
      const box = [x + 8, y - 9, x + 14 + paper.measureText(points.titles[film]).width, y + 9];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      written(points.titles[film], x + 10, y, ground, colours.ring);
    }
  }

  // The film that is meant, with its title as a link beside it.
  function mean(film, byTouch) {
    label.classList.toggle("touched", Boolean(byTouch));
    if (film === meant) return;
    meant = film;
    if (film >= 0) {
      const stars = mine.get(film), year = document.createElement("span");
      year.textContent = [points.years[film], stars && `${stars} ★`].filter(Boolean).join(" · ");
      label.textContent = points.titles[film];
      label.append(year);
      label.href = `/movies/${encodeURIComponent(points.ids[film])}`;
    }
    draw();
  }
  function place() {
    label.hidden = meant < 0;
    if (meant < 0) return;
    const x = toX(points.x[meant]), y = toY(points.y[meant]);
    const left = Math.min(Math.max(x - label.offsetWidth / 2, 4), width - label.offsetWidth - 4);
    const top = y - label.offsetHeight - 14 < 4 ? y + 14 : y - label.offsetHeight - 14;
    label.style.transform = `translate(${left}px, ${top}px)`;
  }
  function nearest(x, y, within) {
    let best = -1, least = within * within;
    for (let film = 0; film < points.x.length; film++) {
      const away = (toX(points.x[film]) - x) ** 2 + (toY(points.y[film]) - y) ** 2;
      const counts = away * (mine.has(film) || ringed.has(film) ? 0.5 : 1);
      if (counts < least) [best, least] = [film, counts];
    }
    return best;
  }

  function move(dx, dy) {
    view.x = Math.min(Math.max(view.x - dx / across(), 0), 1);
    view.y = Math.min(Math.max(view.y - dy / down(), 0), 1);
    draw();
  }
  function zoom(by, x = width / 2, y = height / 2) {
    const near = by ? Math.min(Math.max(view.near * by, FARTHEST), NEAREST) : 1;
    const under = [view.x + (x - width / 2) / across(), view.y + (y - height / 2) / down()];
    view.near = near;
    view.x = near === 1 ? 0.5 : under[0] - (x - width / 2) / across();
    view.y = near === 1 ? 0.5 : under[1] - (y - height / 2) / down();
    move(0, 0);
    write();
  }

  const at = (event) => [event.offsetX, event.offsetY];
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    moved = 0;
    spread = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = at(event), before = fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") mean(nearest(x, y, NEAR));
      return;
    }
    fingers.set(event.pointerId, [x, y]);
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (fingers.size === 1) return move(x - before[0], y - before[1]);
    const [one, other] = [...fingers.values()];
    const apart = Math.hypot(one[0] - other[0], one[1] - other[1]);
    if (spread) zoom(apart / spread, (one[0] + other[0]) / 2, (one[1] + other[1]) / 2);
    spread = apart;
  });
  canvas.addEventListener("pointerup", (event) => {
    const alone = fingers.size === 1;
    fingers.delete(event.pointerId);
    spread = 0;
    if (!alone || moved > 6) return write();
    const film = nearest(...at(event), event.pointerType === "mouse" ? NEAR : 24);
    if (film >= 0 && event.pointerType === "mouse") location.assign(`/movies/${encodeURIComponent(points.ids[film])}`);
    mean(film, true);
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !fingers.size) mean(-1);
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...at(event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60, ways = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (ways[event.key]) move(...ways[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(1.6);
    else if (event.key === "-") zoom(0.625);
    else if (event.key === "0") zoom(0);
    else if (event.key === "Enter" && meant >= 0) return label.click();
    else return;
    event.preventDefault();
    write();
    middle();
  });
  // By keys, the film in the middle is the one that is meant; it is said, too.
  function middle() {
    mean(nearest(width / 2, height / 2, Infinity), true);
    told.textContent = label.textContent;
  }
  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) middle(); });
  for (const button of frame.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  }
}

function begin() {
  const frame = document.getElementById("map-frame");
  if (frame && !("open" in frame.dataset)) open(frame);
}
begin();
document.body.addEventListener("htmx:afterSettle", begin);
})();
