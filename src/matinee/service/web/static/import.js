// Dropping files, saying which were chosen, and that they are being read. Without it, the form is a form.
"use strict";

(() => {
const form = document.querySelector("form.bring");
const drop = form.querySelector(".drop"), input = form.querySelector("input[type=file]");
const button = form.querySelector("button:not([type=button])"), tooLarge = form.querySelector(".too-large");

function told() {
  const files = [...input.files];
  form.querySelector(".chosen").textContent = files.map((file) => file.name).join(", ");
  const over = files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.most);
  tooLarge.hidden = !over;
  button.disabled = over;
}
input.addEventListener("change", told);

for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
// A file that misses the place would replace the page.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (!drop.contains(event.target) || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  told();
});

function reading(now) {
  form.querySelector(".reading").hidden = !now;
  form.toggleAttribute("aria-busy", now);
  button.disabled = now;
}
form.addEventListener("submit", () => reading(true));
addEventListener("pageshow", () => { reading(false); told(); }); // come back to by the browser's own button
})();
