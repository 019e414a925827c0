// After a form was sent, the reader begins at what the answer says: a refusal, a mistake, what was saved.
const first = document.querySelector("[data-focus], [aria-invalid='true']");
first?.focus();
