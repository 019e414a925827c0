// Groups a phone number while it is typed at its end: "+7 (707) 555-55-55", other countries by threes.
// It only adds spaces and signs: whatever is pasted stays as it is, and the server reads every notation.
for (const field of document.querySelectorAll("[data-phone]")) {
  field.addEventListener("input", (event) => {
    const typedAtEnd = event.inputType === "insertText" && field.selectionStart === field.value.length;
    if (typedAtEnd) field.value = grouped(field.value);
  });
  field.addEventListener("blur", () => {
    if (field.value.replace(/\D/g, "").length < 2) field.value = "";
  });
}

/** Leaves alone what it does not understand. */
function grouped(text) {
  if (/[^\d\s()+-]/.test(text)) return text;
  let digits = text.replace(/\D/g, "");
  const national = !text.trim().startsWith("+");
  if (national && /^8\d/.test(digits)) digits = `7${digits.slice(1)}`;
  else if (national && digits.length === 10 && digits.startsWith("7")) digits = `7${digits}`;
  else if (national && !digits.startsWith("7")) return text;
  else if (national && digits.length < 11) return text;
  if (digits.startsWith("7")) return digits.length > 11 ? text : seven(digits);
  return digits.length < 4 ? text : `+${digits.replace(/\B(?=(\d{3})+$)/g, " ")}`;
}

function seven(digits) {
  const parts = [digits.slice(1, 4), digits.slice(4, 7), digits.slice(7, 9), digits.slice(9, 11)];
  let text = "+7";
  if (parts[0]) text += ` (${parts[0]}`;
  if (parts[0].length === 3) text += ")";
  if (parts[1]) text += ` ${parts[1]}`;
  if (parts[2]) text += `-${parts[2]}`;
  if (parts[3]) text += `-${parts[3]}`;
  return text;
}
