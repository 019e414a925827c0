#!/usr/bin/env node
// An emulator of NCALayer: wss://127.0.0.1:13579, the modules commonUtils and basics, keys from files. It confirms by itself what
// the person confirms in NCALayer's window. README.md says how to start it by hand.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Key, options } from '../lib/keys.mjs';
import { KazakhKey, moduleOf } from '../lib/kz.mjs';
import { listen } from '../lib/socket.mjs';
import { BEHAVIOURS } from './behaviour.mjs';

const COMMON = 'kz.gov.pki.knca.commonUtils';
const BASICS = 'kz.gov.pki.knca.basics';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const NOT_FOUND = { success: false, errorCode: 'MODULE_NOT_FOUND' };

export class NcaLayer {
  behaviour = 'usual';
  /** Every request, as it came. */
  requests = [];
  #held = [];

  static async open({ keys, port = 13579, tls = true }) {
    const layer = new NcaLayer();
    layer.keys = keys;
    layer.server = await listen({ port, tls, greet: (peer) => layer.#greet(peer), hear: (peer, text) => layer.#hear(peer, text) });
    return layer;
  }

  behave(name) {
    if (!(name in BEHAVIOURS)) throw new Error(`no behaviour ${name}`);
    this.behaviour = name;
    this.tokenLost = false;
  }

  /** Sends the answers that came too late. */
  release() { for (const send of this.#held.splice(0)) send(); }

  close() { return this.server.close(); }

  #greet(peer) {
    const greeting = { mute: null, other: { hello: 'world' }, ancient: { result: { version: '1.1' } } }[this.behaviour];
    if (greeting !== null) peer.send(JSON.stringify(greeting ?? { result: { version: '1.4' } }));
  }

  #hear(peer, text) {
    if (text === '--heartbeat--') return peer.send(text);
    let request;
    try { request = JSON.parse(text); } catch { return peer.send(JSON.stringify({ success: false, code: 'COMMON_JSON_WRAPPING_EXCEPTION' })); }
    this.requests.push(request);
    const answer = this.#answer(request);
    const send = () => peer.send(typeof answer === 'string' ? answer : JSON.stringify(answer));
    if (this.behaviour === 'heartbeat') peer.send('--heartbeat--');
    if (this.#signs(request) && this.behaviour === 'die') return peer.die();
    if (this.#signs(request) && this.behaviour === 'hang') return undefined;
    if (this.#signs(request) && this.behaviour === 'late') return this.#held.push(send);
    send();
    if (this.behaviour === 'twice') send();
    return undefined;
  }

  #signs({ method }) { return method === 'sign' || /^create/.test(method); }

  #answer(request) {
    const known = { old: [], common: [COMMON], token: [COMMON], 'token-lost': [COMMON] }[this.behaviour] ?? [COMMON, BASICS];
    if (!known.includes(request.module)) return NOT_FOUND;
    if (this.behaviour === 'not-json' && this.#signs(request)) return '<html>Not what you expected</html>';
    return request.module === BASICS ? this.#basics(request) : this.#common(request);
  }

  #basics({ method, args }) {
    if (method !== 'sign') return { status: false, code: 'INVOCATION_ERROR', message: `no method ${method}` };
    if (!Array.isArray(args?.signerParams?.extKeyUsageOids)) return { status: false, code: 'INVALID_SIGNING_PARAMS', message: 'extKeyUsageOids' };
    if (this.behaviour === 'cancel') return { status: true, body: {} };
    if (this.behaviour === 'fail') return { status: false, code: 'SIGNING_FAILURE', message: 'The key store could not be read', details: 'java.io.IOException' };
    const key = this.#key(args.signerParams.extKeyUsageOids.includes(CLIENT_AUTH));
    if (!key) return { status: false, code: 'SIGNING_FAILURE', message: 'EMPTY_KEY_LIST' };
    const { decode = false, encapsulate = true } = args.signingParams ?? {};
    const content = decode ? Buffer.from(args.data, 'base64') : Buffer.from(args.data);
    const pem = this.#pem(this.#signature(key, content, encapsulate));
    return { status: true, body: { result: this.#shape(pem, { signatures: [pem], certificate: key.der.toString('base64') }) } };
  }

  #shape(pem, object) {
    const bare = pem.replace(/-----[^-]+-----|\s/g, '');
    const shapes = { string: pem, object, bare: [bare], empty: [''], none: [], two: [pem, pem], number: 7, words: 'the signature is ready' };
    return this.behaviour in shapes ? shapes[this.behaviour] : [pem];
  }

  #common({ method, args, uuid }) {
    const answer = (fields) => ({ ...fields, ...(uuid === undefined ? {} : { uuid }) });
    const fail = (message) => answer({ code: '500', ...(message ? { message } : {}) });
    const tokens = (this.behaviour === 'token' || this.behaviour === 'token-lost') && !this.tokenLost ? ['AKKaztokenStore'] : [];
    if (method === 'getActiveTokens') return answer({ responseObject: tokens, code: '200' });
    if (method === 'changeLocale') return answer({ code: '200' });
    if (method !== 'createCAdESFromBase64') return fail(`java.lang.NoSuchMethodException: ${method}`);
    const [storage, kind, data, attach] = args;
    if (typeof storage !== 'string' || typeof kind !== 'string' || typeof data !== 'string' || typeof attach !== 'boolean') return fail(`java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`);
    if (this.behaviour === 'cancel') return fail('action.canceled');
    if (this.behaviour === 'token-lost') { this.tokenLost = true; return fail('No token in slot'); }
    const key = this.#key(kind === 'AUTHENTICATION');
    if (!key) return fail('EMPTY_KEY_LIST');
    const lines = this.#signature(key, Buffer.from(data, 'base64'), attach).toString('base64').match(/.{1,76}/g).join('\r\n');
    return answer({ responseObject: lines, code: '200' });
  }

  #key(forAuthentication) { return forAuthentication ? this.keys.find((key) => key.isForAuthentication) : this.keys[0]; }

  #signature(key, content, attached) {
    return key.sign(this.behaviour === 'other-text' ? Buffer.from('Kabinet/1 sign-in\nsomething else') : content, { attached, certificate: this.behaviour !== 'no-certificate' });
  }

  #pem(der) { return `-----BEGIN CMS-----\n${der.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CMS-----\n`; }
}

async function main() {
  const { key = [], password = [], port = ['13579'], behave = ['usual'], server } = options(process.argv.slice(2), { key: 1, password: 1, port: 1, behave: 1, server: 1 });
  if (key.length === 0) throw new Error('give a key: --key FILE.p12 --password …');
  const module = server && await moduleOf(server[0]);
  const open = (file, n) => (module ? KazakhKey : Key).open(file, password[n] ?? password[0], module);
  const layer = await NcaLayer.open({ keys: await Promise.all(key.map(open)), port: Number(port[0]) });
  layer.behave(behave[0]);
  console.log(`NCALayer is emulated at wss://127.0.0.1:${port[0]}/ – open https://127.0.0.1:${port[0]}/ once and accept its certificate.\nType a behaviour and Enter:`);
  for (const [name, words] of Object.entries(BEHAVIOURS)) console.log(`  ${name.padEnd(16)}${words}`);
  for await (const line of createInterface({ input: process.stdin })) {
    try { if (line.trim() === 'release') layer.release(); else layer.behave(line.trim()); console.log(`behaves: ${layer.behaviour}`); } catch (error) { console.log(error.message); }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main().catch((error) => { console.error(error.message); process.exitCode = 1; });
