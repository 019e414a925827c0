// The key dialog: choose a file, type its password, look at the owner, sign, and only then enter.
// File, password and key stay in this page and its worker; the server gets the signed request alone.
import { openSigner, FILE_LIMIT } from "./signer.js";
import { keyJudge, ordinaryLetters } from "./key-rules.js";

const PLACE = "kabinet.key-place";
const root = document.getElementById("key-dialog");
const judge = keyJudge(JSON.parse(document.getElementById("key-rules").textContent));
const { default: said } = await import(root.dataset.words);
const part = named("part");
const field = named("field");
const file = document.getElementById("key-file");
const password = document.getElementById("key-password");
const enter = part.ready.querySelector(".button-primary");

let signer = null;
let keys = [];
let chosen = null;
// every cancel starts a new round; an answer that belongs to an earlier one is dropped
let round = 0;

/** What is visible in each state. */
const STATES = {
  choose: ["choose"],
  opening: ["busy"],
  keys: ["keys", "other"],
  signing: ["card", "busy"],
  signed: ["card", "ready"],
};

document.getElementById("key-late").hidden = true;
root.hidden = false;
recall();
show("choose");

file.addEventListener("change", () => {
  nameFile();
  mistake(file, null);
  // the module loads while the password is typed
  if (file.files.length > 0) wake();
});
part.choose.addEventListener("submit", (event) => {
  event.preventDefault();
  open();
});
part.ready.addEventListener("submit", (event) => {
  if (enter.ariaDisabled) event.preventDefault();
  enter.ariaDisabled = "true";
  say("entering");
});
root.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act === "sign") sign();
  else if (act === "refresh") refresh();
  else if (act === "cancel") cancel();
  else if (act === "other") other();
  else if (act === "leave") wipe();
});
addEventListener("pagehide", wipe);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) cancel();
});

async function open() {
  const [source] = file.files;
  mistake(file, source ? null : "file-empty");
  mistake(password, password.value ? null : "password-empty");
  if (source && source.size > FILE_LIMIT) mistake(file, "too-large");
  const wrong = [file, password].find((input) => input.getAttribute("aria-invalid"));
  if (wrong) {
    wrong.focus();
    return;
  }
  const secret = password.value;
  forgetPassword();
  const mine = ++round;
  show("opening", "opening");
  try {
    const found = await wake().open(source, secret);
    if (mine !== round) return;
    remember();
    list(found);
  } catch (error) {
    if (mine === round) refuse(error);
  }
}

function refuse(error) {
  const code = word(error.code) ? error.code : error.name === "NotReadableError" ? "unreadable" : "signer.unavailable";
  show("choose");
  if (code === "signer.unavailable") {
    rest();
    problem(code);
    return;
  }
  const input = code === "key_file.wrong_password" ? password : file;
  mistake(input, code);
  input.focus();
}

function list(found) {
  keys = found.map((key) => ({ ...key, objection: judge.objection(key) }));
  keys.sort((a, b) => Number(Boolean(a.objection)) - Number(Boolean(b.objection)));
  field.file.textContent = file.files[0]?.name ?? "";
  field.list.replaceChildren(...keys.map(choice));
  show("keys");
  part.none.hidden = keys.some((key) => !key.objection);
  choose(keys.find((key) => !key.objection) ?? null);
  field.select.focus();
}

function choice(key, place) {
  const element = document.getElementById("key-choice").content.cloneNode(true);
  const inside = named("field", element);
  const radio = element.querySelector("input");
  radio.value = String(place);
  radio.disabled = Boolean(key.objection);
  radio.checked = place === 0 && !key.objection;
  radio.addEventListener("change", () => choose(key));
  inside.owner.textContent = ordinaryLetters(key.owner);
  about(inside.about, key);
  inside.until.textContent = `${judge.day(key.notBefore)} – ${judge.day(key.notAfter)} · ${algorithm(key)}`;
  if (key.objection) {
    inside.why.hidden = false;
    inside.why.textContent = word(key.objection.word).replace("{}", key.objection.at ? judge.moment(key.objection.at) : "");
  }
  return element;
}

function choose(key) {
  chosen = key;
  part.card.hidden = part.sign.hidden = !key;
  field.card.replaceChildren(...(key ? [card(key)] : []));
}

function card(key) {
  const element = document.getElementById("key-card").content.cloneNode(true);
  const inside = named("field", element);
  const soon = judge.endsSoon(key);
  element.querySelector("[data-state='valid']").hidden = soon;
  element.querySelector("[data-state='soon']").hidden = !soon;
  element.querySelector(".certificate").classList.toggle("lifetime-soon", soon);
  element.querySelector(".lifetime-past").setAttribute("width", `${judge.elapsed(key)}%`);
  element.querySelector(".lifetime-today").setAttribute("cx", `${judge.elapsed(key)}%`);
  inside.purpose.textContent = word(judge.isForBoth(key) ? "purpose-both" : "purpose-sign-in");
  inside.owner.textContent = ordinaryLetters(key.owner);
  about(inside.about, key);
  inside["from-date"].textContent = judge.day(key.notBefore);
  inside["until-date"].textContent = judge.day(key.notAfter);
  const span = word("from-to").replace("{from}", judge.moment(key.notBefore));
  inside.validity.textContent = span.replace("{until}", judge.moment(key.notAfter));
  inside.serial.textContent = key.serial;
  inside.issuer.textContent = key.issuer;
  inside.issuer.lang = key.issuerLang;
  inside.algorithm.textContent = algorithm(key);
  if (key.storage) {
    inside.storage.hidden = false;
    inside.storage.querySelector("dd").textContent = word(`storage-${key.storage}`) ?? key.storage;
  }
  const numbers = [...key.personIds, ...key.organisationIds].map(number);
  inside.facts.prepend(...numbers);
  return element;
}

/** In what capacity the owner acts, and for which organisation: «Первый руководитель · АО «Тест»». */
function about(element, key) {
  const parts = [key.title ?? word(key.role && `role-${key.role}`), key.organisation].filter(Boolean);
  element.hidden = parts.length === 0;
  element.replaceChildren(
    ...parts.flatMap((text, place) => {
      const part = document.createElement("bdi");
      part.textContent = text;
      return place === 0 ? [part] : [" · ", part];
    }),
  );
}

/** The algorithm in words: standards of Russia and Kazakhstan are called differently in each language. */
function algorithm(key) {
  const [, name, number] = /^(GOST R|GOST) (.*)$/.exec(key.algorithm) ?? [];
  return word(name && `algorithm-${name}`)?.replace("{}", number) ?? key.algorithm;
}

/** A number with its name; the state is part of the name where it does not go without saying. */
function number({ country, kind, value }) {
  const fact = document.createElement("div");
  const name = document.createElement("dt");
  const digits = document.createElement("dd");
  name.textContent = word(`id-${kind}`)?.replace("{}", country) ?? kind;
  digits.className = "number";
  digits.textContent = value;
  fact.append(name, digits);
  return fact;
}

async function sign() {
  if (!chosen) return;
  const mine = ++round;
  show("signing", "signing");
  try {
    const challenge = await ask();
    if (mine !== round) return;
    const cms = await signer.sign(chosen.index, challenge.text, challenge.at);
    if (mine !== round) return;
    part.ready.elements.cms.value = cms;
    field.text.textContent = challenge.text;
    // nothing is left to sign: the key goes
    rest();
    show("signed");
    field.ready.focus();
  } catch (error) {
    if (mine !== round) return;
    show("keys");
    choose(chosen);
    problem(word(error.code) ? error.code : "offline");
  }
}

/** A fresh request to enter, in words that name this site. */
async function ask() {
  const answer = await fetch(root.dataset.challenge, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-csrf-token": document.querySelector("meta[name='csrf-token']").content,
    },
    body: JSON.stringify({ purpose: root.dataset.purpose }),
  });
  if (answer.ok) return answer.json();
  const code = { 403: "stale", 401: "stale", 429: "too-many" }[answer.status] ?? "offline";
  throw Object.assign(new Error(code), { code });
}

function refresh() {
  wipe();
  show("choose");
  say("refresh-password");
  note("refresh-password");
  password.focus();
}

/** None of the keys will do: another file is asked for at once. */
function other() {
  reset();
  file.click();
}

function cancel() {
  stop();
  reset();
  say("cancelled");
  note("cancelled");
  file.focus();
}

/** Back to the beginning. */
function reset() {
  wipe();
  enter.ariaDisabled = null;
  file.value = "";
  nameFile();
  mistake(file, null);
  mistake(password, null);
  part.ready.elements.cms.value = "";
  field.text.textContent = "";
  show("choose");
}

/** Ends the worker with all it holds and forgets what was typed. The file stays chosen. */
function wipe() {
  round += 1;
  rest();
  forgetPassword();
  keys = [];
  chosen = null;
  field.list.replaceChildren();
  field.card.replaceChildren();
}

function rest() {
  signer?.close();
  signer = null;
}

function wake() {
  signer ??= openSigner({ worker: root.dataset.worker, module: root.dataset.module });
  return signer;
}

function forgetPassword() {
  password.value = "";
  password.dispatchEvent(new Event("hide"));
}

function show(state, busy) {
  root.dataset.state = state;
  for (const [name, element] of Object.entries(part)) element.hidden = !STATES[state].includes(name);
  field.busy.textContent = word(busy) ?? "";
  say(busy);
}

function say(code) {
  field.said.textContent = word(code) ?? "";
}

function note(code) {
  field.note.textContent = word(code);
  part.note.hidden = false;
}

function problem(code) {
  field.problem.textContent = word(code);
  part.problem.hidden = false;
}

function mistake(input, code) {
  const error = document.getElementById(`${input.id}-error`);
  error.hidden = !code;
  error.querySelector("span").textContent = code ? word(code) : "";
  if (code) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function nameFile() {
  const name = document.getElementById("key-file-name");
  const [source] = file.files;
  name.textContent = source?.name ?? name.dataset.empty;
  name.toggleAttribute("data-chosen", Boolean(source));
  field.choose.dataset.one ??= field.choose.textContent;
  field.choose.textContent = source ? field.choose.dataset.other : field.choose.dataset.one;
}

/** The place chosen last is marked, on this device only; nothing about the key is kept. */
function recall() {
  try {
    const last = localStorage.getItem(PLACE);
    for (const mark of root.querySelectorAll("[data-last]")) mark.hidden = mark.dataset.last !== last;
  } catch {
    // storage may be switched off
  }
}

function remember() {
  try {
    localStorage.setItem(PLACE, root.querySelector("[name='place']:checked").value);
  } catch {
    // storage may be switched off
  }
}

/** Elements by what their data attribute calls them. */
function named(attribute, within = root) {
  const elements = within.querySelectorAll(`[data-${attribute}]`);
  return Object.fromEntries(Array.from(elements, (element) => [element.dataset[attribute], element]));
}

/** What the dialog says in the language of the page. */
function word(code) {
  return code === "entering" ? root.dataset.entering : said[code];
}
