// NCALayer, the program of the Kazakh authority: JSON over a socket on the person's own computer. It lets choose the key and
// asks for the password in its own window. Both of its modules are spoken: basics, and the older commonUtils.
import { Refused, base64Of, signatureOf, within } from "./key-source.js";

const ADDRESS = "wss://127.0.0.1:13579/";
const BASICS = "kz.gov.pki.knca.basics";
const COMMON = "kz.gov.pki.knca.commonUtils";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const FILES = "PKCS12";
const OLDEST = 1.2;
const SEEN = "kabinet.ncalayer";

/** Milliseconds: for what needs nobody, for the browser's question, for the person. */
const QUICK = 3000;
const ASKED = 60_000;
const PATIENCE = 5 * 60_000;
/** So long a connection takes at most if nobody is asked. */
const UNASKED = 700;

/** What tokens are called; names are the same in every language. */
const TOKENS = {
  AKKaztokenStore: "KAZTOKEN",
  AKEToken72KStore: "eToken 72K",
  AKEToken5110Store: "eToken 5110",
  AKJaCartaStore: "JaCarta",
  AKAKEYStore: "aKey",
};

/** Whether the browser lets this page talk to programs of the computer; "free" where it does not ask. */
export async function permission() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // this browser calls it otherwise, or does not ask
    }
  }
  return "free";
}

/** Whether NCALayer is there, and its version; nobody is asked for anything but the browser's permission. */
export async function detect({ signal, tell = () => {} } = {}) {
  const link = await connect(signal, tell);
  link.close();
  return { version: link.version };
}

/** @param {import("./key-source.js").Place} place */
export function source({ lang, rules, word, tell, pick }) {
  let link = null;

  function close() {
    link?.close();
    link = null;
  }

  /** By the current module: NCALayer asks for storage, key and password itself. */
  async function byBasics(data, signal) {
    const answer = await ask(link, signal, {
      module: BASICS,
      method: "sign",
      args: {
        allowedStorages: null,
        format: "cms",
        data,
        signingParams: { decode: true, encapsulate: true, digested: false },
        // no chain: which authorities count is for the server to say
        signerParams: { extKeyUsageOids: onlyAuthentication(rules) ? [CLIENT_AUTH] : [], chain: [] },
        locale: lang,
      },
    });
    if (isUnknown(answer)) return null;
    if (answer.status !== true) throw failure(answer);
    const result = answer.body?.result ?? answer.responseObject;
    if (result === undefined || result === null) throw new Refused("agent.refused");
    return signatureOf(result);
  }

  /** By the older one, which wants to be told where the key is. */
  async function byCommon(data, signal) {
    await common("changeLocale", [{ kk: "kz" }[lang] ?? lang], signal).catch(ended);
    const tokens = await devices(signal);
    const storage = tokens.length === 0 ? FILES : await pick("storage", [...tokens, FILES].map(named));
    tell("signing");
    // any other text lets choose among all keys
    const kind = onlyAuthentication(rules) ? "AUTHENTICATION" : "ALL";
    try {
      return signatureOf(await common("createCAdESFromBase64", [storage, kind, data, true], signal));
    } catch (error) {
      const isLost = error.code === "ncalayer.failed" && storage !== FILES && !(await devices(signal)).includes(storage);
      throw isLost ? new Refused("ncalayer.token", error.answer) : error;
    }
  }

  async function common(method, args, signal) {
    const uuid = crypto.randomUUID();
    const answer = await ask(link, signal, { module: COMMON, method, args, uuid });
    if (isUnknown(answer)) throw new Refused("ncalayer.old", answer.errorCode);
    if (String(answer.code) !== "200") throw failure(answer);
    return answer.responseObject;
  }

  async function devices(signal) {
    const found = await common("getActiveTokens", [], signal);
    return Array.isArray(found) ? found.filter((name) => typeof name === "string" && name !== FILES) : [];
  }

  const named = (storage) => ({ value: storage, words: word(`storage-${storage}`) ?? TOKENS[storage] ?? storage });

  return {
    async open(signal) {
      close();
      tell("looking");
      link = await connect(signal, tell);
      return null;
    },

    async sign({ text }, key, signal) {
      tell("signing");
      const data = base64Of(text);
      return (await byBasics(data, signal)) ?? byCommon(data, signal);
    },

    close,
  };
}

/** Whether authorities mark keys for signing in apart; where one key serves for both, NCALayer is to show them all. */
function onlyAuthentication({ groups }) {
  const isApart = ({ signIn: { eku, policies } }) =>
    policies.length === 0 && eku.length > 0 && eku.every((usage) => usage === CLIENT_AUTH);
  return groups.length > 0 && groups.every(isApart);
}

/** Connects and waits for the greeting: NCALayer speaks first. */
async function connect(signal, tell) {
  const allowed = await permission();
  if (allowed === "denied") throw new Refused("ncalayer.blocked");
  let isAsked = false;
  const asking = setTimeout(() => {
    isAsked = allowed === "prompt";
    if (isAsked) tell("permission");
  }, UNASKED);
  const link = linkTo(new WebSocket(ADDRESS));
  try {
    const greeting = await within(allowed === "prompt" ? ASKED : QUICK, "agent.silent", signal, link.answer());
    const version = greeting.result?.version;
    if (typeof version !== "string") throw new Refused("ncalayer.other", JSON.stringify(greeting).slice(0, 200));
    if (Number.parseFloat(version) < OLDEST) throw new Refused("ncalayer.old", version);
    remember(version);
    return Object.assign(link, { version });
  } catch (error) {
    link.close();
    if (error.code !== "agent.gone" && error.code !== "agent.silent") throw error;
    const state = await permission();
    const isBlocked = state === "denied" || (isAsked && state !== "granted");
    throw new Refused(isBlocked ? "ncalayer.blocked" : wasSeen() ? "ncalayer.stopped" : "ncalayer.absent");
  } finally {
    clearTimeout(asking);
  }
}

/** One request at a time. An answer that nobody waits for, late or second, belongs to nobody. */
function linkTo(socket) {
  let waiting = null;

  function settle(act, value) {
    const it = waiting;
    waiting = null;
    it?.[act](value);
  }

  const gone = () => settle("reject", new Refused("agent.gone"));
  socket.addEventListener("error", gone);
  socket.addEventListener("close", gone);
  socket.addEventListener("message", ({ data }) => {
    if (data === "--heartbeat--" || !waiting) return;
    const answer = read(data);
    if (answer === null) settle("reject", new Refused("agent.malformed", String(data).slice(0, 200)));
    else if (answer.uuid === undefined || answer.uuid === waiting.uuid) settle("resolve", answer);
  });

  return {
    answer(uuid) {
      return new Promise((resolve, reject) => {
        waiting = { uuid, resolve, reject };
      });
    },
    ask(request) {
      if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Refused("agent.gone"));
      const answer = this.answer(request.uuid);
      socket.send(JSON.stringify(request));
      return answer;
    },
    close() {
      waiting = null;
      socket.close();
    },
  };
}

async function ask(link, signal, request) {
  return within(PATIENCE, "agent.silent", signal, link.ask(request));
}

/** A JSON object, or null. */
function read(data) {
  try {
    const answer = JSON.parse(data);
    return typeof answer === "object" && !Array.isArray(answer) ? answer : null;
  } catch {
    return null;
  }
}

/** The module or its method is not known to this NCALayer. */
function isUnknown(answer) {
  return answer.errorCode === "MODULE_NOT_FOUND" || answer.code === "INVOCATION_ERROR";
}

function failure({ code, message, details }) {
  const said = [code, message, details].filter((part) => typeof part === "string" && part !== "").join(" ");
  return new Refused(/cancel/i.test(said) ? "agent.refused" : "ncalayer.failed", said.slice(0, 200));
}

/** Only an unknown language is no reason to stop. */
function ended(error) {
  if (error.code !== "ncalayer.failed") throw error;
}

function wasSeen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}

function remember(version) {
  try {
    localStorage.setItem(SEEN, version);
  } catch {
    // storage may be switched off
  }
}
