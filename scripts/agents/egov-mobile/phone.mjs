#!/usr/bin/env node
// An emulator of eGov Mobile (API-1, API-2): takes what the QR code says or what a link opens, asks the site who wants what, shows
// it, signs it with a key from a file and sends it back. README.md says how to start it by hand.
import { pathToFileURL } from 'node:url';
import { Key, options } from '../lib/keys.mjs';
import { BEHAVIOURS } from './behaviour.mjs';

const SCHEME = 'mobileSign:';
const JSON_TYPE = { 'content-type': 'application/json' };

/** The address of API-1 in a code (`mobileSign:https://…`), a launch link (`…?link=https://…`), or itself. */
export function addressIn(code) {
  if (code.startsWith(SCHEME)) return code.slice(SCHEME.length);
  return new URL(code).searchParams.get('link') ?? code;
}

export class Phone {
  behaviour = 'usual';

  constructor({ key, language = 'ru' }) {
    this.key = key;
    this.headers = { 'accept-language': language, 'user-agent': 'eGov mobile/5.0 (emulator)' };
  }

  behave(name) {
    if (!(name in BEHAVIOURS)) throw new Error(`no behaviour ${name}`);
    this.behaviour = name;
  }

  /** Does all that the app does; gives what the person sees and what the site answered: `{who, documents, status, message}`. */
  async scan(code) {
    const who = await this.#ask(addressIn(code));
    if (who.status !== 200) return { status: who.status, message: who.json?.message };
    if (Date.parse(who.json.expiry_date) < Date.now() - 86_400_000) throw new Error(`expiry_date cannot be read: ${who.json.expiry_date}`);
    const api2 = who.json.document.uri;
    const given = await this.#ask(api2);
    const seen = { who: who.json, documents: given.json?.documentsToSign };
    if (given.status !== 200) return { ...seen, status: given.status, message: given.json?.message };
    if (this.behaviour === 'look') return { ...seen, status: 200 };
    const body = this.#signed(given.json);
    const answer = await this.#put(api2, body);
    const last = this.behaviour === 'twice' ? await this.#put(api2, body) : answer;
    return { ...seen, status: last.status, message: last.json?.message };
  }

  #signed(document) {
    const [only] = document.documentsToSign;
    const sign = (content, how) => this.key.sign(content, how).toString('base64');
    const data = Buffer.from(only.document.file.data, 'base64');
    const put = (text) => { only.document.file.data = text; return JSON.stringify(document); };
    switch (this.behaviour) {
      case 'detached': return put(sign(data, { attached: false }));
      case 'lines': return put(sign(data).replace(/(.{64})/g, '$1\r\n'));
      case 'business': put(sign(data)); return JSON.stringify({ documentsToSign: document.documentsToSign });
      case 'other': return put(sign(Buffer.from('Договор займа № 1')));
      case 'words': return put('ЭЦП');
      case 'empty': return put('');
      case 'none': return JSON.stringify({ ...document, documentsToSign: [] });
      case 'two': put(sign(data)); return JSON.stringify({ ...document, documentsToSign: [only, only] });
      case 'no-certificate': return put(sign(data, { certificate: false }));
      case 'text': return 'документ подписан';
      default: return put(sign(data));
    }
  }

  async #put(address, body) {
    return read(await fetch(address, { method: 'PUT', headers: { ...this.headers, ...JSON_TYPE }, body }));
  }

  async #ask(address) { return read(await fetch(address, { headers: this.headers })); }
}

async function read(answer) {
  const text = await answer.text();
  try { return { status: answer.status, json: JSON.parse(text) }; } catch { return { status: answer.status }; }
}

async function byHand(argv) {
  const given = options(argv, { code: [], key: [], password: [], behave: [], language: [] });
  const [code] = given.code ?? [];
  const [file] = given.key ?? [];
  if (!code || !file) throw new Error('say --code and --key; README.md explains them');
  const key = Key.open(file, given.password?.[0] ?? '');
  try {
    const phone = new Phone({ key, language: given.language?.[0] });
    phone.behave(given.behave?.[0] ?? 'usual');
    const seen = await phone.scan(code);
    if (seen.who) console.log(`${seen.who.organisation.nameRu}: ${seen.who.description}`);
    for (const document of seen.documents ?? []) for (const { name, value } of document.meta) console.log(`  ${name}: ${value}`);
    console.log(seen.status === 200 ? 'the site took it' : `the site answered ${seen.status}: ${seen.message ?? 'without words'}`);
    process.exitCode = seen.status === 200 ? 0 : 1;
  } finally {
    key.forget();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await byHand(process.argv.slice(2)).catch((error) => { console.error(error.message); process.exitCode = 2; });
}
