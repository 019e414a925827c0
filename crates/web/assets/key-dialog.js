// The key dialog: say where the key is, look at its owner, sign, and only then enter. Where the key is, is a module of its own
// (key-source.js), loaded when it is chosen. The server gets the signed request alone.
import { keyViews, named } from "./key-card.js";
import { keyJudge } from "./key-rules.js";

const PLACE = "kabinet.key-place";
const root = document.getElementById("key-dialog");
const rules = JSON.parse(document.getElementById("key-rules").textContent);
const judge = keyJudge(rules);
const part = named("part", root);
const field = named("field", root);
const places = new Map(Array.from(root.querySelectorAll(".place"), (row) => [row.dataset.place, { row, form: row.querySelector("form") }]));
const enter = part.ready.querySelector(".button-primary");
const { default: said } = await import(root.dataset.words);
const views = keyViews(word, judge);

let source = null;
let keys = [];
let chosen = null;
// every cancel starts a new round; an answer that belongs to an earlier one is dropped
let round = 0;
let stop = new AbortController();

/** What is visible in each state. */
const STATES = {
  choose: ["choose"],
  opening: ["busy"],
  keys: ["keys", "other"],
  signing: ["card", "busy"],
  signed: ["card", "ready"],
};

document.getElementById("key-late").hidden = true;
recall();
root.hidden = false;
show("choose");
turnTo(place());

for (const { row, form } of places.values()) {
  row.querySelector("[name='place']").addEventListener("change", () => turnTo(row.dataset.place));
  // a place without a module enters by its own form
  if (!row.dataset.script) form.addEventListener("submit", remember);
  else
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin();
    });
}
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
  else if (act === "again") begin();
  else if (act === "other") other();
  else if (act === "leave") wipe();
});
addEventListener("pagehide", wipe);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) cancel();
});

/** The place that is chosen now. */
function place() {
  return root.querySelector("[name='place']:checked").value;
}

/** Shows what belongs to this place, and loads its module. */
function turnTo(name) {
  for (const [other, { form }] of places) form.hidden = other !== name;
  part.problem.hidden = part.note.hidden = true;
  if (places.get(name).row.dataset.script) wake(name).catch(() => {});
}

/** The source of this place, made once. */
function wake(name) {
  const it = places.get(name);
  it.source ??= load(it).catch((error) => {
    it.source = null;
    throw error;
  });
  return it.source;
}

async function load({ row, form }) {
  const [module, words] = await Promise.all([import(row.dataset.script), import(row.dataset.words)]);
  Object.assign(said, words.default);
  return module.source({ form, rules, word, tell, pick, signer: openSigner.bind(null, await import("./signer.js")), lang: document.documentElement.lang });
}

function openSigner(module) {
  return module.openSigner({ worker: root.dataset.worker, module: root.dataset.module });
}

async function begin() {
  const mine = again();
  try {
    source = await wake(place());
    if (mine !== round || source.check?.() === false) return;
    if (source.enter) {
      const address = await source.enter(stop.signal);
      if (mine !== round) return;
      remember();
      location.assign(address);
      return;
    }
    show("opening");
    const found = await source.open(stop.signal);
    if (mine !== round) return;
    remember();
    if (found) list(found);
    else sign();
  } catch (error) {
    if (mine === round) refuse(error);
  }
}

/** Back to the choice, with the reason. */
function refuse(error) {
  show("choose");
  if (source?.refused?.(error)) return;
  source?.close();
  problem(error);
}

function list(found) {
  keys = found.map((key) => ({ ...key, objection: judge.objection(key) }));
  keys.sort((a, b) => Number(Boolean(a.objection)) - Number(Boolean(b.objection)));
  const first = keys.find((key) => !key.objection) ?? null;
  field.file.textContent = source.name ?? "";
  field.list.replaceChildren(...keys.map((key) => views.choice(key, { checked: key === first, chosen: choose })));
  show("keys");
  part.none.hidden = Boolean(first);
  choose(first);
  field.select.focus();
}

function choose(key) {
  chosen = key;
  part.card.hidden = part.sign.hidden = !key;
  field.card.replaceChildren(...(key ? [views.card(key)] : []));
}

async function sign() {
  const mine = again();
  show("signing");
  part.card.hidden = !chosen;
  try {
    const challenge = await ask();
    if (mine !== round) return;
    const cms = await source.sign(challenge, chosen, stop.signal);
    if (mine !== round) return;
    const signer = source.inPage ? chosen : await look(cms, challenge.text);
    if (mine !== round) return;
    part.ready.elements.cms.value = cms;
    field.text.textContent = challenge.text;
    field.card.replaceChildren(views.card(signer));
    // nothing is left to sign: the key goes
    source.close();
    show("signed");
    field.ready.focus();
  } catch (error) {
    if (mine !== round) return;
    if (!chosen) {
      refuse(error);
      return;
    }
    show("keys");
    choose(chosen);
    problem(error);
  }
}

/** Whom a program's signature names, before it goes anywhere; refused where the server would refuse it as well. */
async function look(cms, text) {
  const reader = openSigner(await import("./signer.js"));
  try {
    const key = await reader.lookAtSigned(cms, text);
    if (chosen && chosen.fingerprint !== key.fingerprint) throw refusal("agent.other-certificate");
    const objection = judge.objection(key);
    if (objection) throw Object.assign(refusal("agent.unusable"), { now: views.objection(objection) });
    return key;
  } finally {
    reader.close();
  }
}

function refusal(code) {
  return Object.assign(new Error(code), { code });
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
  throw refusal({ 403: "stale", 401: "stale", 429: "too-many" }[answer.status] ?? "offline");
}

function refresh() {
  const again = source?.refresh;
  wipe();
  show("choose");
  if (!again) {
    begin();
    return;
  }
  const code = again();
  say(code);
  note(code);
}

/** None of the keys will do: another is asked for at once. */
function other() {
  const ask = source?.other;
  reset();
  if (ask) ask();
  else begin();
}

function cancel() {
  reset();
  say("cancelled");
  note("cancelled");
  root.querySelector("[name='place']:checked").focus();
}

/** Back to the beginning. */
function reset() {
  wipe();
  source?.reset?.();
  enter.ariaDisabled = null;
  part.ready.elements.cms.value = "";
  field.text.textContent = "";
  show("choose");
}

/** Ends the source with all it holds and forgets what was typed. The place stays chosen. */
function wipe() {
  again();
  source?.close();
  keys = [];
  chosen = null;
  field.list.replaceChildren();
  field.card.replaceChildren();
}

/** A new round; whatever runs is told to stop. */
function again() {
  if (field.few) field.few.hidden = true;
  stop.abort();
  stop = new AbortController();
  return (round += 1);
}

function show(state) {
  root.dataset.state = state;
  for (const [name, element] of Object.entries(part)) element.hidden = !STATES[state].includes(name);
  field.busy.textContent = "";
  say();
}

/** What is waited for, to be seen and heard. */
function tell(code) {
  field.busy.textContent = word(code) ?? "";
  say(code);
}

/** Asks for one of a few, in the source's own part of the page. */
function pick(title, options) {
  const few = places.get(place()).form.querySelector("[data-field='few']");
  const mine = round;
  show("choose");
  few.hidden = false;
  const heading = document.createElement("p");
  heading.textContent = word(title);
  heading.tabIndex = -1;
  return new Promise((resolve) => {
    const buttons = options.map(({ value, words }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = words;
      button.addEventListener("click", () => {
        few.hidden = true;
        if (mine !== round) return;
        show("opening");
        resolve(value);
      });
      return button;
    });
    const row = document.createElement("div");
    row.className = "buttons";
    row.append(...buttons);
    few.replaceChildren(heading, row);
    heading.focus();
  });
}

function say(code) {
  field.said.textContent = word(code) ?? "";
}

function note(code) {
  field.note.textContent = word(code);
  part.note.hidden = false;
}

/** What happened, what to do now in this browser, and what the program said. */
async function problem({ code, answer, now }) {
  const { browser } = await import("./key-source.js");
  const known = word(code) ? code : code?.includes(".") ? "agent.malformed" : "offline";
  field.what.textContent = word(known);
  field.now.textContent = now ?? word(`${known}.now-${browser()}`) ?? word(`${known}.now`) ?? "";
  field.now.hidden = !field.now.textContent;
  field.ways.hidden = !known.includes(".") || known === "signer.unavailable";
  field.answer.textContent = [known === code ? "" : code, answer].filter(Boolean).join(": ");
  field.answered.hidden = !field.answer.textContent;
  part.problem.hidden = false;
  part.problem.focus();
}

/** The place chosen last comes first, on this device only; nothing about the key is kept. */
function recall() {
  try {
    const last = places.get(localStorage.getItem(PLACE));
    if (!last) return;
    last.row.parentElement.prepend(last.row);
    last.row.querySelector("[name='place']").checked = true;
    last.row.querySelector("[data-last]").hidden = false;
  } catch {
    // storage may be switched off
  }
}

function remember() {
  try {
    localStorage.setItem(PLACE, place());
  } catch {
    // storage may be switched off
  }
}

/** What the dialog says in the language of the page. */
function word(code) {
  return code === "entering" ? root.dataset.entering : said[code];
}
