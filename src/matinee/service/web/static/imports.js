// Drop files, list the chosen ones, and show that they are being read. The form works without it.
"use strict";

(() => {
const form = document.querySelector("form.upload");
const drop = form.querySelector(".dropzone"), input = form.querySelector("input[type=file]");
const button = form.querySelector("button:not([type=button])"), tooLarge = form.querySelector(".too-large");

function showFiles() {
  const files = [...input.files];
  form.querySelector(".selected").textContent = files.map((file) => file.name).join(", ");
  const isTooLarge = files.reduce((sum, file) => sum + file.size, 0) > Number(form.dataset.maxBytes);
  tooLarge.hidden = !isTooLarge;
  button.disabled = isTooLarge;
}
input.addEventListener("change", showFiles);

for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
// A file dropped elsewhere would replace the page.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (!drop.contains(event.target) || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  showFiles();
});

function showReading(isReading) {
  form.querySelector(".upload-status").hidden = !isReading;
  form.toggleAttribute("aria-busy", isReading);
  button.disabled = isReading;
}
form.addEventListener("submit", () => showReading(true));
addEventListener("pageshow", () => { showReading(false); showFiles(); }); // also after the browser's Back button
})();
