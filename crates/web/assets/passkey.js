// Passkeys: asks the server for a challenge, the device for an answer, and sends that with the form. Nothing is decided
// here.
const form = document.querySelector("form[data-passkey]");
const said = form.querySelector("[data-said]");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

if (window.PublicKeyCredential) form.addEventListener("submit", answer);
else {
  say("notSupported");
  form.querySelector("button").disabled = true;
}

async function answer(event) {
  event.preventDefault();
  say("waiting");
  try {
    const options = await ask();
    const credential = form.dataset.passkey === "create" ? await create(options) : await use(options);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    say({ InvalidStateError: "exists", NotSupportedError: "notSupported", SecurityError: "needsName", offline: "offline" }[error.name] ?? "cancelled");
  }
}

/** What the device is to be asked. A session that ended meanwhile, or a proof that is too old, is told by the page. */
async function ask() {
  const request = {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-csrf-token": document.querySelector("meta[name='csrf-token']").content,
    },
    body: "{}",
  };
  const response = await fetch(form.dataset.challenge, request).catch(() => null);
  if (response?.ok) return response.json();
  if (response?.status === 401 || response?.status === 403) location.reload();
  throw Object.assign(new Error("no challenge"), { name: "offline" });
}

async function create(options) {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials) known.id = bytes(known.id);
  const { response } = await navigator.credentials.create({ publicKey: options });
  return {
    response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
  };
}

async function use(options) {
  options.challenge = bytes(options.challenge);
  for (const known of options.allowCredentials) known.id = bytes(known.id);
  const { rawId, response } = await navigator.credentials.get({ publicKey: options });
  return {
    rawId: text(rawId),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

function say(word) {
  said.textContent = said.dataset[word];
  said.classList.toggle("error", word !== "waiting");
}
