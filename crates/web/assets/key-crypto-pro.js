// КриптоПро ЭЦП Browser plug-in. The vendor's extension brings a script of its own that speaks to the plug-in; this module finds
// the extension, loads that script, lists certificates, and has one sign. The PIN is asked for by КриптоПро.
import { Refused, base64Of, browser, bytesOf, signatureOf, within } from "./key-source.js";

const SCRIPT = "nmcades_plugin_api.js";
const OLDEST_PLUGIN = [2, 0, 12438];
const OLDEST_CSP = [4, 0];
const MOST = 100;

/** Milliseconds: for the extension's answer, and for the person, whom the plug-in may ask whether the site is trusted. */
const QUICK = 5000;
const PATIENCE = 5 * 60_000;

/** Constants of CAPICOM and CAdESCOM. */
const CURRENT_USER = 2;
const CONTAINERS = 100;
const MAXIMUM_ALLOWED = 2;
const BY_PROPERTY = 6;
const HAS_PRIVATE_KEY = 2;
const AS_BASE64 = 0;
const FROM_BASE64 = 1;
const CADES_BES = 1;
const PROVIDER = 80;

/** Codes of Windows and of КриптоПро, by what they mean to the person. */
const CODES = {
  "8010006E": "agent.refused",
  "000004C7": "agent.refused",
  "8010006B": "crypto-pro.pin",
  "8010006C": "crypto-pro.pin-locked",
  "8007065B": "crypto-pro.licence",
  "800B010A": "crypto-pro.chain",
  "800B0109": "crypto-pro.chain",
  "800B0101": "crypto-pro.expired",
  "8009000D": "crypto-pro.key",
  "8009200B": "crypto-pro.key",
  "80090016": "crypto-pro.key",
  "80090019": "crypto-pro.key",
  "80091007": "crypto-pro.signature",
  "8009100E": "crypto-pro.signature",
  "80090006": "crypto-pro.signature",
};

let policy;
let bridge = null;

/** Whether extension, plug-in and CSP are there, and their versions. */
export async function detect({ rules, signal, tell = () => {} }) {
  const { version, csp } = await plugin(rules.extensions, signal, tell);
  return { version, csp };
}

/** @param {import("./key-source.js").Place} place */
export function source({ rules, tell, signer }) {
  let reader = null;

  /** The certificates with keys of one store. */
  async function certificates(create, location, name) {
    const store = await create("CAdESCOM.Store");
    await store.Open(location, name, MAXIMUM_ALLOWED);
    try {
      const all = await store.Certificates;
      const found = await all.Find(BY_PROPERTY, HAS_PRIVATE_KEY);
      const count = Math.min(Number(await found.Count), MOST);
      const keys = [];
      for (let place = 1; place <= count; place += 1) keys.push(await key(await found.Item(place)));
      return keys.filter(Boolean);
    } finally {
      await store.Close();
    }
  }

  /** What may be shown of a certificate; one that cannot be read is left out. */
  async function key(certificate) {
    try {
      const der = bytesOf(signatureOf(await certificate.Export(AS_BASE64)));
      return { ...(await reader.look(der)), certificate };
    } catch {
      return null;
    }
  }

  return {
    async open(signal) {
      tell("looking");
      const { create } = await plugin(rules.extensions, signal, tell);
      tell("reading");
      reader = signer();
      const both = async () => [
        ...(await certificates(create, CURRENT_USER, "My")),
        // keys on tokens whose certificates nobody has installed; not every version lists them
        ...(await certificates(create, CONTAINERS, "My").catch(() => [])),
      ];
      const found = await within(PATIENCE, "agent.silent", signal, told(both()));
      reader.close();
      const once = new Map(found.reverse().map((it) => [it.fingerprint, it]));
      if (once.size === 0) throw new Refused("crypto-pro.empty");
      return [...once.values()].reverse();
    },

    async sign({ text }, key, signal) {
      tell("signing");
      const { create } = await plugin(rules.extensions, signal, tell);
      const signed = async () => {
        const by = await create("CAdESCOM.CPSigner");
        await by.propset_Certificate(key.certificate);
        const data = await create("CAdESCOM.CadesSignedData");
        // before the content: how it is read depends on it
        await data.propset_ContentEncoding(FROM_BASE64);
        await data.propset_Content(base64Of(text));
        return data.SignCades(by, CADES_BES, false);
      };
      return signatureOf(await within(PATIENCE, "agent.silent", signal, told(signed())));
    },

    close() {
      reader?.close();
      reader = null;
    },
  };
}

/** The plug-in, when it is here and new enough. */
async function plugin(extensions, signal, tell) {
  bridge ??= find(extensions, signal).catch((error) => {
    bridge = null;
    throw error;
  });
  await bridge;
  tell("reading");
  const object = await within(PATIENCE, "crypto-pro.plugin", signal, reach());
  const create = (name) => object.CreateObjectAsync(name);
  const about = await told(create("CAdESCOM.About"));
  const version = await told(written((await about.PluginVersion) || about.Version));
  if (isOlder(version, OLDEST_PLUGIN)) throw new Refused("crypto-pro.old", version);
  const csp = await written(about.CSPVersion("", PROVIDER)).catch((error) => {
    throw new Refused("crypto-pro.csp", said(error));
  });
  if (isOlder(csp, OLDEST_CSP)) throw new Refused("crypto-pro.csp", csp);
  return { create, version, csp };
}

/** Loads the script that the extension brings; Firefox and Safari tell its address only when they are asked. */
async function find(extensions, signal) {
  globalThis.cadesplugin ??= standIn();
  const here = browser();
  if (here === "phone") throw new Refused("crypto-pro.extension");
  if (here !== "firefox" && here !== "safari") {
    const addresses = extensions.map((id) => `chrome-extension://${id}/${SCRIPT}`);
    await Promise.any(addresses.map(load)).catch(() => {
      throw new Refused("crypto-pro.extension");
    });
  }
  const answer = await within(QUICK, "crypto-pro.extension", signal, echo());
  const [, address] = /url:(\S+)$/.exec(answer) ?? [];
  if (address) await load(address);
  if (!globalThis.cpcsp_chrome_nmcades) throw new Refused("crypto-pro.extension");
}

/** Asks the extension whether it is there. */
function echo() {
  return new Promise((resolve) => {
    function heard({ source, data }) {
      if (source !== window || typeof data !== "string" || !data.startsWith("cadesplugin_loaded")) return;
      removeEventListener("message", heard);
      resolve(data);
    }
    addEventListener("message", heard);
    postMessage("cadesplugin_echo_request", location.origin);
  });
}

/** What the extension's script expects to find in a page. */
function standIn() {
  return {
    LOG_LEVEL_DEBUG: 4,
    LOG_LEVEL_INFO: 2,
    LOG_LEVEL_ERROR: 1,
    current_log_level: 1,
    EnableInternalCSP: false,
    async_spawn: (generator, ...args) => spawn(generator(args)),
    set() {},
  };
}

/** Runs a generator that yields promises. */
async function spawn(generator) {
  let step = generator.next();
  while (!step.done) {
    try {
      step = generator.next(await step.value);
    } catch (error) {
      step = generator.throw(error);
    }
  }
  return step.value;
}

/** The plug-in behind the extension. */
function reach() {
  return new Promise((resolve, reject) => {
    globalThis.cadesplugin.set = resolve;
    globalThis.cpcsp_chrome_nmcades.check_chrome_plugin(
      () => {},
      (reason) => reject(new Refused("crypto-pro.plugin", String(reason ?? ""))),
    );
  });
}

/** Loads a script of an extension, and of nothing else. */
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    script.src = trusted(address);
    document.head.append(script);
  });
}

function trusted(address) {
  if (!self.trustedTypes) return ofExtension(address);
  policy ??= self.trustedTypes.createPolicy("kabinet-extension", { createScriptURL: ofExtension });
  return policy.createScriptURL(address);
}

function ofExtension(address) {
  const { protocol, pathname } = new URL(address);
  const isExtension = /^(?:chrome|moz|safari-web)-extension:$/.test(protocol);
  if (!isExtension || !pathname.endsWith(`/${SCRIPT}`)) throw new TypeError("no script of an extension");
  return address;
}

/** A version as text, whatever way this plug-in tells it. */
async function written(version) {
  const object = await version;
  return String(await object.toString());
}

function isOlder(version, least) {
  const parts = version.split(".").map(Number);
  for (const [place, wanted] of least.entries()) {
    if ((parts[place] ?? 0) !== wanted) return (parts[place] ?? 0) < wanted;
  }
  return false;
}

/** An error of the plug-in as a refusal: messages come in many languages, the code in brackets does not change. */
function told(promise) {
  return promise.catch((error) => {
    if (error instanceof Refused) throw error;
    const answer = said(error);
    const [, code] = /0x([0-9a-f]{8})/i.exec(answer) ?? [];
    if (/lost connection/i.test(answer)) throw new Refused("agent.gone", answer);
    throw new Refused(CODES[code?.toUpperCase()] ?? "crypto-pro.failed", answer);
  });
}

function said(error) {
  return String(error?.message ?? error ?? "").slice(0, 200);
}
