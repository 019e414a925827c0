// What every source of keys shares. A source is a module of its own, loaded when it is chosen; docs/key-sources.md says how
// to add one.

/**
 * What the dialog hands to a source.
 * @typedef {object} Place
 * @property {HTMLFormElement} form   the source's own part of the page
 * @property {string} lang            "ru", "kk" or "en"
 * @property {object} rules           the page's rules of keys, see key-rules.js
 * @property {(code: string) => string|undefined} word
 * @property {(code: string) => void} tell          says what is waited for
 * @property {(title: string, options: {value: string, words: string}[]) => Promise<string>} pick  asks for one of a few
 * @property {() => ReturnType<import("./signer.js").openSigner>} signer  reads certificates, opens key files
 *
 * What a module answers to `source(place)`.
 * @typedef {object} Source
 * @property {(signal: AbortSignal) => Promise<string>} [enter]
 *           proves without a signature in this page (a phone does), in its own part of it; answers with where to go then.
 *           Such a source needs nothing of what follows but `close`
 * @property {boolean} [inPage]        it signs in this page: nobody else has to be looked after
 * @property {() => boolean} [check]   whether the form is filled in; marks what is missing
 * @property {(signal: AbortSignal) => Promise<object[]|null>} open
 *           finds the program and lists the keys to choose from; null: the program lets choose in its own window
 * @property {(challenge: {text: string, at: string}, key: object|null, signal: AbortSignal) => Promise<string>} sign
 *           base64 of an attached CMS over the text
 * @property {(error: Refused) => boolean} [refused]  shows a refusal inside the form; false: the dialog shows it
 * @property {() => void} [reset]      forgets what was typed
 * @property {() => void} close        ends whatever runs; an answer that comes later counts for nothing
 */

/** A refusal with a code for which there are words. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} [answer]  what the program said, for support
   */
  constructor(code, answer) {
    super(code);
    this.name = "Refused";
    this.code = code;
    this.answer = answer;
  }
}

/** Which browser the next step has to be told for. */
export function browser({ userAgent } = navigator) {
  if (/Android|iPhone|iPad|Mobile/.test(userAgent)) return "phone";
  if (/YaBrowser/.test(userAgent)) return "yandex";
  if (/Edg\//.test(userAgent)) return "edge";
  if (/Firefox\//.test(userAgent)) return "firefox";
  return /Chrome\//.test(userAgent) ? "chrome" : "safari";
}

const LIMIT = 350 * 1024;

/**
 * Base64 of a signature in whatever shape a program answers: text, a list of one, an object that holds either; bare, with
 * line breaks, or as PEM.
 */
export function signatureOf(answer) {
  if (Array.isArray(answer)) return answer.length === 1 ? signatureOf(answer[0]) : malformed(answer);
  if (answer !== null && typeof answer === "object") return signatureOf(answer.signatures ?? answer.signature ?? malformed(answer));
  if (typeof answer !== "string" || answer.length > LIMIT) return malformed(answer);
  const pem = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END [A-Z0-9 ]+-----/.exec(answer);
  const base64 = (pem ? pem[1] : answer).replace(/\s+/g, "");
  return /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64) ? base64 : malformed(answer);
}

function malformed(answer) {
  throw new Refused("agent.malformed", JSON.stringify(answer)?.slice(0, 200));
}

/** The bytes of base64. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Base64 of a text in UTF-8. */
export function base64Of(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** The promise, or a refusal with this code after so many milliseconds; ended by the signal as well. */
export function within(milliseconds, code, signal, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refused(code)), milliseconds);
    const stop = () => reject(new Refused("agent.refused"));
    signal?.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    });
  });
}
