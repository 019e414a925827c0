// Signing in with a password: a numeric keyboard on phones for IIN and phone number, letters at a touch;
// a slip in an IIN is told before anything is sent. The server checks again.
const field = document.getElementById("login");
const toggle = document.getElementById("login-keyboard");
const error = document.getElementById("login-slip");

if (matchMedia("(pointer: coarse)").matches) {
  const numeric = (on) => {
    field.inputMode = on ? "numeric" : "email";
    toggle.textContent = on ? toggle.dataset.letters : toggle.dataset.digits;
  };
  numeric(!/[^\d\s()+-]/.test(field.value));
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    numeric(field.inputMode !== "numeric");
    field.focus();
  });
}

field.addEventListener("change", check);
field.addEventListener("input", () => {
  if (!error.hidden) check();
});
field.form.addEventListener("submit", (event) => {
  if (check()) return;
  event.preventDefault();
  field.focus();
});

function check() {
  const digits = field.value.replace(/[\s-]/g, "");
  const slip = /^\d{12}$/.test(digits) && !isIin(digits);
  error.hidden = !slip;
  if (slip) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return !slip;
}

/** The check digit of an IIN: weights 1…11, and where that gives 10, weights 3…11, 1, 2. */
function isIin(digits) {
  const sum = (weights) => weights.reduce((total, weight, place) => total + weight * Number(digits[place]), 0) % 11;
  let control = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  if (control === 10) control = sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]);
  return control === Number(digits[11]);
}
