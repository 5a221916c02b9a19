// What scripts add to pages that work without them.
"use strict";

document.documentElement.classList.add("scripted");

// `/` opens the search, as long as nobody is typing; a digit gives that many stars on a film's own page.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const field = [...document.querySelectorAll("input[type=search]")].find((one) => one.offsetParent);
    event.preventDefault();
    if (field) field.focus();
    else location.assign("/search");
  }
  const stars = document.querySelector(".film-page .star-line");
  if (stars && /^[1-5]$/.test(event.key)) {
    const star = stars.querySelector(`input[value="${event.key}.0"]`);
    star.checked = true;
    star.focus();
    star.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Forms that are sent by what is chosen in them.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// When a row is made anew, each poster travels to its new place.
function nameFilms() {
  for (const film of document.querySelectorAll("[data-film]")) {
    film.style.viewTransitionName = CSS.escape(`film-${film.dataset.film}`);
  }
}

// Where a row is made anew while its posters still travel, the first journey is cut short: no error.
addEventListener("unhandledrejection", (event) => {
  if (["AbortError", "InvalidStateError"].includes(event.reason?.name) && /transition/i.test(event.reason.message)) {
    event.preventDefault();
  }
});

// Buttons that turn a row, for those with a mouse and no wheel.
function addTurns() {
  for (const row of document.querySelectorAll(".row:not([data-turned])")) {
    const reel = row.querySelector(".reel");
    if (!reel || reel.scrollWidth <= reel.clientWidth) continue;
    row.dataset.turned = "";
    const turns = document.createElement("div");
    turns.className = "turns";
    turns.ariaHidden = "true"; // the row itself scrolls by the arrow keys
    for (const [sign, way] of [["‹", -1], ["›", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = sign;
      button.tabIndex = -1;
      button.addEventListener("click", () => reel.scrollBy({ left: way * reel.clientWidth * 0.8, behavior: "smooth" }));
      turns.append(button);
    }
    reel.before(turns);
  }
}

function dress() {
  nameFilms();
  addTurns();
}
dress();
document.body.addEventListener("htmx:afterSettle", dress);
document.body.addEventListener("htmx:afterSwap", nameFilms);

// Stars wait a moment before they are sent: see `hx-trigger` in films.html.
document.addEventListener("change", (event) => {
  const stars = event.target.closest("form.stars");
  if (stars) stars.dataset.waits = "";
});
document.body.addEventListener("htmx:beforeRequest", (event) => delete event.target.dataset.waits);

// An answer whose place was made anew meanwhile belongs where that place is now; and no answer is put over stars that
// were chosen after it was asked for: their own answer is still to come.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.target;
  const place = asked.isConnected || !asked.id ? asked : document.getElementById(asked.id) ?? asked;
  event.detail.target = place;
  if (place.querySelector("[data-waits]")) event.detail.shouldSwap = false;
});

// What could not be done is told where things are told.
document.body.addEventListener("htmx:responseError", (event) => {
  let detail = event.detail.xhr.statusText;
  try {
    detail = JSON.parse(event.detail.xhr.responseText).detail;
  } catch {} // no problem document: a proxy in between has its own words
  const told = document.createElement("p");
  told.textContent = detail;
  document.getElementById("said").replaceChildren(told);
});

// What was said stays long enough to be undone, then makes room.
let leaving = 0;
document.body.addEventListener("htmx:oobAfterSwap", () => {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.getElementById("said")?.replaceChildren(), 12000);
});
