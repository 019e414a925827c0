// The eye shows a password while it is typed; it never shows one when the form is sent.
for (const eye of document.querySelectorAll(".eye")) {
  const field = eye.parentElement.querySelector("input");
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
    eye.setAttribute("aria-label", shown ? eye.dataset.hide : eye.dataset.show);
  };
  eye.hidden = false;
  eye.addEventListener("click", () => {
    show(field.type === "password");
    field.focus();
  });
  field.addEventListener("hide", () => show(false));
  field.form?.addEventListener("submit", () => show(false), { capture: true });
}
