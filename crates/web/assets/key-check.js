// The component check: what this browser can do is seen at once; programs are looked for when the person asks, because the
// browser may ask them for its permission then.
import { browser } from "./key-source.js";

/** From how many minutes on the clock is worth a word. */
const APART = 2;
const root = document.getElementById("check");
const rules = JSON.parse(document.getElementById("key-rules").textContent);
const { default: said } = await import(root.dataset.words);
const lines = Array.from(root.querySelectorAll("[data-check]"));
const look = root.querySelector("[data-act='look']");
const heard = root.querySelector("[data-field='said']");

document.getElementById("key-late").hidden = true;
root.hidden = false;
const abilities = { connection, module, passkey, memory, clock, network };
for (const line of lines) abilities[line.dataset.check]?.().then(([state, words]) => show(line, state, words));

look?.addEventListener("click", async () => {
  look.disabled = true;
  for (const line of lines.filter(({ dataset }) => dataset.script)) await find(line);
  look.disabled = false;
  look.textContent = said.again;
  look.focus();
});

async function connection() {
  return isSecureContext ? ["good", said["connection.good"]] : ["bad", said["connection.bad"]];
}

/** The signing module is loaded and asked something; any answer but that it is not there will do. */
async function module() {
  try {
    const { openSigner } = await import("./signer.js");
    const signer = openSigner({ worker: root.dataset.worker, module: root.dataset.module });
    const { code } = await signer.look(new Uint8Array(1)).catch((error) => error);
    signer.close();
    if (code && !code.startsWith("signer.")) return ["good", said["module.good"]];
  } catch {
    // said below
  }
  return ["bad", said["module.bad"]];
}

async function passkey() {
  return globalThis.PublicKeyCredential ? ["good", said["passkey.good"]] : ["maybe", said["passkey.maybe"]];
}

async function memory() {
  try {
    localStorage.setItem("kabinet.check", "1");
    localStorage.removeItem("kabinet.check");
    return ["good", said["memory.good"]];
  } catch {
    return ["maybe", said["memory.maybe"]];
  }
}

async function clock() {
  const served = performance.timeOrigin + performance.now();
  const minutes = Math.round(Math.abs(served - Date.parse(rules.now)) / 60_000);
  return minutes < APART ? ["good", said["clock.good"]] : ["maybe", said["clock.maybe"].replace("{}", minutes)];
}

async function network() {
  const [{ permission }, words] = await Promise.all([import("./key-ncalayer.js"), wordsOf("ncalayer")]);
  const state = await permission();
  if (state === "denied") return ["bad", told(words, "ncalayer.blocked")];
  return ["good", said[`network.${state}`]];
}

function wordsOf(source) {
  return import(root.querySelector(`[data-check="${source}"]`).dataset.words).then((module) => module.default);
}

/** Looks for one program. */
async function find(line) {
  const { script, check } = line.dataset;
  const [{ detect }, words] = await Promise.all([import(script), wordsOf(check)]);
  const tell = (code) => show(line, null, words[code] ?? said.looking);
  tell("looking");
  try {
    const { version, csp } = await detect({ rules, tell });
    const found = said[`found-${check}`] ?? said.found;
    show(line, "good", found.replace("{version}", version).replace("{csp}", csp));
  } catch ({ code }) {
    show(line, "bad", told(words, code));
  }
}

/** What is the matter, and what to do in this browser. */
function told(words, code) {
  const now = words[`${code}.now-${browser()}`] ?? words[`${code}.now`] ?? "";
  return `${words[code] ?? code}. ${now}`;
}

function show(line, state, words) {
  for (const mark of line.querySelectorAll("[data-state]")) mark.hidden = mark.dataset.state !== state;
  line.dataset.is = state ?? "";
  line.querySelector("[data-line]").textContent = words;
  if (line.dataset.script) heard.textContent = words;
}
