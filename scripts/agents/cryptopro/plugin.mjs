#!/usr/bin/env node
// An emulator of КриптоПро ЭЦП Browser plug-in and CSP behind the emulated extension: objects of CAdESCOM by HTTP on 127.0.0.1,
// keys from files. README.md says how to start it by hand.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Key, options } from '../lib/keys.mjs';
import { BEHAVIOURS, CODES } from './behaviour.mjs';

/** The folder of the extension, and the id that Chromium gives to it. */
export const EXTENSION = join(dirname(fileURLToPath(import.meta.url)), 'extension');
export const EXTENSION_ID = 'dljlkdgmbejapjfkjajbikglkinflked';

const ATTACHED_BES = [1, false];

class Problem extends Error {}

const refuse = (name) => { const [words, code] = CODES[name]; throw new Problem(`${words} (0x${code})`); };
const version = (text) => ({ methods: { toString: () => text } });

export class CryptoPro {
  behaviour = 'usual';
  /** Names of what was called, in their order. */
  calls = [];
  #objects = new Map();

  static async open({ keys, port = 13590 }) {
    const plugin = new CryptoPro();
    plugin.keys = keys;
    plugin.server = createServer((request, response) => plugin.#serve(request, response));
    await new Promise((done, fail) => { plugin.server.once('error', fail); plugin.server.listen(port, '127.0.0.1', done); });
    return plugin;
  }

  behave(name) {
    if (!(name in BEHAVIOURS)) throw new Error(`no behaviour ${name}`);
    this.behaviour = name;
  }

  close() { this.server.closeAllConnections(); return new Promise((done) => { this.server.close(done); }); }

  async #serve(request, response) {
    let body = '';
    for await (const piece of request) body += piece;
    const message = JSON.parse(body);
    this.calls.push(message.method ?? message.get_property ?? message.set_property ?? message.type);
    if (this.behaviour === 'hang' && message.method === 'SignCades') return;
    const reply = this.#reply(message);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(this.behaviour === 'twice' ? [reply, reply] : [reply]));
  }

  #reply(message) {
    const { requestid } = message;
    try {
      if (this.behaviour === 'lost' && message.method === 'SignCades') throw new Problem('Lost connection to extension');
      if (message.type === 'init') {
        if (this.behaviour === 'no-plugin') throw new Problem('Specified native messaging host not found.');
        return { type: 'result', requestid, value: this.#keep(this.#plugin()) };
      }
      return { type: 'result', requestid, retval: this.#told(this.#act(message)) };
    } catch (error) {
      return { type: 'error', requestid, message: error.message };
    }
  }

  #act({ objid, method, get_property: read, set_property: write, params = [] }) {
    const object = this.#objects.get(objid);
    const args = params.map(({ type, value }) => (type === 'object' ? this.#objects.get(value) : value));
    if (method) return object.methods[method](...args);
    if (read) return object.properties[read];
    [object.properties[write]] = args;
    return undefined;
  }

  #keep(object) {
    const id = this.#objects.size + 1;
    this.#objects.set(id, object);
    return id;
  }

  #told(value) {
    if (value === undefined) return { type: 'OK' };
    if (typeof value !== 'object') return { type: typeof value, value };
    return { type: 'object', value: this.#keep(value), properties: Object.keys(value.properties ?? {}), methods: Object.keys(value.methods ?? {}) };
  }

  #plugin() {
    const made = {
      'CAdESCOM.About': () => this.#about(),
      'CAdESCOM.Store': () => this.#store(),
      'CAdESCOM.CPSigner': () => ({ properties: { Certificate: undefined, Options: 0, CheckCertificate: false, TSAAddress: '', KeyPin: '' } }),
      'CAdESCOM.CadesSignedData': () => this.#signedData(),
    };
    return { methods: { CreateObject: (name) => {
      if (this.behaviour === 'untrusted_site') refuse('cancel');
      if (!(name in made)) throw new Problem(`No such object ${name} (0x80004005)`);
      return made[name]();
    } } };
  }

  #about() {
    return {
      properties: { Version: '2.0.15000', PluginVersion: version(this.behaviour === 'old' ? '2.0.11000' : '2.0.15000') },
      methods: { CSPVersion: () => {
        if (this.behaviour === 'no-csp') throw new Problem('Поставщик не найден (0x80090019)');
        return version(this.behaviour === 'old-csp' ? '3.9.8227' : '5.0.12900');
      } },
    };
  }

  #store() {
    let place;
    const all = () => (place !== 2 || this.behaviour === 'empty' ? [] : this.keys.map((key) => this.#certificate(key)));
    return {
      get properties() { return { Certificates: list(all()) }; },
      methods: { Open: (location) => { place = location; }, Close: () => undefined },
    };
  }

  #certificate(key) {
    return {
      key,
      properties: { SubjectName: key.subject, IssuerName: key.issuer, Thumbprint: key.thumbprint, SerialNumber: key.serial },
      methods: {
        HasPrivateKey: () => true,
        Export: () => (this.behaviour === 'unreadable' ? 'AAAA' : lines(key.der)),
      },
    };
  }

  #signedData() {
    const properties = { Content: '', ContentEncoding: 0 };
    return { properties, methods: { SignCades: (signer, ...kind) => {
      if (this.behaviour in CODES) refuse(this.behaviour);
      if (kind.some((value, n) => value !== ATTACHED_BES[n])) throw new Problem('Недопустимый параметр (0x80070057)');
      const { key } = signer.properties.Certificate;
      const by = this.behaviour === 'other-certificate' ? this.keys.find((other) => other !== key) : key;
      const given = properties.ContentEncoding === 1 ? Buffer.from(properties.Content, 'base64') : Buffer.from(properties.Content, 'utf16le');
      const content = this.behaviour === 'other-text' ? Buffer.from('something else') : given;
      if (this.behaviour === 'words') return 'подписано';
      return this.behaviour === 'nothing' ? '' : lines(by.sign(content, { certificate: this.behaviour !== 'no-certificate' }));
    } } };
  }
}

function list(all) {
  return { properties: { Count: all.length }, methods: { Item: (place) => all[place - 1], Find: () => list(all) } };
}

const lines = (der) => `${der.toString('base64').match(/.{1,64}/g).join('\r\n')}\r\n`;

async function main() {
  const { key = [], password = [], behave = ['usual'] } = options(process.argv.slice(2), { key: 1, password: 1, behave: 1 });
  if (key.length === 0) throw new Error('give a key: --key FILE.p12 --password …, or --key NAME.crt beside NAME.key');
  const plugin = await CryptoPro.open({ keys: key.map((file, n) => Key.open(file, password[n] ?? password[0])) });
  plugin.behave(behave[0]);
  console.log(`The plug-in is emulated. Load the extension of the folder\n  ${EXTENSION}\nin chrome://extensions (developer mode), and let the server know it:\n  [keys]\n  crypto_pro_extensions = ["${EXTENSION_ID}"]\nType a behaviour and Enter:`);
  for (const [name, words] of Object.entries(BEHAVIOURS)) console.log(`  ${name.padEnd(18)}${words}`);
  for await (const line of createInterface({ input: process.stdin })) {
    try { plugin.behave(line.trim()); console.log(`behaves: ${plugin.behaviour}`); } catch (error) { console.log(error.message); }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main().catch((error) => { console.error(error.message); process.exitCode = 1; });
