// A file dropped anywhere on the form is chosen and checked; without this the file field does it.
for (const form of document.querySelectorAll("form[data-lms-drop]")) {
  const field = form.querySelector("input[type=file]");
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("lms-drop--over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("lms-drop--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("lms-drop--over");
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
