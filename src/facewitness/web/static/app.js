// What scripts add to pages that work without them: drop, paste, previews, and a busy button.
"use strict";

for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button[type=submit]");
  const idle = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault(); // sent already
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => {
    // after the Back button too
    button.removeAttribute("aria-disabled");
    button.textContent = idle;
  });
}

const zone = document.querySelector("[data-drop]");
if (zone) {
  receivePhotos(zone);
}

function receivePhotos(zone) {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-previews]");
  const told = zone.querySelector("[data-told]");
  zone.querySelector("[data-with-script]").hidden = false;

  function put(files) {
    const carrier = new DataTransfer();
    for (const file of files) {
      carrier.items.add(file);
    }
    input.files = carrier.files;
    show();
  }

  function add(files) {
    const pictures = [...files].filter((file) => !file.type || file.type.startsWith("image/"));
    if (pictures.length > 0) {
      put([...input.files, ...pictures]);
    } else {
      told.textContent = "That is not a picture.";
    }
  }

  function show() {
    const files = [...input.files];
    for (const old of list.querySelectorAll("img")) {
      URL.revokeObjectURL(old.src);
    }
    list.replaceChildren(...files.map((file, place) => preview(file, place, files)));
    list.hidden = files.length === 0;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const tooLarge = bytes > Number(input.dataset.max) - 65536; // the rest of the form needs some too
    input.setCustomValidity(tooLarge ? "These photos are more than 64 MB together." : "");
    told.textContent = files.length === 0 ? "" : files.length === 1 ? "1 photo chosen." : `${files.length} photos chosen.`;
    if (tooLarge) {
      input.reportValidity();
    }
  }

  function preview(file, place, files) {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.alt = "";
    image.addEventListener("error", () => image.remove()); // a format that this browser does not show
    image.src = URL.createObjectURL(file);
    const name = document.createElement("span");
    name.textContent = file.name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      put(files.filter((_, other) => other !== place));
      input.focus();
    });
    item.append(image, name, remove);
    return item;
  }

  input.addEventListener("change", show);
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault(); // else the browser would open the file in place of this page
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) {
      zone.classList.remove("over");
    }
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    add(event.dataTransfer.files);
  });
  show(); // what the browser kept over a reload
}
