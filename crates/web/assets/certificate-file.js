// Reads the file of a certificate in the page: a private key never leaves it.
const form = document.getElementById("renewal");
const file = document.getElementById("certificate-file");
const field = document.getElementById("certificate");
const error = document.getElementById("certificate-file-error");

form.querySelector("[data-part='file']").hidden = false;

file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (!chosen) return;
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  const isPrivate = /PRIVATE KEY-----/.test(text) || isContainer(bytes);
  error.hidden = !isPrivate;
  error.querySelector("span").textContent = isPrivate ? form.dataset.privateKey : "";
  if (isPrivate) {
    file.setAttribute("aria-invalid", "true");
    file.value = "";
    field.value = "";
    file.focus();
    return;
  }
  file.removeAttribute("aria-invalid");
  field.value = text.includes("-----BEGIN ") ? text : base64(text);
});

/** Key files begin with a version: SEQUENCE, its length, INTEGER. */
function isContainer(bytes) {
  if (bytes[0] !== 0x30) return false;
  const long = bytes[1] & 0x80 ? bytes[1] & 0x7f : 0;
  return bytes[2 + long] === 0x02;
}

function base64(text) {
  const looksEncoded = /^[A-Za-z0-9+/=\s]+$/.test(text);
  return looksEncoded ? text : btoa(text);
}
