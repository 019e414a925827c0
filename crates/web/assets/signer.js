// Promise interface of the signer: key files are opened and text is signed in a worker of its own,
// which ends with the dialog. Nothing here reaches the network but the worker's script and module.
//
//   const signer = openSigner({ worker: "/assets/…", module: "/assets/…" });
//   const keys = await signer.open(file, password);        // Key[], see below
//   const cms = await signer.sign(keys[0].index, text, at); // base64 of an attached CMS
//   signer.close();                                         // cancels whatever runs, wipes, ends the worker

/**
 * What may be shown of one key of the file. Text comes from the certificate: show it with textContent.
 * @typedef {object} Key
 * @property {number} index           what sign() takes
 * @property {string|null} refusal     the code by which this key cannot sign
 * @property {string} owner           full name of the owner
 * @property {string|null} surname
 * @property {string|null} givenName
 * @property {string|null} patronymic
 * @property {string|null} organisation  for whom the owner signs
 * @property {string|null} title      the owner's position, as the issuer wrote it
 * @property {string|null} role       in what capacity the owner acts: "person", "head", "employee", …
 * @property {boolean} mayEnter       false: a program's or an organisation's key, not a person's
 * @property {string|null} storage    where the issuer says the key is kept: "file", "id_card", …
 * @property {string} subjectDn       the whole name of the owner
 * @property {string} serial          hexadecimal, upper case
 * @property {string} issuer          common name of the issuer
 * @property {string} issuerDn        the whole name of the issuer
 * @property {"kk"|"ru"|"en"} issuerLang  language of the issuer's name, for the lang attribute
 * @property {string} notBefore       UTC, "2026-11-22T08:00:00Z"
 * @property {string} notAfter        UTC
 * @property {string} algorithm       in words: "RSA 2048", "GOST R 34.10-2015 (512)"
 * @property {string} fingerprint     SHA-256 of the certificate, hexadecimal, lower case
 * @property {string[]} keyUsage      "digitalSignature", "nonRepudiation", …
 * @property {string[]} eku           extended key usages, dotted
 * @property {string[]} policies      certificate policies, dotted
 * @property {{country: string, kind: string, value: string}[]} personIds  "KZ", "IIN", "…"
 * @property {{country: string, kind: string, value: string}[]} organisationIds  "KZ", "BIN", "…"
 * @property {boolean} isSelfSigned
 * @property {string|null} friendlyName  the name the file gives the key
 */

/** Codes a SignerError may carry, besides the module's `key_file.*`. */
export const CLOSED = "signer.closed";
export const UNAVAILABLE = "signer.unavailable";

/** The largest key file that is read at all; the module holds the same limit. */
export const FILE_LIMIT = 1024 * 1024;

/** A refusal with a stable code, for which the page has words. */
export class SignerError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "SignerError";
    this.code = code;
  }
}

/**
 * Starts the worker; it loads the module while the person is still choosing a file.
 * @param {{worker: string, module: string}} urls of the page's own origin
 */
export function openSigner({ worker: workerUrl, module: moduleUrl }) {
  const module = ownOrigin(moduleUrl).href;
  const worker = new Worker(trusted(workerUrl), { type: "module" });
  /** @type {Map<number, {resolve: Function, reject: Function}>} */
  const waiting = new Map();
  let last = 0;
  let ended = null;

  function end(code) {
    if (ended) return;
    ended = code;
    for (const { reject } of waiting.values()) reject(new SignerError(code));
    waiting.clear();
  }

  function fail() {
    worker.terminate();
    end(UNAVAILABLE);
  }

  worker.onerror = fail;
  worker.onmessageerror = fail;
  worker.onmessage = ({ data }) => {
    const call = waiting.get(data?.id);
    if (!call) return;
    waiting.delete(data.id);
    if (data.ok === true) call.resolve(data);
    else call.reject(new SignerError(String(data.code)));
  };

  function ask(request, transfer = []) {
    if (ended) return Promise.reject(new SignerError(ended));
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...request }, transfer);
    });
  }

  const loaded = ask({ act: "load", module });
  loaded.catch(fail);

  return {
    /**
     * Opens a key file. Refused with a SignerError; the same signer may try again.
     * @param {Blob|ArrayBuffer} file  left as it is, so that a mistyped password can be corrected
     * @param {string} password
     * @returns {Promise<Key[]>}
     */
    async open(file, password) {
      const size = file instanceof ArrayBuffer ? file.byteLength : file.size;
      if (size > FILE_LIMIT) throw new SignerError("key_file.unknown_format");
      const bytes = file instanceof ArrayBuffer ? file.slice(0) : await file.arrayBuffer();
      await loaded;
      return (await ask({ act: "open", file: bytes, password }, [bytes])).keys;
    },

    /**
     * Signs the text with a key of the file opened last.
     * @param {number} index
     * @param {string} text   the exact text; it is carried inside the result
     * @param {string} at     the server's time, RFC 3339: the clock of this computer decides nothing
     * @returns {Promise<string>} base64 of the CMS
     */
    async sign(index, text, at) {
      return (await ask({ act: "sign", index, content: text, at })).cms;
    },

    /**
     * Reads the certificate of a key that is kept elsewhere.
     * @param {Uint8Array} certificate  DER
     * @returns {Promise<Key>}
     */
    async look(certificate) {
      await loaded;
      return (await ask({ act: "look", certificate })).key;
    },

    /**
     * Reads whose certificate a message names as its signer's, if it carries this text. Nothing is verified.
     * @param {string} cms   base64
     * @param {string} text
     * @returns {Promise<Key>}
     */
    async lookAtSigned(cms, text) {
      await loaded;
      return (await ask({ act: "lookAtSigned", cms, content: text })).key;
    },

    /** Ends the worker and with it everything it holds; calls still waiting are refused as closed. */
    close() {
      if (ended) return;
      // the worker wipes its memory and ends; one that is busy is ended all the same
      worker.postMessage({ id: ++last, act: "close" });
      setTimeout(() => worker.terminate(), 250);
      end(CLOSED);
    },
  };
}

function ownOrigin(url) {
  const full = new URL(url, self.location.href);
  if (full.origin !== self.location.origin) throw new SignerError(UNAVAILABLE);
  return full;
}

let policy;

/** The worker's address as Trusted Types want it: only an address of our own origin passes. */
function trusted(url) {
  const checked = ownOrigin(url).href;
  if (!self.trustedTypes) return checked;
  policy ??= self.trustedTypes.createPolicy("kabinet", { createScriptURL: (text) => ownOrigin(text).href });
  return policy.createScriptURL(checked);
}
