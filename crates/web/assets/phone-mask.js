// Groups a number of Kazakhstan or Russia while it is typed at its end: "+7 (707) 555-5555". Numbers of other
// countries, and whatever else is typed or pasted, stay as they are: the server reads every notation.
for (const field of document.querySelectorAll("[data-phone]")) {
  field.addEventListener("input", (event) => {
    const typedAtEnd = event.inputType === "insertText" && field.selectionStart === field.value.length;
    if (typedAtEnd) field.value = grouped(field.value);
  });
  field.addEventListener("blur", () => {
    // a mask without a number is no number
    if (field.value.replace(/\D/g, "").length < 2) field.value = "";
    else field.value = grouped(field.value, true);
  });
}

/** Leaves alone what it does not understand. Ten digits may be the beginning of eleven until one has finished. */
function grouped(text, finished = false) {
  if (/[^\d\s()+-]/.test(text)) return text;
  let digits = text.replace(/\D/g, "");
  if (!text.trim().startsWith("+")) {
    if (/^8\d/.test(digits)) digits = `7${digits.slice(1)}`;
    else if (finished && /^7\d{9}$/.test(digits)) digits = `7${digits}`;
    else if (digits.length !== 11) return text;
  }
  return digits.startsWith("7") && digits.length <= 11 ? seven(digits) : text;
}

function seven(digits) {
  const parts = [digits.slice(1, 4), digits.slice(4, 7), digits.slice(7, 11)];
  let text = "+7";
  if (parts[0]) text += ` (${parts[0]}`;
  if (parts[0].length === 3) text += ")";
  if (parts[1]) text += ` ${parts[1]}`;
  if (parts[2]) text += `-${parts[2]}`;
  return text;
}
