// Enhancements of pages that work without scripts.
"use strict";

document.documentElement.classList.add("js");

// Outside of text fields, `/` opens the search, and a digit gives that many stars on the page of a movie.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const field = [...document.querySelectorAll("input[type=search]")].find((input) => input.offsetParent);
    event.preventDefault();
    if (field) field.focus();
    else location.assign("/search");
  }
  const stars = document.querySelector(".movie-page .star-line");
  if (stars && /^[1-5]$/.test(event.key)) {
    const star = stars.querySelector(`input[value="${event.key}.0"]`);
    star.checked = true;
    star.focus();
    star.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Forms that are submitted by a choice.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto-submit]")) event.target.form.requestSubmit();
});

// When a row is replaced, each poster moves to its new position.
function nameTransitions() {
  for (const card of document.querySelectorAll("[data-movie]")) {
    card.style.viewTransitionName = CSS.escape(`movie-${card.dataset.movie}`);
  }
}

// When a row is replaced while its posters still move, the first transition is skipped: no error.
addEventListener("unhandledrejection", (event) => {
  if (["AbortError", "InvalidStateError"].includes(event.reason?.name) && /transition/i.test(event.reason.message)) {
    event.preventDefault();
  }
});

// Buttons that scroll a row, for a mouse without a horizontal wheel.
function addCarouselButtons() {
  for (const row of document.querySelectorAll(".row:not([data-has-buttons])")) {
    const carousel = row.querySelector(".carousel");
    if (!carousel || carousel.scrollWidth <= carousel.clientWidth) continue;
    row.dataset.hasButtons = "";
    const buttons = document.createElement("div");
    buttons.className = "carousel-buttons";
    buttons.ariaHidden = "true"; // the row itself scrolls by the arrow keys
    for (const [sign, direction] of [["‹", -1], ["›", 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = sign;
      button.tabIndex = -1;
      button.addEventListener("click", () => carousel.scrollBy({ left: direction * carousel.clientWidth * 0.8, behavior: "smooth" }));
      buttons.append(button);
    }
    carousel.before(buttons);
  }
}

function enhance() {
  nameTransitions();
  addCarouselButtons();
}
enhance();
document.body.addEventListener("htmx:afterSettle", enhance);
document.body.addEventListener("htmx:afterSwap", nameTransitions);

// A rating is sent after a delay: see `hx-trigger` in movie_cards.html.
document.addEventListener("change", (event) => {
  const stars = event.target.closest("form.stars");
  if (stars) stars.dataset.pending = "";
});
document.body.addEventListener("htmx:beforeRequest", (event) => delete event.target.dataset.pending);

// If the target of a response was replaced in the meantime, use its replacement. Do not replace stars that were chosen
// after the request: their own response is still to come.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const requested = event.detail.target;
  const isCurrent = requested.isConnected || !requested.id;
  const target = isCurrent ? requested : document.getElementById(requested.id) ?? requested;
  event.detail.target = target;
  if (target.querySelector("[data-pending]")) event.detail.shouldSwap = false;
});

// Errors are shown where messages are shown.
document.body.addEventListener("htmx:responseError", (event) => {
  let detail = event.detail.xhr.statusText;
  try {
    detail = JSON.parse(event.detail.xhr.responseText).detail;
  } catch {} // not a problem document, but the response of a proxy
  const message = document.createElement("p");
  message.textContent = detail;
  document.getElementById("toast").replaceChildren(message);
});

// A message stays long enough to undo the change.
let hideTimer = 0;
document.body.addEventListener("htmx:oobAfterSwap", () => {
  clearTimeout(hideTimer);
  hideTimer = setTimeout(() => document.getElementById("toast")?.replaceChildren(), 12000);
});
