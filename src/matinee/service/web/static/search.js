// Arrow keys move between the search field and the results.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById("q");
  const targets = [field, ...document.querySelectorAll(".hit")];
  const index = targets.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (index < 0) return;
  if (step) {
    event.preventDefault();
    targets[Math.min(Math.max(index + step, 0), targets.length - 1)].focus();
  } else if (event.key === "Escape" && index > 0) {
    field.focus();
  }
});
