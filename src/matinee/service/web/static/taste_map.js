// The taste map on a canvas: move it by mouse, touch and keys, and zoom by wheel, pinch, buttons and keys.
"use strict";

(() => {
const MARGIN = 24; // pixels around the map
const HIT_DISTANCE = 14; // pixels from the pointer
const MIN_ZOOM = 1, MAX_ZOOM = 40;
const TITLES_FROM = 3; // zoom from which dots have titles
const MAX_TITLES = 60;

function open(frame) {
  frame.dataset.open = "";
  const canvas = frame.querySelector("canvas"), label = frame.querySelector(".map-label");
  const context = canvas.getContext("2d");
  const status = document.getElementById("map-status");
  const view = readAddress(), fingers = new Map();
  let points, rated, recommended, width, height, colours, selected = -1, moved = 0, spread = 0, isPending = false;

  fetch(frame.dataset.points).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.statusText)).then((content) => {
    points = content;
    rated = new Map(content.rated);
    recommended = new Set(content.recommended);
    canvas.hidden = false;
    frame.querySelector(".map-buttons").hidden = false;
    frame.querySelector(".map-drawing").setAttribute("hidden", "");
    new ResizeObserver(fit).observe(frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours = null; draw(); });
    fit();
  }).catch(() => {}); // the server's drawing stays visible

  // The view is its center, in 0..1 of the map, and its zoom. The address contains it.
  function readAddress() {
    const [x, y, zoom] = (new URLSearchParams(location.search).get("at") || "").split(",").map(Number);
    return zoom >= MIN_ZOOM ? { x, y, zoom: Math.min(zoom, MAX_ZOOM) } : { x: 0.5, y: 0.5, zoom: 1 };
  }
  function writeAddress() {
    const whole = view.zoom === 1;
    const at = `${view.x.toFixed(3)},${view.y.toFixed(3)},${view.zoom.toFixed(2)}`;
    history.replaceState(history.state, "", whole ? location.pathname : `${location.pathname}?at=${at}`);
  }

  function fit() {
    const box = frame.getBoundingClientRect(), ratio = devicePixelRatio || 1;
    width = box.width;
    height = box.height;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw();
  }

  const mapWidth = () => (width - 2 * MARGIN) * view.zoom, mapHeight = () => (height - 2 * MARGIN) * view.zoom;
  const toX = (x) => width / 2 + (x / points.size - view.x) * mapWidth();
  const toY = (y) => height / 2 + (y / points.size - view.y) * mapHeight();

  function draw() {
    if (isPending || !points) return;
    isPending = true;
    requestAnimationFrame(() => { isPending = false; paint(); });
  }

  function paint() {
    colours ??= Object.fromEntries([...document.querySelectorAll("[data-colour]")].map((sample) => [sample.dataset.colour, getComputedStyle(sample).color]));
    const background = getComputedStyle(frame).backgroundColor, fonts = getComputedStyle(label).fontFamily;
    context.clearRect(0, 0, width, height);
    const size = Math.min(1.6 + Math.log2(view.zoom), 5), visible = [];
    context.fillStyle = colours.movie;
    context.globalAlpha = 0.45;
    context.beginPath();
    for (let movie = 0; movie < points.x.length; movie++) {
      const x = toX(points.x[movie]), y = toY(points.y[movie]);
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      visible.push([movie, x, y]);
      if (rated.has(movie)) continue;
      context.moveTo(x + size, y);
      context.arc(x, y, size, 0, 7);
    }
    context.fill();
    context.globalAlpha = 1;
    drawRegions(background, fonts);
    for (const [movie, x, y] of visible) {
      if (rated.has(movie)) {
        context.globalAlpha = 0.85;
        context.fillStyle = colours.rated;
        circle(x, y, radius(movie)).fill();
      }
      if (recommended.has(movie)) {
        context.globalAlpha = 1;
        context.strokeStyle = colours.recommended;
        context.lineWidth = 2;
        circle(x, y, size + 4).stroke();
      }
    }
    context.globalAlpha = 1;
    if (view.zoom >= TITLES_FROM) drawTitles(visible, background, fonts);
    if (selected >= 0) {
      context.strokeStyle = colours.recommended;
      context.lineWidth = 2;
      circle(toX(points.x[selected]), toY(points.y[selected]), radius(selected) + 3).stroke();
    }
    positionLabel();
  }
  const radius = (movie) => (2 + 0.6 * (rated.get(movie) || 1)) * Math.min(1 + Math.log2(view.zoom) / 4, 2);
  function circle(x, y, size) {
    context.beginPath();
    context.arc(x, y, size, 0, 7);
    return context;
  }

  function drawText(text, x, y, background, colour) {
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = background;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
  function drawRegions(background, fonts) {
    context.globalAlpha = Math.max(0.72 - 0.12 * Math.log2(view.zoom), 0.2);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `600 ${width < 500 ? 15 : 21}px ${fonts}`;
    for (const [x, y, name] of points.regions) {
      const half = context.measureText(name).width / 2 + 8, px = toX(x);
      const inside = px > -half && px < width + half; // names at the edge are moved inside
      drawText(name, inside ? Math.min(Math.max(px, half), width - half) : px, toY(y), background, colours.recommended);
    }
    context.globalAlpha = 1;
  }
  // Draw titles without overlap: recommended movies first, then rated ones, then the most rated.
  function drawTitles(visible, background, fonts) {
    const priority = ([movie]) => (recommended.has(movie) ? 0 : rated.has(movie) ? 1 : 2), boxes = [];
    context.font = `400 13px ${fonts}`;
    context.textAlign = "left";
    for (const [movie, x, y] of [...visible].sort((a, b) => priority(a) - priority(b) || a[0] - b[0])) {
      if (boxes.length >= MAX_TITLES) break;
      const box = [x + 8, y - 9, x + 14 + context.measureText(points.titles[movie]).width, y + 9];
      if (boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      boxes.push(box);
      drawText(points.titles[movie], x + 10, y, background, colours.recommended);
    }
  }

  // Select a movie, and show its title as a link beside it.
  function select(movie, byTouch) {
    label.classList.toggle("touched", Boolean(byTouch));
    if (movie === selected) return;
    selected = movie;
    if (movie >= 0) {
      const stars = rated.get(movie), year = document.createElement("span");
      year.textContent = [points.years[movie], stars && `${stars} ★`].filter(Boolean).join(" · ");
      label.textContent = points.titles[movie];
      label.append(year);
      label.href = `/movies/${encodeURIComponent(points.ids[movie])}`;
    }
    draw();
  }
  function positionLabel() {
    label.hidden = selected < 0;
    if (selected < 0) return;
    const x = toX(points.x[selected]), y = toY(points.y[selected]);
    const left = Math.min(Math.max(x - label.offsetWidth / 2, 4), width - label.offsetWidth - 4);
    const top = y - label.offsetHeight - 14 < 4 ? y + 14 : y - label.offsetHeight - 14;
    label.style.transform = `translate(${left}px, ${top}px)`;
  }
  function nearest(x, y, within) {
    let best = -1, least = within * within;
    for (let movie = 0; movie < points.x.length; movie++) {
      const distance = (toX(points.x[movie]) - x) ** 2 + (toY(points.y[movie]) - y) ** 2;
      const weighted = distance * (rated.has(movie) || recommended.has(movie) ? 0.5 : 1);
      if (weighted < least) [best, least] = [movie, weighted];
    }
    return best;
  }

  function move(dx, dy) {
    view.x = Math.min(Math.max(view.x - dx / mapWidth(), 0), 1);
    view.y = Math.min(Math.max(view.y - dy / mapHeight(), 0), 1);
    draw();
  }
  function zoom(by, x = width / 2, y = height / 2) {
    const level = by ? Math.min(Math.max(view.zoom * by, MIN_ZOOM), MAX_ZOOM) : 1;
    const under = [view.x + (x - width / 2) / mapWidth(), view.y + (y - height / 2) / mapHeight()];
    view.zoom = level;
    view.x = level === 1 ? 0.5 : under[0] - (x - width / 2) / mapWidth();
    view.y = level === 1 ? 0.5 : under[1] - (y - height / 2) / mapHeight();
    move(0, 0);
    writeAddress();
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
      if (event.pointerType === "mouse") select(nearest(x, y, HIT_DISTANCE));
      return;
    }
    fingers.set(event.pointerId, [x, y]);
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (fingers.size === 1) return move(x - before[0], y - before[1]);
    const [first, second] = [...fingers.values()];
    const apart = Math.hypot(first[0] - second[0], first[1] - second[1]);
    if (spread) zoom(apart / spread, (first[0] + second[0]) / 2, (first[1] + second[1]) / 2);
    spread = apart;
  });
  canvas.addEventListener("pointerup", (event) => {
    const isSingle = fingers.size === 1;
    fingers.delete(event.pointerId);
    spread = 0;
    if (!isSingle || moved > 6) return writeAddress();
    const movie = nearest(...at(event), event.pointerType === "mouse" ? HIT_DISTANCE : 24);
    if (movie >= 0 && event.pointerType === "mouse") location.assign(`/movies/${encodeURIComponent(points.ids[movie])}`);
    select(movie, true);
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !fingers.size) select(-1);
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
    else if (event.key === "Enter" && selected >= 0) return label.click();
    else return;
    event.preventDefault();
    writeAddress();
    selectMiddle();
  });
  // With keys, the movie in the middle is selected and announced.
  function selectMiddle() {
    select(nearest(width / 2, height / 2, Infinity), true);
    status.textContent = label.textContent;
  }
  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) selectMiddle(); });
  for (const button of frame.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  }
}

function openMap() {
  const frame = document.getElementById("map-frame");
  if (frame && !("open" in frame.dataset)) open(frame);
}
openMap();
document.body.addEventListener("htmx:afterSettle", openMap);
})();
