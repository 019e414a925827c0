// Kazakh keys of the generation of 2022, whose algorithms the openssl command line does not know by name: they are opened and
// used by the signing module that the server ships to pages.
import { createHash, webcrypto } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The module, from the address of a running server. */
export async function moduleOf(server) {
  const page = await (await fetch(`${server}/sign-in`)).text();
  const [address] = /\/assets\/esign_web\.[0-9a-f]+\.wasm/.exec(page);
  return Buffer.from(await (await fetch(server + address)).arrayBuffer());
}

/** A key as the emulators take it. */
export class KazakhKey {
  static async open(file, password, module) {
    const key = new KazakhKey();
    const random = (at, length) => webcrypto.getRandomValues(new Uint8Array(key.exports.memory.buffer, at, length));
    key.exports = (await WebAssembly.instantiate(module, { kabinet: { random } })).instance.exports;
    key.exports.open(key.#hand(readFileSync(file)), key.#hand(Buffer.from(password)));
    const { code, keys } = JSON.parse(key.#answer().toString());
    if (code) throw new Error(`${file}: ${code}`);
    [key.shown] = keys;
    const pem = execFileSync('openssl', ['pkcs12', '-legacy', '-in', file, '-passin', `pass:${password}`, '-clcerts', '-nokeys'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    key.der = Buffer.from(/-----BEGIN CERTIFICATE-----([^-]+)/.exec(pem)[1], 'base64');
    return key;
  }

  get thumbprint() { return createHash('sha1').update(this.der).digest('hex').toUpperCase(); }
  get subject() { return this.shown.subjectDn; }
  get issuer() { return this.shown.issuerDn; }
  get serial() { return this.shown.serial; }
  get isForAuthentication() { return this.shown.eku.includes('1.3.6.1.5.5.7.3.2'); }

  sign(content) {
    const done = this.exports.sign(0, this.#hand(Buffer.from(content)), BigInt(Math.floor(Date.now() / 1000)));
    if (!done) throw new Error(this.#answer().toString());
    return this.#answer();
  }

  forget() { this.exports.close(); }

  #hand(bytes) {
    const at = this.exports.allocate(bytes.length);
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  #answer() { return Buffer.from(new Uint8Array(this.exports.memory.buffer, this.exports.answer(), this.exports.answer_length())); }
}
